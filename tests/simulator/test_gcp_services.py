"""Each rule of Google Cloud's registries, secrets and caches refuses what it names; its near miss passes."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.gcp.cache import INSTANCE, POLICY
from simulator.gcp.network import NETWORK
from simulator.gcp.registry import REPOSITORY
from simulator.gcp.secrets import SECRET
from simulator.values import UNKNOWN, Props
from tests.simulator.conftest import Connect
from tests.simulator.gcp_stage import USE, Stage, codes
from tests.simulator.rule_cases import Rules

KMS = "replication.userManaged.replicas.customerManagedEncryption.kmsKeyName"
REMOTE = {"mode": "REMOTE_REPOSITORY", "remoteRepositoryConfig": {"commonRepository": {"uri": "https://quay.io"}}}


def repository(stage: Stage, **inputs: Any) -> str:
    return stage.make(REPOSITORY, **{"repositoryId": "images", "location": "us-east4", "format": "DOCKER", **inputs})


def cleaned(action: str = "DELETE", age: str = "604800s") -> list[Props]:
    return [{"id": "old", "action": action, "condition": {"tagState": "UNTAGGED", "olderThan": age}}]


def secret(stage: Stage, key: str = "", location: str = "us-east4", **inputs: Any) -> str:
    replica: Props = {"location": location} | ({"customerManagedEncryption": {"kmsKeyName": key}} if key else {})
    replication = {"userManaged": {"replicas": [replica]}}
    return stage.make(SECRET, **{"secretId": "signing", "replication": replication, **inputs})


def let_in(stage: Stage, **inputs: Any) -> str:
    wanted = {"location": "us-east4", "network": stage.network, "serviceClass": "gcp-memorystore"}
    return stage.make(POLICY, **{**wanted, "pscConfig": {"subnetworks": [stage.subnet]}, **inputs})


def cache(stage: Stage, **inputs: Any) -> str:
    into = [{"network": stage.network, "projectId": "rampart-demo"}]
    wanted = {"instanceId": "cache", "location": "us-east4", "shardCount": 1, "desiredAutoCreatedEndpoints": into}
    return stage.make(INSTANCE, **{**wanted, "deletionProtectionEnabled": False, **inputs})


def other_network(stage: Stage) -> str:
    return stage.make(NETWORK, name="other", autoCreateSubnetworks=False)


def with_policy(act: Callable[[Stage], object]) -> Callable[[Stage], object]:
    return lambda stage: (let_in(stage), act(stage))


Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Repository-repositoryId-form": (
        "'Images'",
        lambda s: repository(s, repositoryId="Images"),
        lambda s: repository(s, repositoryId="i"),
    ),
    "Repository-name-taken": (
        "409 ALREADY_EXISTS",
        lambda s: [repository(s) for _ in range(2)],
        lambda s: [s.drop(REPOSITORY, repository(s)) for _ in range(2)],
    ),
    "Repository-mode-choice": (
        "'LOCAL'",
        lambda s: repository(s, mode="LOCAL"),
        lambda s: repository(s, mode="STANDARD_REPOSITORY"),
    ),
    "Repository-mode-write": (
        "says of what",
        lambda s: repository(s, mode="REMOTE_REPOSITORY"),
        lambda s: repository(s, **REMOTE),
    ),
    "Repository-cleanupPolicies.action-choice": (
        "'DROP'",
        lambda s: repository(s, cleanupPolicies=cleaned("DROP")),
        lambda s: repository(s, cleanupPolicies=cleaned("KEEP")),
    ),
    "Repository-cleanupPolicies.condition.olderThan-form": (
        "'a week'",
        lambda s: repository(s, cleanupPolicies=cleaned(age="a week")),
        lambda s: repository(s, cleanupPolicies=cleaned(age="7d")),
    ),
    "Repository-kmsKeyName-write": (
        "the key is in the location",
        lambda s: (s.agent("gcp-sa-artifactregistry"), repository(s, kmsKeyName=s.key, location="us-east1")),
        lambda s: (s.agent("gcp-sa-artifactregistry"), repository(s, kmsKeyName=s.key)),
    ),
    "Repository-kmsKeyName-granted": (
        f"@gcp-sa-artifactregistry.iam.gserviceaccount.com lacks {USE}",
        lambda s: repository(s, kmsKeyName=s.key),
        lambda s: (s.agent("gcp-sa-artifactregistry"), repository(s, kmsKeyName=s.key)),
    ),
    "Secret-secretId-form": (
        "'a/b'",
        lambda s: secret(s, secretId="a/b"),
        lambda s: secret(s, secretId="a_B-1"),
    ),
    "Secret-name-taken": (
        "409 ALREADY_EXISTS",
        lambda s: [secret(s) for _ in range(2)],
        lambda s: [s.drop(SECRET, secret(s)) for _ in range(2)],
    ),
    "Secret-versionDestroyTtl-form": (
        "'30d'",
        lambda s: secret(s, versionDestroyTtl="30d"),
        lambda s: secret(s, versionDestroyTtl="2592000s"),
    ),
    f"Secret-{KMS}-write": (
        "the key is in the location",
        lambda s: (s.agent("gcp-sa-secretmanager"), secret(s, s.key, "us-east1")),
        lambda s: (s.agent("gcp-sa-secretmanager"), secret(s, s.key, "us-east4")),
    ),
    f"Secret-{KMS}-granted": (
        f"@gcp-sa-secretmanager.iam.gserviceaccount.com lacks {USE}",
        lambda s: secret(s, s.key),
        lambda s: (s.agent("gcp-sa-secretmanager"), secret(s, s.key)),
    ),
    "Secret-deletionProtection-delete": (
        "it is false before the provider deletes",
        lambda s: s.drop(SECRET, secret(s, deletionProtection=True), deletionProtection=True),
        lambda s: s.drop(SECRET, secret(s)),
    ),
    "ServiceConnectionPolicy-name-form": ("'A'", lambda s: let_in(s, name="A"), lambda s: let_in(s, name="a")),
    "ServiceConnectionPolicy-name-taken": (
        "409 alreadyExists",
        lambda s: [let_in(s, name="a") for _ in range(2)],
        lambda s: [let_in(s, name=name) for name in "ab"],
    ),
    "ServiceConnectionPolicy-network": (
        "'gone'",
        lambda s: let_in(s, network="gone"),
        lambda s: let_in(s, network="projects/rampart-demo/global/networks/net"),
    ),
    "ServiceConnectionPolicy-pscConfig.subnetworks": (
        "'gone'",
        lambda s: let_in(s, pscConfig={"subnetworks": ["gone"]}),
        lambda s: let_in(s, pscConfig={"subnetworks": [s.subnet]}),
    ),
    "Instance-instanceId-form": (
        "'abc-'",
        with_policy(lambda s: cache(s, instanceId="abc-")),
        with_policy(lambda s: cache(s, instanceId="1abc")),
    ),
    "Instance-name-taken": (
        "409 ALREADY_EXISTS",
        with_policy(lambda s: [cache(s) for _ in range(2)]),
        with_policy(lambda s: [s.drop(INSTANCE, cache(s)) for _ in range(2)]),
    ),
    "Instance-authorizationMode-choice": (
        "'TOKEN_AUTH'",
        with_policy(lambda s: cache(s, authorizationMode="TOKEN_AUTH")),
        with_policy(lambda s: cache(s, authorizationMode="IAM_AUTH")),
    ),
    "Instance-transitEncryptionMode-choice": (
        "'TLS'",
        with_policy(lambda s: cache(s, transitEncryptionMode="TLS")),
        with_policy(lambda s: cache(s, transitEncryptionMode="SERVER_AUTHENTICATION")),
    ),
    "Instance-mode-choice": (
        "'ALONE'",
        with_policy(lambda s: cache(s, mode="ALONE")),
        with_policy(lambda s: cache(s, mode="CLUSTER_DISABLED")),
    ),
    "Instance-nodeType-choice": (
        "'LARGE'",
        with_policy(lambda s: cache(s, nodeType="LARGE")),
        with_policy(lambda s: cache(s, nodeType="STANDARD_LARGE")),
    ),
    "Instance-engineVersion-form": (
        "'8.0'",
        with_policy(lambda s: cache(s, engineVersion="8.0")),
        with_policy(lambda s: cache(s, engineVersion="VALKEY_8_0")),
    ),
    "Instance-kmsKey-write": (
        "the key is in the location",
        with_policy(lambda s: (s.agent("gcp-sa-memorystore"), cache(s, kmsKey=s.key.replace("us-east4", "us-east1")))),
        with_policy(lambda s: (s.agent("gcp-sa-memorystore"), cache(s, kmsKey=s.key))),
    ),
    "Instance-kmsKey-granted": (
        f"@gcp-sa-memorystore.iam.gserviceaccount.com lacks {USE}",
        with_policy(lambda s: cache(s, kmsKey=s.key)),
        with_policy(lambda s: (s.agent("gcp-sa-memorystore"), cache(s, kmsKey=s.key))),
    ),
    "Instance-desiredAutoCreatedEndpoints.network-create": (
        "a ServiceConnectionPolicy for gcp-memorystore in the same network and location exists",
        lambda s: (
            let_in(s, serviceClass="google-cloud-sql"),
            let_in(s, network=other_network(s)),
            let_in(s, location="us-east1"),
            cache(s),
        ),
        lambda s: (let_in(s, network="net"), cache(s)),
    ),
    "Instance-shardCount-write": (
        "CLUSTER_DISABLED has one shard",
        with_policy(lambda s: cache(s, mode="CLUSTER_DISABLED", shardCount=2)),
        with_policy(lambda s: cache(s, mode="CLUSTER", shardCount=2)),
    ),
    "Instance-deletionProtectionEnabled-delete": (
        "it is false before Memorystore deletes",
        with_policy(lambda s: s.drop(INSTANCE, cache(s, deletionProtectionEnabled=True))),
        with_policy(lambda s: s.drop(INSTANCE, cache(s))),
    ),
}
CODES = codes(REPOSITORY, SECRET, POLICY, INSTANCE)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


def test_a_cache_has_an_endpoint_for_writing_and_one_for_reading_in_the_policys_subnetwork(connect: Connect) -> None:
    stage = Stage(connect)
    let_in(stage)
    [endpoint] = stage.engine.read(INSTANCE, cache(stage))[0]["endpoints"]
    made = {c["pscAutoConnection"]["connectionType"]: c["pscAutoConnection"] for c in endpoint["connections"]}
    assert set(made) == {"CONNECTION_TYPE_PRIMARY", "CONNECTION_TYPE_READER"}
    assert all(one["ipAddress"].startswith("10.0.15.") for one in made.values())
    assert len({one["ipAddress"] for one in made.values()}) == 2


def test_a_cache_with_tls_has_an_authority_of_its_own(connect: Connect) -> None:
    stage = Stage(connect)
    let_in(stage)
    made = stage.engine.read(INSTANCE, cache(stage, transitEncryptionMode="SERVER_AUTHENTICATION"))[0]
    [certificate] = made["managedServerCas"][0]["caCerts"][0]["certificates"]
    assert certificate.startswith("-----BEGIN CERTIFICATE-----")
    assert stage.engine.read(INSTANCE, cache(stage, instanceId="plain"))[0]["managedServerCas"] == []


def test_repositories_and_secrets_have_the_outputs_that_components_read(connect: Connect) -> None:
    stage = Stage(connect)
    assert stage.engine.read(REPOSITORY, repository(stage))[0]["name"] == "images"
    assert stage.engine.read(SECRET, secret(stage))[0]["name"] == "projects/424242424242/secrets/signing"


def test_what_is_unknown_at_a_preview_is_not_refused(connect: Connect) -> None:
    engine = Stage(connect).engine
    place = {"location": "us-east4", "deletionProtectionEnabled": False}
    into = [{"network": UNKNOWN, "projectId": "rampart-demo"}]
    wanted = {"instanceId": UNKNOWN, "shardCount": 1, "desiredAutoCreatedEndpoints": into, "kmsKey": UNKNOWN}
    assert engine.create(INSTANCE, "c", place | wanted, preview=True)[1]["endpoints"] is UNKNOWN


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        (INSTANCE, {"kmsKey": "a"}, {"kmsKey": "b"}, True),
        (INSTANCE, {"authorizationMode": "AUTH_DISABLED"}, {"authorizationMode": "IAM_AUTH"}, True),
        (INSTANCE, {"nodeType": "STANDARD_SMALL"}, {"nodeType": "HIGHMEM_MEDIUM"}, False),
        (POLICY, {"network": "a"}, {"network": "b"}, True),
        (POLICY, {"pscConfig": {"subnetworks": ["a"]}}, {"pscConfig": {"subnetworks": ["b"]}}, False),
        (SECRET, {"replication": {"auto": {}}}, {"replication": {"userManaged": {}}}, True),
        (SECRET, {"versionDestroyTtl": "86400s"}, {"versionDestroyTtl": "172800s"}, False),
        (REPOSITORY, {"kmsKeyName": "a"}, {"kmsKeyName": "b"}, True),
        (REPOSITORY, {"description": "a"}, {"description": "b"}, False),
    ],
)
def test_replaces_on_what_cannot_be_changed_and_only_on_that(
    connect: Connect, token: str, old: Props, new: Props, replaced: bool
) -> None:
    difference = connect("gcp").diff(token, old, new)
    assert bool(difference.replaces) == replaced
    assert difference.diffs
