"""IAM, what stands by itself: policies of the account's own, and the roles that services keep for themselves."""

from simulator.aws.iam import ATTACHMENT, LINKED, ROLE, size, text
from simulator.aws.policy import statements
from simulator.cloud import Name, Operation, ResourceType, Source
from simulator.rules import rule
from simulator.values import Props

_IAM, _GUIDE = Source("IAM API reference and quotas", "D"), Source("the services' guides: service-linked roles", "D")
POLICY, SERVICE_ROLE = "aws:iam/policy:Policy", "aws:iam/serviceLinkedRole:ServiceLinkedRole"
SERVICES = {
    **{role.split("/")[1]: role.split("/")[2] for role in LINKED.values()},
    "eks.amazonaws.com": "AWSServiceRoleForAmazonEKS",
    "eks-nodegroup.amazonaws.com": "AWSServiceRoleForAmazonEKSNodegroup",
    "elasticloadbalancing.amazonaws.com": "AWSServiceRoleForElasticLoadBalancing",
    "pullthroughcache.ecr.amazonaws.com": "AWSServiceRoleForECRPullThroughCache",
}
"""What each service calls its role. Those of `LINKED` are there from the start."""


class _Policy(ResourceType):
    def create(self, operation: Operation) -> Props:
        path, name = operation.inputs.get("path", "/"), operation.inputs["name"]
        operation.id = f"arn:aws:iam::{operation.account}:policy{path}{name}"
        return self.describe(operation)


_NAME = Name("name", _IAM, "[A-Za-z0-9_+=,.@-]{1,128}", "ValidationError", "{account}/{name}", "EntityAlreadyExists")
_FIXED = ("name", "namePrefix", "path", "description")
_HAS = {"arn": "{id}", "policyId": "ANPA{number:.17}", "attachmentCount": 0}
_ROLE_ID = "arn:aws:iam::{account}:role/aws-service-role/{awsServiceName}/{name}"
_ROLE_HAS = {"arn": "{id}", "uniqueId": "AROA{number:.17}"}


class _Linked(ResourceType):
    def create(self, operation: Operation) -> Props:
        name = SERVICES[operation.inputs["awsServiceName"]]
        operation.id = operation.text(_ROLE_ID.replace("{name}", name))
        return self.describe(operation) | {
            "name": name,
            "path": f"/aws-service-role/{operation.one('awsServiceName')}/",
        }


TYPES = (
    _Policy(POLICY, 2, "", _HAS, _FIXED, name=_NAME, defaults={"path": "/"}),
    _Linked(SERVICE_ROLE, 2, "", _ROLE_HAS, ("awsServiceName", "customSuffix")),
)


@rule(POLICY, "MalformedPolicyDocument", Source("IAM's grammar of policies, as moto has it", "D"))
def _document(operation: Operation) -> str | None:
    """The document says what on which resources, and not who."""
    from moto.iam import policy_validation as moto
    from moto.iam.exceptions import MalformedPolicyDocument

    document = operation.one("policy")
    try:
        moto.IAMPolicyDocumentValidator(text(document)).validate()
    except MalformedPolicyDocument as error:
        return str(error.message)
    return "a statement has a Principal" if any("Principal" in each for each in statements(document) or []) else None


@rule(POLICY, "LimitExceeded", _IAM, property_="policy", fix="spaces do not count; a role takes ten policies")
def _limit(operation: Operation) -> str | None:
    """`policy` has at most 6144 characters."""
    long = max((size(document) for document in operation.at("policy")), default=0)
    return f"{long} characters are more than 6144" if long > 6144 else None


@rule(ATTACHMENT, "NoSuchEntity", _IAM, "create", "policyArn", "make it first")
def _attached(operation: Operation) -> str | None:
    """A policy of the account's own that is named exists."""
    return _absent(operation, "policyArn")


@rule(ROLE, "NoSuchEntity", _IAM, property_="permissionsBoundary", fix="make it first")
def _boundary(operation: Operation) -> str | None:
    """`permissionsBoundary` names a policy that exists."""
    return _absent(operation, "permissionsBoundary")


@rule(POLICY, "DeleteConflict", _IAM, "delete", fix="detach it first")
def _used(operation: Operation) -> str | None:
    """A policy that is attached to a role is not deleted."""
    role = next((r.get("role") for r in operation.others(ATTACHMENT) if r.get("policyArn") == operation.id), None)
    return f"it is attached to {role}" if role else None


@rule(SERVICE_ROLE, "InvalidInput", _GUIDE, "create", "awsServiceName", "leave it to the service, or import it")
def _had(operation: Operation) -> str | None:
    """`awsServiceName` is a service that keeps a role, which the account does not have yet."""
    service = str(operation.one("awsServiceName"))
    if service not in SERVICES:
        return f"{service!r} is no service that is known here"
    had = any(role.split("/")[1] == service for role in LINKED.values())
    had = had or any(other.get("awsServiceName") == service for other in operation.others(SERVICE_ROLE))
    return f"service role name {SERVICES[service]} has been taken in this account" if had else None


def _absent(operation: Operation, path: str) -> str | None:
    own = f"arn:aws:iam::{operation.account}:policy/"
    wanted = (arn for arn in operation.at(path) if str(arn).startswith(own))
    return next((f"policy {arn} does not exist" for arn in wanted if not operation.find(POLICY, arn)), None)


RULES = (_document, _limit, _attached, _boundary, _used, _had)
