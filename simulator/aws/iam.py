"""IAM: roles, the policies that stand in them or are attached, and OIDC providers."""

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from simulator.aws.policy import allows, statements
from simulator.cloud import Name, Operation, Ref, ResourceType, Source
from simulator.rules import between, rule
from simulator.state import Record
from simulator.values import Props

_IAM, _SDK = Source("IAM API reference and quotas", "D"), Source("pulumi-aws SDK text", "S")
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ISSUER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
_LINKED = {
    "autoscaling": "autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
    "elasticache": "elasticache.amazonaws.com/AWSServiceRoleForElastiCache",
    "rds": "rds.amazonaws.com/AWSServiceRoleForRDS",
}
LINKED = {service: f"aws-service-role/{role}" for service, role in _LINKED.items()}
_FORM, _INVALID = "[A-Za-z0-9_+=,.@-]", "ValidationError"
_ROLE_NAME = Name("name", _IAM, _FORM + "{1,64}", _INVALID, "{account}/{name}", longest=64)
_POLICY_NAME = Name("name", _IAM, _FORM + "{1,128}", _INVALID, longest=128)  # putting one over another is allowed
_OF = Ref("role", ROLE, "NoSuchEntity", _IAM, blocks="DeleteConflict", by=("name",), anywhere=True)
_HAS = {"arn": "arn:aws:iam::{account}:role{path}{name}", "uniqueId": "AROA{number:.17}"}


class _Issuer(ResourceType):
    def create(self, operation: Operation) -> Props:
        operation.id = _provider(operation)
        return self.describe(operation)


def _provider(operation: Operation) -> str:
    return operation.text("arn:aws:iam::{account}:oidc-provider/") + str(operation.one("url")).removeprefix("https://")


_URL = Name("url", _IAM, r"https://[^:/?#]+(/[^?#]*)?", _INVALID, auto=None)
_SET = {"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False}
TYPES = (
    ResourceType(ROLE, 2, "{name}", _HAS, ("name", "namePrefix", "path"), name=_ROLE_NAME, defaults=_SET),
    ResourceType(POLICY, 1, "{role}:{name}", {}, ("name", "namePrefix", "role"), (_OF,), _POLICY_NAME),
    ResourceType(ATTACHMENT, 1, "{role}/{policyArn}", {}, ("*",), (_OF,)),
    _Issuer(ISSUER, 2, "", {"arn": _provider}, ("url",), name=_URL),
)


def _role(operation: Operation, arn: str) -> Record | None:
    return operation.find(ROLE, arn, ("arn",))


def trusts(operation: Operation, arn: str, service: str, context: Mapping[str, str] | None = None) -> bool:
    """Whether a service (`eks`) may assume the role of that ARN."""
    role, who = _role(operation, arn), (f"{service}.amazonaws.com",)
    return bool(role) and allows(role and role.get("assumeRolePolicy"), who, "sts:AssumeRole", context=context)


def granted(operation: Operation, arn: str) -> set[str]:
    """The names of the managed policies that the role of that ARN has."""
    role = _role(operation, arn)
    attached = (other for other in operation.others(ATTACHMENT) if role and other.get("role") == role.id)
    return {str(other.get("policyArn")).rpartition("/")[2] for other in attached}


def text(document: Any) -> str:
    """A policy document as JSON text."""
    return document if isinstance(document, str) else json.dumps(document)


def size(document: Any) -> int:
    """The characters of a policy document that count: all but spaces."""
    return len("".join(text(document).split()))


@rule((ROLE, POLICY), "MalformedPolicyDocument", Source("IAM's grammar of policies, as moto has it", "D"))
def _document(operation: Operation) -> str | None:
    """The document is one: a role's says who may assume it, a policy what on which resources, and not who."""
    from moto.iam import policy_validation as moto
    from moto.iam.exceptions import MalformedPolicyDocument

    role = operation.type.token == ROLE
    document = operation.one("assumeRolePolicy" if role else "policy")
    try:
        (moto.IAMTrustPolicyDocumentValidator if role else moto.IAMPolicyDocumentValidator)(text(document)).validate()
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
    sizes = [size(document) for path in ("assumeRolePolicy", "policy") for document in operation.at(path)]
    mates = (other for other in operation.others(POLICY) if other.get("role") == operation.one("role"))
    total, most = sum([*sizes, *(size(mate.get("policy")) for mate in mates)]), 10240 if operation.one("role") else 2048
    return f"{total} characters are more than {most}" if total > most else None


@rule(
    ATTACHMENT, "NoSuchEntity", Source("the list of AWS managed policies, as moto has it", "D"), "create", "policyArn"
)
def _managed(operation: Operation) -> str | None:
    """A policy of AWS's that is named exists."""
    found = re.fullmatch(r"arn:aws:iam::aws:policy(/.*?)([^/]+)", str(operation.one("policyArn")))
    about = _managed_policies().partition(f'\n "{found[2]}":{{')[2].partition("\n }")[0] if found else ""
    at_path = found is None or (about and f'"Path":"{found[1]}"' in about)
    return None if at_path else f"policy {operation.one('policyArn')} does not exist or is not attachable"


@functools.cache
def _managed_policies() -> str:
    """Moto's list, as text: to load it would take longer than all the rest of moto."""
    import moto

    return (Path(moto.__file__).parent / "iam" / "aws_managed_policies.py").read_text()


@rule(ISSUER, "EntityAlreadyExists", _IAM, "create", "url", "import what exists")
def _issuer(operation: Operation) -> str | None:
    """An account has one provider of a URL."""
    same = any(other.get("url") == operation.one("url") for other in operation.others(ISSUER))
    return f"provider with url {operation.one('url')} already exists" if same else None


RULES = (
    between(ROLE, "maxSessionDuration", 3600, 43200, _INVALID, _SDK),
    *(_document, _taken, _limit, _managed, _issuer),
)
