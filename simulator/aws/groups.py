"""EC2's security groups, with the rules that stand in them."""

from typing import Any

from simulator.aws.account import Api, AwsType, Calls
from simulator.aws.network import GROUP, IN_VPC
from simulator.cloud import Name, Operation, Ref, Refusal, Rule, Source
from simulator.rules import matches, rule
from simulator.values import Props

_EC2, _SDK = Source("EC2 API reference", "D"), Source("pulumi-aws SDK text", "S")
_INVALID = "InvalidParameterValue"


def _permission(given: Props, own: str) -> Props:
    text = {"Description": given["description"]} if given.get("description") else {}
    others = [*given.get("securityGroups", []), *([own] if given.get("self") else [])]
    return {
        "IpProtocol": given["protocol"],
        "FromPort": given["fromPort"],
        "ToPort": given["toPort"],
        "IpRanges": [{"CidrIp": block, **text} for block in given.get("cidrBlocks", [])],
        "Ipv6Ranges": [{"CidrIpv6": block, **text} for block in given.get("ipv6CidrBlocks", [])],
        "PrefixListIds": [{"PrefixListId": name, **text} for name in given.get("prefixListIds", [])],
        "UserIdGroupPairs": [{"GroupId": name, **text} for name in others],
    }


class _Group(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        try:
            self.change(aws)
        except Refusal:
            aws("ec2.delete_security_group", GroupId=aws.operation.id)
            raise
        return {}

    def change(self, aws: Calls) -> None:
        inputs, own = aws.operation.inputs, aws.operation.id
        found = aws("ec2.describe_security_groups", GroupIds=[own])["SecurityGroups"][0]
        for way, had in (("ingress", found["IpPermissions"]), ("egress", found["IpPermissionsEgress"])):
            if had:  # also the rule that EC2 makes, which lets everything out: the provider takes it away
                aws(f"ec2.revoke_security_group_{way}", GroupId=own, IpPermissions=had)
            if wanted := [_permission(given, own) for given in inputs.get(way, [])]:
                aws(f"ec2.authorize_security_group_{way}", GroupId=own, IpPermissions=wanted)


_HAS: Props = {"arn": "arn:aws:ec2:{region}:{account}:security-group/{id}", "ownerId": "{account}"}
_HAS |= {"ingress": [], "egress": [], "revokeRulesOnDelete": False}
_FIXED, _SET = ("name", "namePrefix", "description", "vpcId"), {"description": "Managed by Pulumi"}
_NAME = Name("name", _EC2, "(?!sg-|default$).{1,255}", _INVALID, longest=255)  # that it is taken, moto says
_GONE, _SENT = "ec2.delete_security_group GroupId", "GroupName=name Description VpcId"
_API = Api("ec2.create_security_group", _SENT, "GroupId", _GONE, "security-group")
_REFS = tuple(Ref(f"{way}.securityGroups", GROUP, "InvalidGroup.NotFound", _EC2) for way in ("ingress", "egress"))
TYPES = (_Group(GROUP, 3, "", _HAS, _FIXED, (IN_VPC, *_REFS), _NAME, _SET, api=_API),)


@rule(GROUP, _INVALID, _SDK, fix="give the first port, then the last; 0 and 0 for all protocols (-1)")
def _ports(operation: Operation) -> str | None:
    """A rule's ports go from lowest to highest, and are both 0 if it is for all protocols (-1)."""
    for given in operation.at("ingress") + operation.at("egress"):
        first, last, protocol = given["fromPort"], given["toPort"], given["protocol"]
        everything = protocol in ("-1", "all")
        if (everything and (first or last)) or (protocol in ("tcp", "udp") and not 0 <= first <= last <= 65535):
            return f"{protocol} {first}-{last} is no range of ports"
    return None


_TEXT = r"[\w .:/()#,@\[\]+=&;{}!$*-]{%d,255}"
RULES = (
    _ports,
    matches(GROUP, "description", _TEXT % 1, _INVALID, _EC2),
    *(matches(GROUP, f"{way}.description", _TEXT % 0, _INVALID, _EC2) for way in ("ingress", "egress")),
    Rule("SecurityGroup-name", GROUP, "the VPC has no group of that name", "InvalidGroup.Duplicate", _EC2, at="create"),
    Rule("SecurityGroup-twice", GROUP, "no rule stands in it twice", "InvalidPermission.Duplicate", _EC2),
    Rule("SecurityGroup-block", GROUP, "`cidrBlocks` are blocks of addresses", _INVALID, _EC2),
)
