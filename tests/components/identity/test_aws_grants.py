"""What each grant gives on AWS, and that its neighbours are denied."""

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.bucket import Bucket
from components.cache import Cache
from components.capability import Capability
from components.dataplane.workloads import BUCKETS, SECRETS, WORKLOADS
from components.identity import OFFERS, Access
from components.identity.aws_grants import GRANTS, statements
from components.keys import Key
from components.postgres import Postgres
from components.secrets import Secret
from demo.project import STACKS
from tests.components.identity.aws_iam import Request, allows
from tests.conftest import Standing

AWS = STACKS[0]
PLACE = {"region": "us-east-1", "account": "111122223333"}
S3, MANAGER = "s3.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"
ROLE = "aws:iam/role:Role"

GIVES: Mapping[tuple[type[Capability], Access], set[str]] = {
    (Bucket, Access.READ): {"list", "get", "decrypt its objects"},
    (Bucket, Access.WRITE): {"list", "get", "put", "decrypt its objects", "encrypt its objects"},
    (Bucket, Access.ADMIN): {"list", "get", "put", "delete", "decrypt its objects", "encrypt its objects"},
    (Cache, Access.CONNECT): {"connect", "connect as itself"},
    (Key, Access.ENCRYPT): {"encrypt", "make a data key"},
    (Key, Access.DECRYPT): {"decrypt"},
    (Postgres, Access.CONNECT): {"log in as itself"},
    (Secret, Access.READ): {"describe", "read", "decrypt its value"},
    (Secret, Access.WRITE): {"describe", "write", "decrypt its value", "encrypt its value"},
}
"""Everything that a grant gives of `asked` below; whatever is not here is denied."""


def keyed(key: str, via: str, context: str, value: str) -> Iterator[Request]:
    """Decrypting and encrypting through a service, for what is encrypted under this context."""
    about = {"kms:ViaService": via, f"kms:EncryptionContext:{context}": value}
    return (Request(action, key, about) for action in ("kms:Decrypt", "kms:GenerateDataKey"))


def asked(kind: type[Capability], store: str, key: str = "", user: str = "") -> dict[str, Request]:
    """What somebody might try on a store of this kind."""
    if kind is Bucket:
        decrypt, encrypt = keyed(key, S3, "aws:s3:arn", store)
        return {
            "list": Request("s3:ListBucket", store),
            "get": Request("s3:GetObject", f"{store}/a/b"),
            "put": Request("s3:PutObject", f"{store}/a/b"),
            "delete": Request("s3:DeleteObject", f"{store}/a/b"),
            "delete for good": Request("s3:DeleteObjectVersion", f"{store}/a/b"),
            "make public": Request("s3:PutBucketPolicy", store),
            "forget versions": Request("s3:PutBucketVersioning", store),
            "delete the bucket": Request("s3:DeleteBucket", store),
            "decrypt its objects": decrypt,
            "encrypt its objects": encrypt,
            "decrypt without S3": Request("kms:Decrypt", key, {"kms:EncryptionContext:aws:s3:arn": store}),
            "decrypt through another service": next(keyed(key, MANAGER, "aws:s3:arn", store)),
            "decrypt what says not what it is": Request("kms:Decrypt", key, {"kms:ViaService": S3}),
            "grant its key": Request("kms:CreateGrant", key),
        }
    if kind is Secret:
        decrypt, encrypt = keyed(key, MANAGER, "SecretARN", store)
        return {
            "describe": Request("secretsmanager:DescribeSecret", store),
            "read": Request("secretsmanager:GetSecretValue", store),
            "write": Request("secretsmanager:PutSecretValue", store),
            "delete": Request("secretsmanager:DeleteSecret", store),
            "change who may": Request("secretsmanager:PutResourcePolicy", store),
            "list all": Request("secretsmanager:ListSecrets", "*"),
            "decrypt its value": decrypt,
            "encrypt its value": encrypt,
            "decrypt without Secrets Manager": Request("kms:Decrypt", key, {"kms:EncryptionContext:SecretARN": store}),
        }
    if kind is Key:
        return {
            "encrypt": Request("kms:Encrypt", store),
            "make a data key": Request("kms:GenerateDataKey", store),
            "decrypt": Request("kms:Decrypt", store),
            "grant": Request("kms:CreateGrant", store),
            "disable": Request("kms:DisableKey", store),
            "delete": Request("kms:ScheduleKeyDeletion", store),
            "change who may": Request("kms:PutKeyPolicy", store),
        }
    if kind is Cache:
        users = "arn:aws:elasticache:us-east-1:111122223333:user:"
        return {
            "connect": Request("elasticache:Connect", store),
            "connect as itself": Request("elasticache:Connect", users + user),
            "connect as another": Request("elasticache:Connect", users + "rampart-other-00000000"),
            "delete": Request("elasticache:DeleteReplicationGroup", store),
            "change users": Request("elasticache:ModifyUser", users + user),
        }
    roles = f"arn:aws:rds-db:us-east-1:111122223333:dbuser:{store}"
    return {
        "log in as itself": Request("rds-db:connect", f"{roles}/{user}"),
        "log in as another": Request("rds-db:connect", f"{roles}/rampart"),
        "delete": Request("rds:DeleteDBInstance", "arn:aws:rds:us-east-1:111122223333:db:rampart-postgres-00000000"),
    }


NAMES: Mapping[type[Capability], tuple[str, str]] = {
    Bucket: ("arn:aws:s3:::rampart-traces", "arn:aws:s3:::rampart-traces-2"),
    Cache: tuple(f"arn:aws:elasticache:us-east-1:111122223333:replicationgroup:{name}" for name in ("a", "b")),  # type: ignore[dict-item] # two
    Key: tuple(f"arn:aws:kms:us-east-1:111122223333:key/{name}" for name in ("a", "b")),  # type: ignore[dict-item] # two
    Postgres: ("db-AAAA", "db-BBBB"),
    Secret: tuple(f"arn:aws:secretsmanager:us-east-1:111122223333:secret:{n}-AbCdEf" for n in ("a", "b")),  # type: ignore[dict-item] # two
}
"""A store of each kind, and another. Buckets and secrets share their key, as in a data plane."""

KEY = "arn:aws:kms:us-east-1:111122223333:key/shared"


def allowed(document: str, requests: Mapping[str, Request]) -> set[str]:
    return {name for name, request in requests.items() if allows(document, request)}


def test_every_grant_that_is_offered_is_in_the_table_and_tested() -> None:
    offered = {(kind, access) for kind, accesses in OFFERS.items() for access in accesses}
    assert offered == set(GRANTS) == set(GIVES)


@pytest.mark.parametrize("grant", GIVES, ids=lambda grant: f"{grant[0].__name__}-{grant[1]}")
def test_a_grant_gives_what_its_word_says_on_its_store_and_nothing_on_another(
    grant: tuple[type[Capability], Access],
) -> None:
    kind, access = grant
    own, other = NAMES[kind]
    known = {**PLACE, "store": own, "key": KEY, "user": "query"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statements(kind, access, known)})
    assert allowed(document, asked(kind, own, KEY, "query")) == GIVES[grant]
    elsewhere = allowed(document, asked(kind, other, KEY, "query"))
    assert elsewhere == ({"connect as itself"} if kind is Cache else set())  # which takes the cache too
    for strange in set(NAMES) - {kind}:
        assert not allowed(document, asked(strange, NAMES[strange][0], KEY, "someone"))


def test_without_a_key_of_the_customers_nothing_is_said_of_one() -> None:
    found = statements(Bucket, Access.ADMIN, {**PLACE, "store": NAMES[Bucket][0], "user": "query"})
    assert "kms" not in json.dumps(found)


@pytest.mark.parametrize("workload", WORKLOADS)
def test_a_workload_may_do_what_its_grants_give_and_nothing_else(standing: Standing, workload: str) -> None:
    [policy] = named(standing, "aws:iam/rolePolicy:RolePolicy", f"{workload}-grants")
    given: dict[str, set[str]] = {}
    for store, access in WORKLOADS[workload].grants:
        given.setdefault(store, set()).update(GIVES[stores(standing, workload)[store][0], access])
    for store, (kind, requests) in stores(standing, workload).items():
        expected = given.get(store, set())
        assert allowed(policy["policy"], requests) == expected, (store, kind)


def stores(standing: Standing, workload: str) -> dict[str, tuple[type[Capability], dict[str, Request]]]:
    """What a workload might try on every store of the deployed data plane."""

    def one(token: str, name: str, output: str = "id") -> str:
        [found] = named(standing, token, name)
        return str(found[output])

    def key(purpose: str) -> str:
        return one("rampart:keys:Key", f"keys-{purpose}")

    [cluster] = named(standing, "rampart:cluster:Cluster", "cluster")
    user = f"rampart-{workload}-{cluster['name'].rpartition('-')[2]}"
    found: dict[str, tuple[type[Capability], dict[str, Request]]] = {
        name: (Bucket, asked(Bucket, one("rampart:bucket:Bucket", name), key("bucket"))) for name in BUCKETS
    }
    for name in SECRETS:
        secret = one("rampart:secrets:Secret", f"secrets-{name}")
        found[f"secret/{name}"] = (Secret, asked(Secret, secret, key("secrets")))
    found["key/fields"] = (Key, asked(Key, key("fields")))
    found["key/bucket"] = (Key, asked(Key, key("bucket")))
    found["cache"] = (Cache, asked(Cache, one("rampart:cache:Cache", "cache"), user=user))
    found["postgres"] = (Postgres, asked(Postgres, one("rampart:postgres:Postgres", "postgres"), user=workload))
    return found


@pytest.mark.parametrize("workload", WORKLOADS)
def test_only_the_workloads_own_service_account_takes_its_role_on(standing: Standing, workload: str) -> None:
    [role] = named(standing, ROLE, f"{workload}-role")
    [cluster] = named(standing, "rampart:cluster:Cluster", "cluster")
    [plane] = named(standing, "rampart:dataplane:DataPlane", "plane")
    account = plane["identities"][workload]
    issuer = cluster["issuer"].removeprefix("https://")

    def takes(namespace: str, name: str, audience: str = "sts.amazonaws.com") -> bool:
        claims = {f"{issuer}:sub": f"system:serviceaccount:{namespace}:{name}", f"{issuer}:aud": audience}
        return allows(role["assumeRolePolicy"], Request("sts:AssumeRoleWithWebIdentity", role["arn"], claims))

    own = account["namespace"], account["service_account"]
    assert takes(*own)
    assert not takes("other", own[1])
    assert not takes(own[0], "other")
    assert not takes(own[0], f"{own[1]}-2")
    assert not takes(*own, audience="api://AzureADTokenExchange")
    assert not allows(role["assumeRolePolicy"], Request("sts:AssumeRole", role["arn"]))
    [statement] = json.loads(role["assumeRolePolicy"])["Statement"]
    assert statement["Principal"] == {"Federated": cluster["trust"]}


def test_a_linter_finds_nothing_in_any_document(standing: Standing) -> None:
    found = [
        (resource["urn"].rpartition("::")[2], issue, detail)
        for resource in standing.resources[AWS]
        if resource["type"].startswith("aws:")
        for path in ("policy", "assumeRolePolicy")
        for issue, detail in lint(resource.get("outputs", {}).get(path), trust=path == "assumeRolePolicy")
        if not any(
            issue == known and re.match(form, detail) for known, form in SAID if allowed_in(known, resource, path)
        )
    ]
    assert not found


def lint(text: Any, trust: bool) -> Iterator[tuple[str, str]]:
    """What the linter says. It wants a resource in every statement: a role's trust is about the role itself."""
    if not isinstance(text, str):
        return
    document = json.loads(text)
    for statement in document["Statement"] if trust else ():
        statement["Resource"] = "*"
    with warnings.catch_warnings(action="ignore"):
        from parliament import analyze_policy_string  # type: ignore[import-untyped] # it has none

        findings = analyze_policy_string(json.dumps(document)).findings
    yield from ((finding.issue, str(finding.detail)) for finding in findings)


def allowed_in(issue: str, resource: Mapping[str, Any], path: str) -> bool:
    """`*` is everything in an identity's policy, and the thing itself in a policy that stands on a thing."""
    return issue != "RESOURCE_STAR" or path == "assumeRolePolicy" or resource["type"] != "aws:iam/rolePolicy:RolePolicy"


SAID = {
    ("RESOURCE_STAR", ""): "see `allowed_in`",
    ("UNKNOWN_FEDERATION_SOURCE", r"arn:aws:iam::\d+:oidc-provider/oidc\.eks\."): "the cluster's own issuer",
    ("UNKNOWN_CONDITION_FOR_ACTION", r"Unknown condition oidc\.eks\..*:(sub|aud) "): "claims of that issuer",
    ("UNKNOWN_CONDITION_FOR_ACTION", "Unknown condition aws:ViaAWSService "): "a global key that the linter lacks",
    ("UNKNOWN_CONDITION_FOR_ACTION", "Unknown condition kms:EncryptionContext:aws:logs:arn for action kms:Describe"): (
        "CloudWatch Logs User Guide has it so"
    ),
    ("UNKNOWN_CONDITION_FOR_ACTION", "Unknown condition s3:TlsVersion "): "of actions of access points, in s3:*",
    ("MISMATCHED_TYPE", "Type mismatch: s3:TlsVersion "): "S3 User Guide has it so",
    ("MISMATCHED_TYPE", "Type mismatch: ArnLike "): "contexts are text, and these are ARNs",
    ("MISMATCHED_TYPE_BUT_USABLE", "Type mismatch: StringNotEqualsIfExists "): "the bucket's key, by its exact ARN",
    ("RESOURCE_MISMATCH", ".*logs:DescribeLogGroups"): "the linter's list is older than AWS's",
}
"""What the linter says of documents that are as they should be, and why they are."""


def named(standing: Standing, token: str, name: str) -> list[dict[str, Any]]:
    found = [r["outputs"] for r in standing.of_type(AWS, token) if r["urn"].endswith(f"::{name}")]
    assert found, f"{token} {name}"
    return found
