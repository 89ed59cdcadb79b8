"""GKE: clusters and their pools of nodes."""

import ipaddress
from collections.abc import Iterator

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.dns import ZONE
from simulator.gcp.identity import ACCOUNT, CLUSTERS, DISKS, encrypts
from simulator.gcp.network import FORMS, NETWORK, ROUTE, SUBNET, ref
from simulator.gcp.resource import FACTS, MET, SDK, GcpType, never, row, tokens
from simulator.rules import matches, one_of, outside
from simulator.state import Record
from simulator.values import UNKNOWN, Props, at

CLUSTER, POOL = tokens("container", "Cluster", "NodePool")
_INVALID, _DENIED, _PRIVATE = "400 INVALID_ARGUMENT", "403 PERMISSION_DENIED", "privateClusterConfig"
_IPS, _MORE, _DISK = "ipAllocationPolicy", "ipAllocationPolicy.additionalIpRangesConfigs", "nodeConfig.bootDiskKmsKey"
_VIPS, _DOMAINS = ("199.36.153.4/30", "199.36.153.8/30"), ("googleapis.com.", "gcr.io.", "pkg.dev.")
_ACCOUNT = Ref("nodeConfig.serviceAccount", ACCOUNT, _INVALID, MET, by=("email",), anywhere=True)


class _Cluster(GcpType):
    def describe(self, operation: Operation) -> Props:
        """With the private endpoint and the certificate authority, in objects that are inputs as well."""
        outputs = super().describe(operation)
        subnet = operation.find(SUBNET, operation.one(f"{_PRIVATE}.privateEndpointSubnetwork"), FORMS)
        range_ = ipaddress.IPv4Network(str(subnet.get("ipCidrRange")) if subnet else "172.16.0.0/28")
        address = str(range_[2])
        private, auth = outputs.get(_PRIVATE) or {}, outputs.get("masterAuth") or {}
        outputs[_PRIVATE] = private | {"privateEndpoint": address}
        outputs["masterAuth"] = auth | {"clusterCaCertificate": operation.text("{hex}")}
        public = f"203.0.113.{operation.seed % 250}"
        return outputs | {"endpoint": address if private.get("enablePrivateEndpoint") else public}

    def previewed(self, operation: Operation, kept: Props) -> Props:
        """What is not known before creation, in objects that are inputs as well."""
        outputs = super().previewed(operation, kept)
        for name, key in ((_PRIVATE, "privateEndpoint"), ("masterAuth", "clusterCaCertificate")):
            had = kept.get(name)
            value = had.get(key, UNKNOWN) if isinstance(had, dict) else UNKNOWN
            outputs[name] = (operation.inputs.get(name) or {}) | {key: value}
        return outputs


_FORM = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
_NAME = Name("name", FACTS, _FORM, _INVALID, taken="409 ALREADY_EXISTS", longest=40)
_FIXED = "network subnetwork networkingMode ipAllocationPolicy datapathProvider enableAutopilot defaultMaxPodsPerNode"
_FIXED += f" confidentialNodes nodeConfig {_PRIVATE}.masterIpv4CidrBlock {_PRIVATE}.privateEndpointSubnetwork"
_FOR_API = ref(f"{_PRIVATE}.privateEndpointSubnetwork", SUBNET, blocks="")
_IN = (ref("network", NETWORK, blocks=""), ref("subnetwork", SUBNET), _FOR_API)
_CLUSTER: Props = {
    "name": _NAME,
    "refs": (*_IN, ref(f"{_MORE}.subnetwork", SUBNET, blocks=""), _ACCOUNT),
    "defaults": {"deletionProtection": True},
    "outputs": {
        "masterVersion": lambda cluster: f"{cluster.one('minMasterVersion') or '1.34'}.0-gke.1000",
        "datapathProvider": "LEGACY_DATAPATH",
    },
}
_SHAPE = "bootDiskKmsKey serviceAccount sandboxConfig shieldedInstanceConfig oauthScopes metadata spot preemptible"
_OF_POOL = " ".join(f"nodeConfig.{name}" for name in _SHAPE.split())
_OF_POOL += " maxPodsPerNode initialNodeCount placementPolicy networkConfig.podRange networkConfig.subnetwork"
_OF = Ref("cluster", CLUSTER, "404 NOT_FOUND", SDK, by=("name", "id"))
_POOL: Props = {"name": _NAME, "refs": (_OF, _ACCOUNT, ref("networkConfig.subnetwork", SUBNET, blocks=""))}
TYPES = (
    row(CLUSTER, 540, "locations/{location}/clusters/{name}", _FIXED, _Cluster, **_CLUSTER),  # 6 to 12 minutes
    row(POOL, 180, "locations/{location}/clusters/{cluster}/nodePools/{name}", _OF_POOL, **_POOL),  # 2 to 4
)


def _ranges(subnet: Record | None) -> list[str]:
    return at(subnet.inputs, "secondaryIpRanges.rangeName") if subnet else []


def _rangeless(cluster: Operation) -> bool:
    wanted = [*cluster.at(f"{_IPS}.clusterSecondaryRangeName"), *cluster.at(f"{_IPS}.servicesSecondaryRangeName")]
    pairs = [(cluster.one("subnetwork"), wanted)]
    pairs += [(more["subnetwork"], more.get("podIpv4RangeNames") or []) for more in cluster.at(_MORE)]
    having = [(_ranges(cluster.find(SUBNET, subnet, FORMS)), names) for subnet, names in pairs]
    return any(name not in there for there, names in having for name in names)


def _missing(cluster: Operation) -> Iterator[str]:
    """What private nodes want for, to find Google's APIs and registries and to reach them."""
    network = cluster.find(NETWORK, cluster.one("network"), FORMS)
    if network is None or not network.get("deleteDefaultRoutesOnCreate"):
        return
    hops = [r for r in cluster.others(ROUTE) if cluster.find(NETWORK, r.inputs.get("network"), FORMS) is network]
    reached = [str(route.get("destRange")) for route in hops]
    if not any(outside([vip], reached) is None for vip in _VIPS if reached):
        yield f"a route to {_VIPS[0]}"
    for domain in _DOMAINS:
        seen = "privateVisibilityConfig.networks.networkUrl"
        zones = [zone for zone in cluster.others(ZONE) if zone.get("dnsName") == domain]
        inside = (link for zone in zones for link in at(zone.inputs, seen))
        if not any(cluster.find(NETWORK, link, FORMS) is network for link in inside):
            yield f"a private zone for {domain}"


def _cut_off(cluster: Operation) -> bool:
    return bool(cluster.one(f"{_PRIVATE}.enablePrivateNodes")) and any(_missing(cluster))


def _open(cluster: Operation) -> bool:
    own = cluster.inputs.get(_PRIVATE) or {}
    return bool(own.get("enablePrivateEndpoint")) and not own.get("enablePrivateNodes")


def _twice(cluster: Operation) -> bool:
    own = cluster.inputs.get(_PRIVATE) or {}
    return "masterIpv4CidrBlock" in own and "privateEndpointSubnetwork" in own


def _both(cluster: Operation) -> bool:
    return cluster.one("datapathProvider") == "ADVANCED_DATAPATH" and bool(cluster.one("networkPolicy.enabled"))


def _held(cluster: Operation) -> bool:
    return cluster.one("deletionProtection") is not False


def _strange(pool: Operation) -> bool:
    cluster = pool.find(CLUSTER, pool.one("cluster"), _OF.by)
    if cluster is None or not pool.at("networkConfig.podRange"):
        return False
    own = [cluster.inputs.get("subnetwork"), *at(cluster.inputs, f"{_MORE}.subnetwork")]
    subnet = pool.find(SUBNET, pool.one("networkConfig.subnetwork") or own[0], FORMS)
    attached = [pool.find(SUBNET, link, FORMS) for link in own]
    return subnet not in attached or pool.one("networkConfig.podRange") not in _ranges(subnet)


def _unboxed(pool: Operation) -> bool:
    return bool(pool.at("nodeConfig.sandboxConfig")) and pool.one("nodeConfig.imageType") != "COS_CONTAINERD"


def _mixed(pool: Operation) -> bool:
    limits = set(pool.inputs.get("autoscaling") or {})
    return bool(limits & {"minNodeCount", "maxNodeCount"}) and bool(limits & {"totalMinNodeCount", "totalMaxNodeCount"})


_NODES = "private nodes find and reach googleapis.com, gcr.io and pkg.dev: by a route and private zones"
RULES = (
    matches(CLUSTER, "minMasterVersion", r"latest|1\.[0-9]+(\.[0-9]+(-gke\.[0-9]+)?)?", _INVALID, SDK),
    matches(CLUSTER, "workloadIdentityConfig.workloadPool", r"[a-z][a-z0-9:.-]+\.svc\.id\.goog", _INVALID, SDK),
    one_of(CLUSTER, "datapathProvider", ("LEGACY_DATAPATH", "ADVANCED_DATAPATH"), _INVALID, SDK),
    one_of(CLUSTER, "databaseEncryption.state", ("ENCRYPTED", "DECRYPTED"), _INVALID, SDK),
    one_of(POOL, "nodeConfig.sandboxConfig.type", ("GVISOR",), _INVALID, SDK),
    *encrypts(CLUSTER, "databaseEncryption.keyName", CLUSTERS, (_INVALID, _DENIED)),
    *encrypts(CLUSTER, _DISK, DISKS, (_INVALID, _DENIED)),
    *encrypts(POOL, _DISK, DISKS, (_INVALID, _DENIED)),
    *never(
        *(CLUSTER, _INVALID, SDK),
        (f"{_PRIVATE}.enablePrivateEndpoint", "it applies to private nodes only", _open, "write"),
        (f"{_PRIVATE}.masterIpv4CidrBlock", "the control plane has a range or a subnetwork", _twice, "write"),
        (_IPS, "the secondary ranges are those of the subnetwork", _rangeless, "write"),
        ("deletionProtection", "it is false before the provider deletes (true if not given)", _held, "delete"),
    ),
    *never(CLUSTER, _INVALID, FACTS, ("networkPolicy", "ADVANCED_DATAPATH has its own", _both, "write")),
    *never(CLUSTER, "500 nodes did not register", FACTS, ("network", _NODES, _cut_off, "create")),
    *never(
        *(POOL, _INVALID, SDK),
        ("networkConfig.podRange", "a range of a subnetwork that the cluster has", _strange, "write"),
        ("nodeConfig.sandboxConfig", "a sandbox wants the image type COS_CONTAINERD", _unboxed, "write"),
        ("autoscaling", "limits are for a zone or for all together", _mixed, "write"),
    ),
)
