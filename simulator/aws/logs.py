"""CloudWatch Logs, and the VPC flow logs that are delivered there."""

from simulator.aws.iam import POLICY, ROLE
from simulator.aws.keys import KEY
from simulator.aws.network import SUBNET, VPC
from simulator.aws.policy import allows
from simulator.cloud import Name, Operation, Ref, ResourceType, Rule, Source
from simulator.rules import key_use, matches, of_inputs, one_of, rule

_LOGS, _SDK = Source("CloudWatch Logs API reference", "D"), Source("pulumi-aws SDK text", "S")
_EC2 = Source("EC2 API reference", "D")
# EC2 takes such a flow log, and then delivers nothing: refused here, or nobody would notice
_ROLE = Source("VPC User Guide: IAM role for flow logs", "D")
LOGS, FLOWS = "aws:cloudwatch/logGroup:LogGroup", "aws:ec2/flowLog:FlowLog"
_DAYS = (0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
_INVALID, _ARN = "InvalidParameterException", "arn:aws:logs:{region}:{account}:log-group:{name}"
_UNIQUE, _TAKEN = "{account}/{region}/{name}", "ResourceAlreadyExistsException"
_NAME = Name("name", _LOGS, "[a-zA-Z0-9_./#-]{1,512}", _INVALID, _UNIQUE, _TAKEN, longest=512)
_ON_LOGS = {"arn": _ARN, "region": "{region}", "logGroupClass": "STANDARD"}
_LOGS_SET = {"retentionInDays": 0, "skipDestroy": False}
_ON_FLOWS = {"arn": "arn:aws:ec2:{region}:{account}:vpc-flow-log/{id}", "region": "{region}"}
_FLOWS_SET = {"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600}
_FIXED = (
    "vpcId subnetId eniId trafficType logDestination logDestinationType logFormat maxAggregationInterval iamRoleArn"
)
_VPC, _SUBNET = Ref("vpcId", VPC, "InvalidVpcID.NotFound", _EC2), Ref("subnetId", SUBNET, "InvalidSubnetID", _EC2)
_REFS = (_VPC, _SUBNET, Ref("iamRoleArn", ROLE, "Access error", _ROLE, by=("arn",), anywhere=True))
TYPES = (
    ResourceType(LOGS, 2, "{name}", _ON_LOGS, ("name", "namePrefix", "logGroupClass"), (), _NAME, _LOGS_SET),
    ResourceType(FLOWS, 2, "fl-{hex:.17}", _ON_FLOWS, tuple(_FIXED.split()), _REFS, defaults=_FLOWS_SET),
)


def _denied(operation: Operation, key: str) -> str | None:
    if operation.record and operation.record.get("kmsKeyId") == key:
        return None  # judged when it was set
    found, group = operation.find(KEY, key, ("arn",), anywhere=False), operation.text(_ARN)
    service, context = f"logs.{operation.region}.amazonaws.com", {"kms:EncryptionContext:aws:logs:arn": group}
    for action in ("Encrypt", "Decrypt", "ReEncryptTo", "GenerateDataKey", "DescribeKey"):
        if found is None or not allows(found.get("policy"), (service,), f"kms:{action}", context=context):
            why = f"its policy does not let {service} do kms:{action}" if found else f"none in {operation.region}"
            return f"the specified KMS key does not exist or is not allowed to be used with Arn {group!r}: {why}"
    return None


@rule(FLOWS, "InvalidParameter", _SDK, "check")
def _source(operation: Operation) -> str | None:
    """It logs one thing, and says which traffic of a VPC, subnet or interface."""
    things = [name for name in operation.inputs if name.endswith("Id")]
    said = "trafficType" in operation.inputs or "transit" in "".join(things)
    return None if len(things) == 1 and said else f"logs {' and '.join(things) or 'nothing'}; say one, and trafficType"


@rule(FLOWS, "Access error", _ROLE, property_="iamRoleArn", fix="make group, role and RolePolicy first")
def _delivery(operation: Operation) -> str | None:
    """The log group is there; the role trusts vpc-flow-logs.amazonaws.com, and may list and write (or all is lost)."""
    if operation.one("logDestinationType") not in (None, "cloud-watch-logs"):
        return None
    group, role = str(operation.one("logDestination")), operation.find(ROLE, operation.one("iamRoleArn"), ("arn",))
    if operation.find(LOGS, group.removesuffix(":*"), ("arn",), anywhere=False) is None:
        return f"the log group {group!r} does not exist in {operation.region}"
    service, context = "vpc-flow-logs.amazonaws.com", {"aws:SourceAccount": operation.account}
    if not role or not allows(role.get("assumeRolePolicy"), (service,), "sts:AssumeRole", context=context):
        return f"{operation.one('iamRoleArn')} does not trust {service}"
    policies = [policy.get("policy") for policy in operation.others(POLICY) if policy.get("role") == role.id]
    for action in ("CreateLogStream", "PutLogEvents", "DescribeLogStreams", "DescribeLogGroups"):
        on = group.removesuffix(":*") + ":log-stream:eni"
        if action == "DescribeLogGroups":  # of which no single one can be named
            on = f"arn:aws:logs:{operation.region}:{operation.account}:log-group::log-stream:"
        if not any(allows(policy, (), f"logs:{action}", on) for policy in policies):
            return f"{role.id} may not do logs:{action} on {on}"
    return None


@rule(FLOWS, "FlowLogAlreadyExists", _EC2, "create", fix="delete that first")
def _once(operation: Operation) -> str | None:
    """No other flow log has the same source, traffic and destination."""
    same = ("vpcId", "subnetId", "eniId", "trafficType", "logDestination")
    others = (other for other in operation.others(FLOWS) if all(other.get(n) == operation.one(n) for n in same))
    return next((f"{other.id} has the same configuration and log destination" for other in others), None)


def _choice(token: str, path: str, values: tuple[int, ...], code: str) -> Rule:
    says = f"is one of {', '.join(map(str, values))}"
    return of_inputs("choice", token, path, lambda value: value not in values, says, f"it {says}", code, _SDK)


RULES = (
    matches(LOGS, "kmsKeyId", "arn:aws:kms:.+", _INVALID, _SDK),
    key_use(LOGS, "kmsKeyId", _denied, "AccessDeniedException", _LOGS),
    _choice(LOGS, "retentionInDays", _DAYS, _INVALID),
    _choice(FLOWS, "maxAggregationInterval", (60, 600), "InvalidParameter"),
    one_of(FLOWS, "trafficType", ("ACCEPT", "REJECT", "ALL"), "InvalidParameter", _SDK),
    *(_source, _delivery, _once),
)
