"""IAM: roles, and the policies that stand in them."""

import json
from typing import Any

from simulator.aws.policy import statements
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import between, rule

_IAM, _SDK = Source("IAM API reference and quotas", "D"), Source("pulumi-aws SDK text", "S")
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
_FORM, _INVALID = "[A-Za-z0-9_+=,.@-]", "ValidationError"
_ROLE_NAME = Name("name", _IAM, _FORM + "{1,64}", _INVALID, "{account}/{name}", longest=64)
_POLICY_NAME = Name("name", _IAM, _FORM + "{1,128}", _INVALID, longest=128)  # putting one over another is allowed
_OF = Ref("role", ROLE, "NoSuchEntity", _IAM, blocks="DeleteConflict", by=("name",), anywhere=True)
_HAS = {"arn": "arn:aws:iam::{account}:role{path}{name}", "uniqueId": "AROA{number:.17}"}
_SET = {"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False}
TYPES = (
    ResourceType(ROLE, 2, "{name}", _HAS, ("name", "namePrefix", "path"), name=_ROLE_NAME, defaults=_SET),
    ResourceType(POLICY, 1, "{role}:{name}", {}, ("name", "namePrefix", "role"), (_OF,), _POLICY_NAME),
)


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def _size(document: Any) -> int:
    return len("".join(_text(document).split()))


@rule((ROLE, POLICY), "MalformedPolicyDocument", Source("IAM's grammar of policies, as moto has it", "D"))
def _document(operation: Operation) -> str | None:
    """The document is one: a role's says who may assume it, a policy what on which resources, and not who."""
    from moto.iam import policy_validation as moto
    from moto.iam.exceptions import MalformedPolicyDocument

    role = operation.type.token == ROLE
    document = operation.one("assumeRolePolicy" if role else "policy")
    try:
        (moto.IAMTrustPolicyDocumentValidator if role else moto.IAMPolicyDocumentValidator)(_text(document)).validate()
    except MalformedPolicyDocument as error:
        return str(error.message)
    wrong = any(("Principal" in statement) != role for statement in statements(document) or [])
    return f"a statement {'lacks' if role else 'has'} a Principal" if wrong else None


@rule(ROLE, "EntityAlreadyExists", _IAM, "create", "name", "choose another name, or import what exists")
def _taken(operation: Operation) -> str | None:
    """No two roles of an account have the same name, in upper or lower case."""
    name = operation.inputs["name"].lower()
    taken = any(name == role.id.lower() for role in operation.others(ROLE))
    return f"role with name {operation.inputs['name']} already exists" if taken else None


@rule((ROLE, POLICY), "LimitExceeded", _IAM, fix="spaces do not count")
def _limit(operation: Operation) -> str | None:
    """`assumeRolePolicy` has at most 2048 characters, a role's inline policies 10240 together."""
    sizes = [_size(document) for path in ("assumeRolePolicy", "policy") for document in operation.at(path)]
    mates = (other for other in operation.others(POLICY) if other.get("role") == operation.one("role"))
    size, most = sum([*sizes, *(_size(mate.get("policy")) for mate in mates)]), 10240 if operation.one("role") else 2048
    return f"{size} characters are more than {most}" if size > most else None


RULES = (between(ROLE, "maxSessionDuration", 3600, 43200, _INVALID, _SDK), _document, _taken, _limit)
