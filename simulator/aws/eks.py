"""EKS: clusters, add-ons, and who may log in. Nodes are in `nodes`."""

import base64
import ipaddress
import json
from collections.abc import Iterator

from simulator.aws.iam import ROLE, granted, trusts
from simulator.aws.keys import denied
from simulator.aws.network import GROUP, SUBNET, VPC, elsewhere, found
from simulator.cloud import Name, Operation, Ref, Refusal, ResourceType, Scope, Source
from simulator.rules import key_use, matches, network, one_of, rule
from simulator.state import Record, Store
from simulator.values import Change, Props

_EKS, _SDK = Source("EKS API reference", "D"), Source("pulumi-aws SDK text", "S")
_GUIDE, _SEEN = Source("EKS User Guide", "D"), Source("errors that EKS's users report", "K")
_TIME = Source("EKS API reference: 10 to 15 minutes", "D")
_KINDS = ("Cluster", "NodeGroup", "Addon", "AccessEntry", "AccessPolicyAssociation")
CLUSTER, NODES, ADDON, ENTRY, ASSOCIATION = (f"aws:eks/{kind[0].lower()}{kind[1:]}:{kind}" for kind in _KINDS)
INVALID, IN_USE, GONE = "InvalidParameterException", "ResourceInUseException", "ResourceNotFoundException"
LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
_NEED_NODES = ("coredns", "aws-ebs-csi-driver")
ADDONS = (*_NEED_NODES, "kube-proxy", "vpc-cni", "eks-pod-identity-agent", "aws-efs-csi-driver", "snapshot-controller")


class _Cluster(ResourceType):
    def describe(self, operation: Operation) -> Props:
        outputs = super().describe(operation)
        vpc = next((str(subnet.get("vpcId")) for subnet in found(operation, SUBNET, "vpcConfig.subnetIds")), "")
        made = {"vpcId": vpc, "clusterSecurityGroupId": operation.text("sg-{hex:.17}")}
        outputs["vpcConfig"] = {"endpointPublicAccess": True, "endpointPrivateAccess": False, **made} | outputs[
            "vpcConfig"
        ]
        return outputs

    def replaces(self, change: Change) -> bool:
        removed = change.path == "encryptionConfig" and change.new is None
        return removed or super().replaces(change)


def _issuer(operation: Operation) -> list[Props]:
    issuer = operation.text("https://oidc.eks.{region}.amazonaws.com/id/") + operation.text("{hex}").upper()
    return [{"oidcs": [{"issuer": issuer}]}]


def _authority(operation: Operation) -> Props:
    made_up = operation.text("-----BEGIN CERTIFICATE-----\n{hex}\n-----END CERTIFICATE-----\n")
    return {"data": base64.b64encode(made_up.encode()).decode()}


_ARN = "arn:aws:eks:{region}:{account}:"
_UNIQUE = "{account}/{region}/{name}"
_NAME = Name("name", _EKS, r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}", INVALID, _UNIQUE, IN_USE, longest=100)
_HOST = "https://{hex}.gr7.{region}.eks.amazonaws.com"
_ON: Props = {"arn": _ARN + "cluster/{name}", "region": "{region}", "status": "ACTIVE", "endpoint": _HOST}
_ON |= {"identities": _issuer, "certificateAuthority": _authority, "platformVersion": "eks.1"}
_ON |= {"deletionProtection": False, "enabledClusterLogTypes": []}
_SET = {"bootstrapSelfManagedAddons": True}
_FIXED = "name roleArn bootstrapSelfManagedAddons accessConfig.bootstrapClusterCreatorAdminPermissions"
_FIXED += " kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr"
_REFS = (
    Ref("roleArn", ROLE, INVALID, _EKS, by=("arn",), anywhere=True),
    Ref("vpcConfig.subnetIds", SUBNET, INVALID, _EKS, blocks="DependencyViolation"),
    Ref("vpcConfig.securityGroupIds", GROUP, INVALID, _EKS, blocks="DependencyViolation"),
)
OF = Ref("clusterName", CLUSTER, GONE, _EKS, by=("name",))
_ON_ADDON = {"arn": _ARN + "addon/{clusterName}/{addonName}", "region": "{region}"}
_ADDON_ROLE = Ref("serviceAccountRoleArn", ROLE, INVALID, _EKS, by=("arn",), anywhere=True)
_ON_ENTRY = {"accessEntryArn": _ARN + "access-entry/{clusterName}/{hex:.36}", "region": "{region}", "type": "STANDARD"}
_ONE = Name("addonName", _EKS, unique="{account}/{region}/{clusterName}:{addonName}", taken=IN_USE, auto=None)
_ENTRY_NAME = Name(
    "principalArn",
    _EKS,
    r"arn:aws:iam::\d{12}:(role|user)/[\w+=,.@/-]+",  # not the session of a role, which `aws sts` shows
    INVALID,
    "{account}/{region}/{clusterName}:{principalArn}",
    IN_USE,
    auto=None,
)
TYPES = (
    _Cluster(CLUSTER, 750, "{name}", _ON, tuple(_FIXED.split()), _REFS, _NAME, _SET, timed=_TIME),
    ResourceType(
        ADDON, 90, "{clusterName}:{addonName}", _ON_ADDON, ("clusterName", "addonName"), (OF, _ADDON_ROLE), _ONE
    ),
    ResourceType(
        ENTRY, 2, "{clusterName}:{principalArn}", _ON_ENTRY, ("clusterName", "principalArn", "type"), (OF,), _ENTRY_NAME
    ),
    ResourceType(ASSOCIATION, 2, "{clusterName}#{principalArn}#{policyArn}", {"region": "{region}"}, ("*",), (OF,)),
)


def _addon_version(scope: Scope, arguments: Props, store: Store) -> Props:
    """The version of an add-on that EKS gives by default; made up, and one for each version of Kubernetes."""
    name, minor = arguments["addonName"], arguments["kubernetesVersion"]
    if name not in ADDONS:
        raise Refusal("InvalidParameterException", f"addon {name} is not supported")
    return {**arguments, "id": name, "version": f"v{minor}.0-eksbuild.1", "region": scope.region}


LOOKUPS = {"aws:eks/getAddonVersion:getAddonVersion": _addon_version}


def cluster_of(operation: Operation) -> Record | None:
    """The cluster that the operation's resource is of."""
    return operation.find(CLUSTER, operation.one("clusterName"), ("name",), anywhere=False)


def of_cluster(operation: Operation, token: str) -> Iterator[Record]:
    """What else of a type the same cluster has."""
    return (other for other in operation.others(token) if other.get("clusterName") == operation.one("clusterName"))


@rule(CLUSTER, INVALID, _GUIDE, property_="vpcConfig.subnetIds", fix="name subnets of two zones or more")
def _zones(operation: Operation) -> str | None:
    """Its subnets are in two zones at least."""
    zones = {subnet.get("availabilityZone") for subnet in found(operation, SUBNET, "vpcConfig.subnetIds")}
    return "subnets specified must be in at least two different AZs" if len(zones) < 2 else None


@rule(CLUSTER, INVALID, _EKS, property_="vpcConfig")
def _inside(operation: Operation) -> str | None:
    """Its subnets and security groups are of one VPC."""
    subnets = found(operation, SUBNET, "vpcConfig.subnetIds")
    named = ((SUBNET, "vpcConfig.subnetIds"), (GROUP, "vpcConfig.securityGroupIds"))
    return elsewhere(operation, str(subnets[0].get("vpcId")), *named) if subnets else None


@rule(CLUSTER, INVALID, _EKS, property_="kubernetesNetworkConfig.serviceIpv4Cidr", fix="take a private block elsewhere")
def _services(operation: Operation) -> str | None:
    """The range of services is a private block of /12 to /24, outside the VPC's."""
    for text in operation.at("kubernetesNetworkConfig.serviceIpv4Cidr"):
        block = network(text)
        if block is None or not 12 <= block.prefixlen <= 24 or not block.is_private:
            return f"{text!r} is no private block of /12 to /24"
        for subnet in found(operation, SUBNET, "vpcConfig.subnetIds"):
            vpc = operation.find(VPC, subnet.get("vpcId"))
            if vpc and block.overlaps(ipaddress.IPv4Network(vpc.get("cidrBlock"))):
                return f"{text} overlaps the VPC's {vpc.get('cidrBlock')}"
    return None


@rule(CLUSTER, INVALID, _SDK, "check", "vpcConfig", "set endpointPrivateAccess or endpointPublicAccess")
def _reachable(operation: Operation) -> str | None:
    """Its API has a private or a public endpoint."""
    private, public = (operation.one(f"vpcConfig.endpoint{kind}Access") for kind in ("Private", "Public"))
    return "private and public endpoint access cannot be both disabled" if public is False and not private else None


@rule(CLUSTER, INVALID, _GUIDE, property_="roleArn", fix="trust eks.amazonaws.com, attach AmazonEKSClusterPolicy")
def _identity(operation: Operation) -> str | None:
    """Its role trusts EKS and has AmazonEKSClusterPolicy."""
    own = {"aws:SourceArn": operation.text(_ARN + "cluster/{name}"), "aws:SourceAccount": operation.account}
    role = str(operation.one("roleArn"))
    if not trusts(operation, role, "eks", own):
        return f"EKS may not assume {role}"
    return None if "AmazonEKSClusterPolicy" in granted(operation, role) else f"{role} lacks AmazonEKSClusterPolicy"


# EKS itself takes the update and does nothing: refused here, or nobody would notice
@rule(CLUSTER, INVALID, Source("TF issue 34883", "D"), "update", "encryptionConfig.provider.keyArn")
def _other_key(operation: Operation) -> str | None:
    """The key of its secrets is never another one."""
    path = "encryptionConfig.provider.keyArn"
    had, now = operation.record and operation.record.inputs.get("encryptionConfig"), operation.one(path)
    return "the key of Kubernetes secrets cannot be changed" if had and now and now not in str(had) else None


@rule(CLUSTER, "InvalidRequestException", _SDK, "delete", fix="set deletionProtection to false first")
def _protected(operation: Operation) -> str | None:
    """It has no deletion protection."""
    return "deletion protection is enabled" if operation.record and operation.record.get("deletionProtection") else None


@rule(ADDON, INVALID, _EKS, "check", "configurationValues")
def _values(operation: Operation) -> str | None:
    """`configurationValues` is a JSON object."""
    try:
        wrong = [text for text in operation.at("configurationValues") if not isinstance(json.loads(text), dict)]
    except ValueError:
        wrong = [operation.one("configurationValues")]
    return f"{wrong[0]!r} is no JSON object" if wrong else None


@rule(ADDON, "InsufficientNumberOfReplicas", _GUIDE, "create", "clusterName", "make a node group first")
def _placed(operation: Operation) -> str | None:
    """Add-ons that are no daemons need nodes to become active."""
    needs = operation.one("addonName") in _NEED_NODES and not any(of_cluster(operation, NODES))
    return f"{operation.one('addonName')} stays degraded: the cluster has no nodes" if needs else None


@rule(ENTRY, "InvalidRequestException", _GUIDE, "create", "clusterName", "set authenticationMode to API")
def _by_api(operation: Operation) -> str | None:
    """Its cluster has an authentication mode with access entries."""
    cluster = cluster_of(operation)
    mode = (cluster.get("accessConfig") or {}).get("authenticationMode", "CONFIG_MAP") if cluster else "API"
    return f"the authentication mode is {mode}" if mode == "CONFIG_MAP" else None


@rule(ASSOCIATION, GONE, _EKS, "create", "principalArn", "make its access entry first")
def _entry(operation: Operation) -> str | None:
    """Its principal has an access entry in the cluster."""
    who = operation.one("principalArn")
    return None if any(e.get("principalArn") == who for e in of_cluster(operation, ENTRY)) else f"{who} has no entry"


def _use(operation: Operation, key: str) -> str | None:
    same = operation.record and key in str(operation.record.inputs.get("encryptionConfig"))  # judged when it was set
    return None if same else denied(operation, key, "eks", ("CreateGrant", "DescribeKey"))


_POLICIES = r"arn:aws:eks::aws:cluster-access-policy/AmazonEKS\w+"
RULES = (
    *(_zones, _inside, _services, _reachable, _identity, _other_key, _protected, _values, _placed, _by_api, _entry),
    key_use(CLUSTER, "encryptionConfig.provider.keyArn", _use, INVALID, _GUIDE),
    one_of(CLUSTER, "encryptionConfig.resources", ("secrets",), INVALID, _EKS),
    one_of(CLUSTER, "enabledClusterLogTypes", LOGS, INVALID, _EKS),
    one_of(CLUSTER, "accessConfig.authenticationMode", ("API", "API_AND_CONFIG_MAP", "CONFIG_MAP"), INVALID, _SDK),
    one_of(CLUSTER, "upgradePolicy.supportType", ("EXTENDED", "STANDARD"), INVALID, _SDK),
    matches(CLUSTER, "version", r"1\.\d\d", INVALID, _EKS),
    matches(ADDON, "addonVersion", r"v\d+\.\d+\.\d+-eksbuild\.\d+", INVALID, _EKS),
    matches(ASSOCIATION, "policyArn", _POLICIES, INVALID, _EKS),
    one_of(ASSOCIATION, "accessScope.type", ("cluster", "namespace"), INVALID, _EKS),
)
