"""Secrets Manager: secrets without values, and who may have them. moto keeps them too."""

from typing import Any

from simulator.aws.account import Api, AwsType, Calls
from simulator.aws.keys import denied
from simulator.aws.policy import statements
from simulator.cloud import Name, Operation, Ref, Rule, Source
from simulator.rules import key_use, of_inputs, rule
from simulator.values import Props

_API, _SDK = Source("Secrets Manager API reference", "D"), Source("pulumi-aws SDK text", "S")
SECRET, POLICY = (f"aws:secretsmanager/{kind[0].lower()}{kind[1:]}:{kind}" for kind in ("Secret", "SecretPolicy"))
_INVALID = "InvalidParameterException"


class _Secret(AwsType):
    def made(self, aws: Calls, answer: Any) -> Props:
        return {"arn": answer["ARN"], "name": answer["Name"]}

    def change(self, aws: Calls) -> None:
        new = aws.operation.inputs
        aws("secretsmanager.update_secret", SecretId=aws.operation.id, KmsKeyId=new.get("kmsKeyId"))


class _Policy(AwsType):
    def change(self, aws: Calls) -> None:
        policy = aws.operation.inputs["policy"]
        aws("secretsmanager.put_resource_policy", SecretId=aws.operation.id, ResourcePolicy=policy)


_NAME = Name(
    "name", _API, r"(?!.*-[A-Za-z0-9]{6}$)[A-Za-z0-9/_+=.@-]{1,512}", _INVALID, "{account}/{region}/{name}",
    "InvalidRequestException", longest=512,
)  # fmt: skip
_SECRET_API = Api(
    "secretsmanager.create_secret", "Name=name Description KmsKeyId", "ARN", "secretsmanager.delete_secret SecretId"
)
_POLICY_API = Api("secretsmanager.put_resource_policy", "SecretId=secretArn ResourcePolicy=policy", "ARN")
_OF = Ref("secretArn", SECRET, "ResourceNotFoundException", _API, by=("arn",))
TYPES = (
    _Secret(
        SECRET, 2, "", {}, ("name", "namePrefix"), name=_NAME, defaults={"recoveryWindowInDays": 30},
        keeps_name="scheduled for deletion", api=_SECRET_API,
    ),
    _Policy(POLICY, 1, "", {}, ("secretArn",), (_OF,), api=_POLICY_API),
)  # fmt: skip


@rule(POLICY, "MalformedPolicyDocumentException", _API, property_="policy")
def _document(operation: Operation) -> str | None:
    """`policy` is a document with statements."""
    wrong = [policy for policy in operation.at("policy") if not statements(policy)]
    return "the resource policy is not a JSON document with statements" if wrong else None


@rule(POLICY, "PublicPolicyException", _API, property_="policy", fix="name principals, or add a condition")
def _public(operation: Operation) -> str | None:
    """With `blockPublicPolicy`, the policy allows nothing to everybody."""
    for statement in statements(operation.one("policy")) or []:
        everybody = statement.get("Principal") in ("*", {"AWS": "*"})
        if everybody and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            return "the policy grants broad access" if operation.one("blockPublicPolicy") else None
    return None


def _use(operation: Operation, key: str) -> str | None:
    same = operation.record and operation.record.inputs.get("kmsKeyId") == key  # judged when it was set
    return None if same else denied(operation, key, "secretsmanager")


def _days() -> Rule:
    says = "is 0, or from 7 to 30"
    wrong = lambda days: days and not 7 <= days <= 30  # noqa: E731
    return of_inputs("range", SECRET, "recoveryWindowInDays", wrong, says, "use 0, or 7 to 30", _INVALID, _SDK)


RULES = (_document, _public, _days(), key_use(SECRET, "kmsKeyId", _use, "InvalidParameterException", _API))
