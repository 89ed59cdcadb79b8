"""Nodes: launch templates and EKS's node groups, and what keeps a node from ever joining its cluster."""

from collections.abc import Iterator

from simulator.aws.eks import ADDON, CLUSTER, IN_USE, INVALID, NODES, cluster_of, of_cluster
from simulator.aws.iam import LINKED, ROLE, granted, trusts
from simulator.aws.keys import KEY, denied
from simulator.aws.network import ASSOCIATION, ENDPOINT, GROUP, ROUTES, SUBNET, found
from simulator.aws.policy import allows
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import between, matches, one_of, rule
from simulator.values import Props, at

_EC2, _EKS = Source("EC2 API reference", "D"), Source("EKS API reference", "D")
_GUIDE, _SCALING = Source("EKS User Guide", "D"), Source("EC2 Auto Scaling User Guide", "D")
_PRIVATE = Source("EKS User Guide: private clusters", "D")
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_UNFIT, _FAILED, _LAUNCH = "InvalidParameterValue", "NodeCreationFailure", "AsgInstanceLaunchFailures"
ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "sts")


class _Template(ResourceType):
    def describe(self, operation: Operation) -> Props:
        version = operation.record.get("latestVersion") + 1 if operation.record else 1
        return super().describe(operation) | {"latestVersion": version, "defaultVersion": version}


_TEMPLATE_NAME = Name(
    "name", _EC2, r"[a-zA-Z0-9().\-/_]{3,128}", "InvalidLaunchTemplateName.MalformedException",
    "{account}/{region}/{name}", "InvalidLaunchTemplateName.AlreadyExistsException", longest=128,
)  # fmt: skip
_ON_TEMPLATE = {"arn": "arn:aws:ec2:{region}:{account}:launch-template/{id}", "region": "{region}"}
_NAME = Name(
    "nodeGroupName", _EKS, r"[0-9A-Za-z][A-Za-z0-9_-]{0,62}", INVALID,
    "{account}/{region}/{clusterName}:{nodeGroupName}", IN_USE,
)  # fmt: skip
_ARN = "arn:aws:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{hex:.36}"
_ON = {"arn": _ARN, "region": "{region}", "status": "ACTIVE", "version": lambda o: _version(o)}
_SET = {"amiType": "AL2023_x86_64_STANDARD", "capacityType": "ON_DEMAND"}
_FIXED = "clusterName nodeGroupName nodeGroupNamePrefix subnetIds nodeRoleArn instanceTypes amiType capacityType"
_FIXED += " diskSize remoteAccess launchTemplate.id launchTemplate.name"
_REFS = (
    Ref("clusterName", CLUSTER, "ResourceNotFoundException", _EKS, IN_USE, ("name",)),
    Ref("nodeRoleArn", ROLE, INVALID, _EKS, by=("arn",), anywhere=True),
    Ref("subnetIds", SUBNET, INVALID, _EKS, blocks="DependencyViolation"),
    Ref("launchTemplate.id", TEMPLATE, INVALID, _EKS),
)
TYPES = (
    _Template(TEMPLATE, 2, "lt-{hex:.17}", _ON_TEMPLATE, ("name", "namePrefix"), name=_TEMPLATE_NAME),
    ResourceType(NODES, 210, "{clusterName}:{nodeGroupName}", _ON, tuple(_FIXED.split()), _REFS, _NAME, _SET),
)


def _version(operation: Operation) -> str:
    cluster = cluster_of(operation)
    return str(cluster.get("version")) if cluster else ""


def _template(operation: Operation) -> Props:
    """What the group's launch template says."""
    made = operation.find(TEMPLATE, operation.one("launchTemplate.id"))
    return made.outputs if made else {}


@rule(TEMPLATE, "InvalidGroup.NotFound", _EC2, property_="networkInterfaces.securityGroups")
def _groups(operation: Operation) -> str | None:
    """Its security groups exist, or are one that EKS made for a cluster."""
    made = {at(cluster.outputs, "vpcConfig.clusterSecurityGroupId")[0] for cluster in operation.others(CLUSTER)}
    named = operation.at("networkInterfaces.securityGroups") + operation.at("vpcSecurityGroupIds")
    gone = [group for group in named if group not in made and not operation.find(GROUP, group)]
    return f"the security group {gone[0]!r} does not exist" if gone else None


@rule(TEMPLATE, _UNFIT, _EC2, property_="blockDeviceMappings", fix="set encrypted to true")
def _keyed(operation: Operation) -> str | None:
    """A disk with a key is encrypted."""
    disks = operation.at("blockDeviceMappings.ebs")
    plain = any("kmsKeyId" in disk and str(disk.get("encrypted", "")).lower() != "true" for disk in disks)
    return "a key is given for a volume that is not encrypted" if plain else None


@rule(NODES, INVALID, _GUIDE, property_="launchTemplate", fix="say it in one of the two")
def _once(operation: Operation) -> str | None:
    """What its launch template says (instance type, disks, key pair) it does not say itself."""
    template = _template(operation)
    twice = "instanceType" in template and "instanceTypes" in operation.inputs
    other = [name for name in ("diskSize", "remoteAccess") if template and name in operation.inputs]
    return f"{other[0] if other else 'instanceTypes'} and a launch template that says it" if other or twice else None


@rule(NODES, INVALID, _EKS, "check", "scalingConfig")
def _sizes(operation: Operation) -> str | None:
    """`minSize`, `desiredSize` and `maxSize` rise, and the last is 1 at least."""
    least, now, most = (operation.one(f"scalingConfig.{size}Size") for size in ("min", "desired", "max"))
    known = [size for size in (least, now, most) if size is not None]
    return (
        f"sizes {known} do not rise to 1 or more" if known != sorted(known) or (most is not None and most < 1) else None
    )


@rule(NODES, INVALID, _GUIDE, property_="nodeRoleArn", fix="trust ec2.amazonaws.com; attach what the guide lists")
def _identity(operation: Operation) -> str | None:
    """Its role is not the cluster's, trusts EC2, and has the policies of nodes and of pulling images."""
    role, cluster = str(operation.one("nodeRoleArn")), cluster_of(operation)
    if cluster and cluster.get("roleArn") == role:
        return f"{role} is the cluster's own"
    if not trusts(operation, role, "ec2"):
        return f"ec2.amazonaws.com is not found in the trust relationships of {role}"
    has = granted(operation, role)
    pulls = {"AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"} & has
    lacks = [
        *([] if "AmazonEKSWorkerNodePolicy" in has else ["AmazonEKSWorkerNodePolicy"]),
        *([] if pulls else ["ECR"]),
    ]
    return f"{role} lacks the policies of {' and '.join(lacks)}" if lacks else None


@rule(NODES, _LAUNCH, _SCALING, "create", "launchTemplate", "name the service-linked role in the key's policy")
def _disks(operation: Operation) -> str | None:
    """The keys of its disks may be used by the service-linked role of EC2 Auto Scaling, and grants made with them."""
    role = f"arn:aws:iam::{operation.account}:role/{LINKED['autoscaling']}"
    for key in at(_template(operation), "blockDeviceMappings.ebs.kmsKeyId"):
        if wrong := denied(operation, key, "ec2"):
            return wrong
        policy = operation.find(KEY, key, ("keyId", "arn"), anywhere=False)
        for action in ("Encrypt", "Decrypt", "GenerateDataKeyWithoutPlaintext", "DescribeKey", "CreateGrant"):
            if policy and not allows(policy.get("policy"), (role,), f"kms:{action}"):
                return f"Client.InternalError: the policy of {key} does not let {role} do kms:{action}"
    return None


@rule(NODES, _FAILED, _GUIDE, "create", "clusterName", "make the add-ons vpc-cni and kube-proxy first")
def _network(operation: Operation) -> str | None:
    """Its cluster has vpc-cni and kube-proxy, as add-ons or from the start: nodes are not ready before."""
    cluster, had = cluster_of(operation), {addon.get("addonName") for addon in of_cluster(operation, ADDON)}
    lacks = {"vpc-cni", "kube-proxy"} - had if cluster and not cluster.get("bootstrapSelfManagedAddons") else ()
    return f"nodes stay NotReady: the cluster has no {' and no '.join(sorted(lacks))}" if lacks else None


@rule(NODES, _FAILED, _PRIVATE, "create", "subnetIds", "make the endpoint, or give the subnets a way out")
def _boot(operation: Operation) -> str | None:
    """What a node needs to join and to pull images is reached from its subnets: endpoints, or a route out."""
    lacks = next(_missing(operation), None)
    return f"instances failed to join the kubernetes cluster: no {lacks}" if lacks else None


def _missing(operation: Operation) -> Iterator[str]:
    for subnet in found(operation, SUBNET, "subnetIds"):
        tables = {a.get("routeTableId") for a in operation.others(ASSOCIATION) if a.get("subnetId") == subnet.id}
        routes = [
            route for table in operation.others(ROUTES) if table.id in tables for route in table.get("routes") or []
        ]
        if any(route.get("cidrBlock") == "0.0.0.0/0" for route in routes):
            continue
        here = [e for e in operation.others(ENDPOINT) if e.get("vpcId") == subnet.get("vpcId")]
        names = {str(e.get("serviceName")).partition(f".{operation.region}.")[2]: e for e in here}
        private = (
            service for service in ENDPOINTS if not (service in names and names[service].get("privateDnsEnabled"))
        )
        yield from (f"endpoint of {service} with private DNS in {subnet.get('vpcId')}" for service in private)
        if not ("s3" in names and tables.intersection(names["s3"].get("routeTableIds") or ())):
            yield f"gateway endpoint of S3 in the routes of {subnet.id}, and image layers lie there"


RULES = (
    *(_groups, _keyed, _once, _sizes, _identity, _disks, _network, _boot),
    one_of(TEMPLATE, "metadataOptions.httpTokens", ("optional", "required"), _UNFIT, _EC2),
    between(TEMPLATE, "metadataOptions.httpPutResponseHopLimit", 1, 64, _UNFIT, _EC2),
    matches(TEMPLATE, "userData", "[A-Za-z0-9+/]+={0,2}", "InvalidUserData.Malformed", _EC2),
    one_of(NODES, "taints.effect", ("NO_EXECUTE", "NO_SCHEDULE", "PREFER_NO_SCHEDULE"), INVALID, _EKS),
    one_of(NODES, "capacityType", ("CAPACITY_BLOCK", "ON_DEMAND", "SPOT"), INVALID, _EKS),
    matches(NODES, "amiType", "(AL2023|BOTTLEROCKET|WINDOWS)_[A-Za-z0-9_]+|CUSTOM", INVALID, _EKS),
)
