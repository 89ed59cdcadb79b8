"""Each rule of GKE refuses what it names, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.gcp.cluster import CLUSTER, POOL
from simulator.gcp.dns import ZONE
from simulator.gcp.network import NETWORK
from simulator.values import UNKNOWN, Props
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import OWN, USE, Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_services import Act

PRIVATE = {"enablePrivateNodes": True, "enablePrivateEndpoint": True}
DOMAINS = ("googleapis.com.", "gcr.io.", "pkg.dev.")


def cluster(stage: Stage, **inputs: Any) -> str:
    place = {"name": "c", "location": "us-east4", "network": stage.network, "subnetwork": stage.subnet}
    return stage.make(CLUSTER, **{**place, "deletionProtection": False, **inputs})


def pool(stage: Stage, node: Props | None = None, **inputs: Any) -> str:
    return stage.make(POOL, **{"name": "p", "location": "us-east4", "cluster": "c", "nodeConfig": node or {}, **inputs})


def with_cluster(act: Act) -> Act:
    return lambda stage: (cluster(stage), act(stage))


def ranged(stage: Stage, name: str = "pods", more: Props | None = None) -> Props:
    policy = {"clusterSecondaryRangeName": name}
    return {"ipAllocationPolicy": policy | ({"additionalIpRangesConfigs": [more]} if more else {})}


def second(stage: Stage, range_: str = "more") -> Props:
    """Another subnetwork with pods of its own."""
    own = [{"rangeName": "more", "ipCidrRange": "10.1.16.0/20"}]
    made = stage.in_network("10.1.0.0/20", name="second", secondaryIpRanges=own)
    return {"subnetwork": made, "podIpv4RangeNames": [range_]}


def shut(stage: Stage, domains: tuple[str, ...] = DOMAINS, routed: bool = True, **inputs: Any) -> str:
    """A cluster of private nodes in a network without default routes, with these names and maybe a route."""
    network = stage.make(NETWORK, name="shut", autoCreateSubnetworks=False, deleteDefaultRoutesOnCreate=True)
    subnet = stage.in_network("10.2.0.0/20", network=network)
    for domain in domains:
        seen = {"networks": [{"networkUrl": network}]}
        stage.make(ZONE, dnsName=domain, visibility="private", privateVisibilityConfig=seen)
    if routed:
        stage.routed(network=network)
    return cluster(stage, network=network, subnetwork=subnet, privateClusterConfig=PRIVATE, **inputs)


# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Cluster-name-form": ("'C'", lambda s: cluster(s, name="C"), lambda s: cluster(s, name="c" * 40)),
    "Cluster-name-taken": (
        "409 ALREADY_EXISTS",
        lambda s: [cluster(s) for _ in range(2)],
        lambda s: [s.drop(CLUSTER, cluster(s), deletionProtection=False) for _ in range(2)],
    ),
    "Cluster-network": ("'gone'", lambda s: cluster(s, network="gone"), lambda s: cluster(s, network="net")),
    "Cluster-subnetwork": (
        "'gone'",
        lambda s: cluster(s, subnetwork="gone"),
        lambda s: cluster(s, subnetwork=s.subnet),
    ),
    "Cluster-privateClusterConfig.privateEndpointSubnetwork": (
        "'gone'",
        lambda s: cluster(s, privateClusterConfig={"privateEndpointSubnetwork": "gone"}),
        lambda s: cluster(s, privateClusterConfig={"privateEndpointSubnetwork": s.subnet}),
    ),
    "Cluster-ipAllocationPolicy.additionalIpRangesConfigs.subnetwork": (
        "'gone'",
        lambda s: cluster(s, **ranged(s, more={"subnetwork": "gone"})),
        lambda s: cluster(s, **ranged(s, more=second(s))),
    ),
    "Cluster-nodeConfig.serviceAccount": (
        "does not exist",
        lambda s: cluster(s, nodeConfig={"serviceAccount": f"x{OWN}"}),
        lambda s: cluster(s, nodeConfig={"serviceAccount": OWN}),
    ),
    "Cluster-minMasterVersion-form": (
        "'v1.34'",
        lambda s: cluster(s, minMasterVersion="v1.34"),
        lambda s: cluster(s, minMasterVersion="1.34"),
    ),
    "Cluster-workloadIdentityConfig.workloadPool-form": (
        "'rampart-demo'",
        lambda s: cluster(s, workloadIdentityConfig={"workloadPool": "rampart-demo"}),
        lambda s: cluster(s, workloadIdentityConfig={"workloadPool": "rampart-demo.svc.id.goog"}),
    ),
    "Cluster-datapathProvider-choice": (
        "'CILIUM'",
        lambda s: cluster(s, datapathProvider="CILIUM"),
        lambda s: cluster(s, datapathProvider="ADVANCED_DATAPATH"),
    ),
    "Cluster-databaseEncryption.state-choice": (
        "'ON'",
        lambda s: cluster(s, databaseEncryption={"state": "ON"}),
        lambda s: cluster(s, databaseEncryption={"state": "DECRYPTED"}),
    ),
    "Cluster-databaseEncryption.keyName-write": (
        "the key is in the location",
        lambda s: cluster(s, databaseEncryption={"state": "ENCRYPTED", "keyName": s.key.replace("east4", "east1")}),
        lambda s: (s.agent("container-engine-robot"), cluster(s, **encrypted(s))),
    ),
    "Cluster-databaseEncryption.keyName-granted": (
        f"@container-engine-robot.iam.gserviceaccount.com lacks {USE}",
        lambda s: (s.agent("compute-system"), cluster(s, **encrypted(s))),
        lambda s: (s.agent("container-engine-robot"), cluster(s, **encrypted(s))),
    ),
    "Cluster-nodeConfig.bootDiskKmsKey-write": (
        "the key is in the location",
        lambda s: cluster(s, nodeConfig={"bootDiskKmsKey": s.key.replace("us-east4", "us-east1")}),
        lambda s: (s.agent("compute-system"), cluster(s, nodeConfig={"bootDiskKmsKey": s.key})),
    ),
    "Cluster-nodeConfig.bootDiskKmsKey-granted": (
        f"@compute-system.iam.gserviceaccount.com lacks {USE}",
        lambda s: (s.agent("container-engine-robot"), cluster(s, nodeConfig={"bootDiskKmsKey": s.key})),
        lambda s: (s.agent("compute-system"), cluster(s, nodeConfig={"bootDiskKmsKey": s.key})),
    ),
    "Cluster-privateClusterConfig.enablePrivateEndpoint-write": (
        "it applies to private nodes only",
        lambda s: cluster(s, privateClusterConfig={"enablePrivateEndpoint": True}),
        lambda s: cluster(s, privateClusterConfig=PRIVATE),
    ),
    "Cluster-privateClusterConfig.masterIpv4CidrBlock-write": (
        "a range or a subnetwork",
        lambda s: cluster(s, privateClusterConfig=placed(s) | {"masterIpv4CidrBlock": "172.16.0.0/28"}),
        lambda s: cluster(s, privateClusterConfig=placed(s)),
    ),
    "Cluster-ipAllocationPolicy-write": (
        "the secondary ranges are those of the subnetwork",
        lambda s: cluster(s, **ranged(s, more=second(s, "pods"))),
        lambda s: cluster(s, **ranged(s, more=second(s, "more"))),
    ),
    "Cluster-networkPolicy-write": (
        "ADVANCED_DATAPATH has its own",
        lambda s: cluster(s, datapathProvider="ADVANCED_DATAPATH", networkPolicy={"enabled": True}),
        lambda s: cluster(s, datapathProvider="LEGACY_DATAPATH", networkPolicy={"enabled": True}),
    ),
    "Cluster-network-create": ("private nodes find and reach", lambda s: shut(s, DOMAINS[:2]), shut),
    "Cluster-deletionProtection-delete": (
        "it is false before the provider deletes",
        lambda s: s.drop(CLUSTER, cluster(s)),
        lambda s: s.drop(CLUSTER, cluster(s), deletionProtection=False),
    ),
    "NodePool-name-form": (
        "'P'",
        with_cluster(lambda s: pool(s, name="P")),
        with_cluster(lambda s: pool(s, name="p-1")),
    ),
    "NodePool-name-taken": (
        "409 ALREADY_EXISTS",
        with_cluster(lambda s: [pool(s) for _ in range(2)]),
        with_cluster(lambda s: [pool(s, name=name) for name in "ab"]),
    ),
    "NodePool-cluster": (
        "'c'",
        lambda s: pool(s),
        with_cluster(lambda s: pool(s)),
    ),
    "NodePool-nodeConfig.serviceAccount": (
        "does not exist",
        with_cluster(lambda s: pool(s, {"serviceAccount": f"x{OWN}"})),
        with_cluster(lambda s: pool(s, {"serviceAccount": OWN})),
    ),
    "NodePool-networkConfig.subnetwork": (
        "'gone'",
        with_cluster(lambda s: pool(s, networkConfig={"subnetwork": "gone"})),
        with_cluster(lambda s: pool(s, networkConfig={"subnetwork": s.subnet})),
    ),
    "NodePool-nodeConfig.sandboxConfig.type-choice": (
        "'KATA'",
        with_cluster(lambda s: pool(s, sandboxed("KATA"))),
        with_cluster(lambda s: pool(s, sandboxed())),
    ),
    "NodePool-nodeConfig.sandboxConfig-write": (
        "COS_CONTAINERD",
        with_cluster(lambda s: pool(s, sandboxed(image="UBUNTU_CONTAINERD"))),
        with_cluster(lambda s: (pool(s, {"imageType": "UBUNTU_CONTAINERD"}), pool(s, sandboxed(), name="q"))),
    ),
    "NodePool-nodeConfig.bootDiskKmsKey-write": (
        "the key is in the location",
        with_cluster(lambda s: pool(s, {"bootDiskKmsKey": s.key.replace("us-east4", "us-east1")})),
        with_cluster(lambda s: (s.agent("compute-system"), pool(s, {"bootDiskKmsKey": s.key}))),
    ),
    "NodePool-nodeConfig.bootDiskKmsKey-granted": (
        f"@compute-system.iam.gserviceaccount.com lacks {USE}",
        with_cluster(lambda s: pool(s, {"bootDiskKmsKey": s.key})),
        with_cluster(lambda s: (s.agent("compute-system"), pool(s, {"bootDiskKmsKey": s.key}))),
    ),
    "NodePool-networkConfig.podRange-write": (
        "a range of a subnetwork that the cluster has",
        lambda s: (more := second(s), cluster(s), pool(s, **in_range("more", more["subnetwork"]))),
        lambda s: (
            more := second(s),
            cluster(s, **ranged(s, more=more)),
            pool(s, **in_range("more", more["subnetwork"])),
        ),
    ),
    "NodePool-autoscaling-write": (
        "for a zone or for all together",
        with_cluster(lambda s: pool(s, autoscaling={"minNodeCount": 1, "totalMaxNodeCount": 3})),
        with_cluster(lambda s: pool(s, autoscaling={"totalMinNodeCount": 1, "totalMaxNodeCount": 3})),
    ),
}


def encrypted(stage: Stage) -> Props:
    return {"databaseEncryption": {"state": "ENCRYPTED", "keyName": stage.key}}


def placed(stage: Stage) -> Props:
    return {"enablePrivateNodes": True, "privateEndpointSubnetwork": stage.subnet}


def sandboxed(kind: str = "GVISOR", image: str = "COS_CONTAINERD") -> Props:
    return {"sandboxConfig": {"type": kind}, "imageType": image}


def in_range(name: str, subnet: str) -> Props:
    return {"networkConfig": {"podRange": name, "subnetwork": subnet}}


CODES = codes(CLUSTER, POOL)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


@pytest.mark.parametrize("missing", DOMAINS)
def test_private_nodes_want_each_of_the_three_names(connect: Connect, missing: str) -> None:
    with pytest.raises(Refused, match="private nodes find and reach"):
        shut(Stage(connect), tuple(domain for domain in DOMAINS if domain != missing))


def test_private_nodes_want_a_route_to_what_the_names_lead_to(connect: Connect) -> None:
    with pytest.raises(Refused, match="private nodes find and reach"):
        shut(Stage(connect), routed=False)


def test_a_private_cluster_has_its_endpoint_in_the_subnetwork_that_it_was_given(connect: Connect) -> None:
    stage = Stage(connect)
    made = stage.engine.read(CLUSTER, cluster(stage, privateClusterConfig=PRIVATE | placed(stage)))[0]
    assert made["privateClusterConfig"]["privateEndpoint"] == made["endpoint"] == "10.0.0.2"
    assert made["masterAuth"]["clusterCaCertificate"]
    public = stage.engine.read(CLUSTER, cluster(stage, name="open"))[0]
    assert not public["endpoint"].startswith("10.")


def test_what_is_unknown_at_a_preview_is_not_refused(connect: Connect) -> None:
    engine = Stage(connect).engine
    private = PRIVATE | {"privateEndpointSubnetwork": UNKNOWN}
    known = {"location": "us-east4", "network": UNKNOWN, "subnetwork": UNKNOWN, "privateClusterConfig": private}
    made = engine.create(CLUSTER, "c", known | {"ipAllocationPolicy": UNKNOWN}, preview=True)[1]
    assert made["privateClusterConfig"]["privateEndpoint"] is UNKNOWN
    assert made["privateClusterConfig"]["enablePrivateNodes"] is True
    engine.create(POOL, "p", {"location": "us-east4", "cluster": UNKNOWN, "networkConfig": UNKNOWN}, preview=True)


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        (CLUSTER, {"datapathProvider": "LEGACY_DATAPATH"}, {"datapathProvider": "ADVANCED_DATAPATH"}, True),
        (CLUSTER, {"databaseEncryption": {"keyName": "a"}}, {"databaseEncryption": {"keyName": "b"}}, False),
        (CLUSTER, {"privateClusterConfig": PRIVATE}, {"privateClusterConfig": {"enablePrivateNodes": True}}, False),
        (CLUSTER, {"minMasterVersion": "1.33"}, {"minMasterVersion": "1.34"}, False),
        (POOL, {"nodeConfig": {"bootDiskKmsKey": "a"}}, {"nodeConfig": {"bootDiskKmsKey": "b"}}, True),
        (POOL, {"nodeConfig": {"machineType": "a"}}, {"nodeConfig": {"machineType": "b"}}, False),
        (POOL, {"networkConfig": {"podRange": "a"}}, {"networkConfig": {"podRange": "b"}}, True),
    ],
)
def test_replaces_on_what_cannot_be_changed_and_only_on_that(
    connect: Connect, token: str, old: Props, new: Props, replaced: bool
) -> None:
    difference = connect("gcp").diff(token, old, new)
    assert bool(difference.replaces) == replaced
    assert difference.diffs
