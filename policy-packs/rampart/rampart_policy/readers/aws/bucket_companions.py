"""Amazon S3: a bucket together with the resources that configure it, which name it by their property `bucket`."""

from collections.abc import Iterator

from rampart_policy.facts import (
    StackFact,
    StoreAccessLists,
    StoreEncryption,
    StorePublicAccess,
    StoreTransport,
    StoreVersioning,
)
from rampart_policy.readers.aws.policies import Statement, statements
from rampart_policy.registry import stack_reader
from rampart_policy.resources import Resource
from rampart_policy.stack import Stack
from rampart_policy.values import UNKNOWN, Field, Node, either, every


@stack_reader("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
def bucket(made: Resource, stack: Stack) -> Iterator[StackFact]:
    def companion(kind: str) -> Field[bool]:
        token = f"aws:s3/bucket{kind}:Bucket{kind}"
        return stack.has_companion(made, "bucket", token, f"aws:s3/bucket{kind}V2:Bucket{kind}V2")

    yield StorePublicAccess(block=companion("PublicAccessBlock"))
    yield StoreAccessLists(ownership=companion("OwnershipControls"))
    yield StoreEncryption(
        configured=either(
            made.at("serverSideEncryptionConfiguration").given, companion("ServerSideEncryptionConfiguration")
        )
    )
    yield StoreVersioning(configured=either(made.at("versioning").given, companion("Versioning")))
    yield StoreTransport(refuses_plaintext=_refuses_plaintext(made, stack))


def _refuses_plaintext(made: Resource, stack: Stack) -> Field[bool]:
    certain, possible = stack.companions(made, "bucket", "aws:s3/bucketPolicy:BucketPolicy")
    documents = [policy.at("policy") for policy in certain]
    answers = [_denies_plaintext(document) for document in (made.at("policy"), *documents)]
    if possible:
        answers.append(Field(UNKNOWN, "BucketPolicy with this bucket"))
    decided = either(*answers)
    return Field(decided.value, "a Deny of plain HTTP")


def _denies_plaintext(document: Node) -> Field[bool]:
    answers = [_is_plaintext_denial(statement) for statement in statements(document)]
    return either(*answers) if answers else Field(False, document.path)


def _is_plaintext_denial(statement: Statement) -> Field[bool]:
    """Deny, to everybody, every action on every object, when the transport is not secure: and on no other condition."""
    conditions = list(statement.conditions)
    plaintext = [
        value.flag(default=True).map(lambda secure: not secure)
        for operator, key, value in conditions
        if key == "aws:securetransport" and operator in ("bool", "boolifexists")
    ]
    everybody = [node.text(default="").map(lambda name: name == "*") for node in statement.principals]
    parts = [
        statement.denies,
        either(*plaintext) if plaintext and len(conditions) == 1 else _unless_unknown(statement, "Condition"),
        either(*everybody) if everybody else _unless_unknown(statement, "Principal"),
        statement.all_of("Action", r"\*|s3:\*"),
        statement.all_of("Resource", r"\*|.*/\*"),
    ]
    return every(*parts)


def _unless_unknown(statement: Statement, element: str) -> Field[bool]:
    return statement.node.key(element).given.map(lambda _: False)
