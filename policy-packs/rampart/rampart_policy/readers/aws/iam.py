"""AWS IAM: what identities may do, who may act as them, and which keys they have.

IAM User Guide, "Policies and permissions", "The confused deputy problem", "OIDC federation".
"""

import re
from collections.abc import Iterator

from rampart_policy.facts import (
    ExportedKey,
    Fact,
    FederatedTrust,
    Permission,
    Role,
    RoleGrant,
    Scope,
    ServiceTrust,
)
from rampart_policy.readers.aws.policies import Statement, grants, statements
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either, every

ANY_ACTION = r"\*|[a-z0-9-]+:\*"
ANY_RESOURCE = r"\*|arn:[^:]*:[a-z0-9-]*:[^:]*:[^:]*:(?:[a-z-]+[/:])?\*"
"""Everything there is, or all of a type: `arn:aws:kms:us-east-1:111122223333:key/*`."""

WITHOUT_RESOURCE = re.compile(
    r"[a-z0-9-]+:(?:describe|list)[a-z0-9*]*|ecr:getauthorizationtoken|sts:getcalleridentity|"
    r"xray:put(?:tracesegments|telemetryrecords)|xray:getsampling[a-z]*",
    re.IGNORECASE,
)
"""Actions that take no resource, or only list what there is (Service Authorization Reference)."""

RESOURCE_KEYS = re.compile(
    r"(?:aws|ec2|rds|ssm|secretsmanager):resourcetag/.*|kms:(?:encryptioncontext:.*|viaservice|resourcealiases)|"
    r"ec2:vpc|cloudwatch:namespace"
)
"""Condition keys, in lower case, that say on which resources."""

DEPUTIES = re.compile(
    r"(?:vpc-flow-logs|monitoring\.rds|scheduler|pipes|states|ssm|transfer|bedrock|logs(?:\.[a-z0-9-]+)?)"
    r"\.amazonaws\.com"
)
"""Services that act for every customer and say for whose resource, as each one's guide has it. EC2, Lambda and EKS say
nothing of the kind."""

BROAD = re.compile(r"arn:[^:]*:iam::aws:policy/(?:.*/)?(?:AdministratorAccess.*|PowerUserAccess|\w*FullAccess(?:V\d)?)")
"""Managed policies of AWS's own that allow everything, or everything of a service."""

no_surface(
    {
        "aws:iam/group:Group": "names users; what they may do is judged where it is given",
        "aws:iam/instanceProfile:InstanceProfile": "hands a role to machines; the role is judged",
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "names an issuer; the roles that trust it are judged",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole": "AWS writes what it may do and who may act as it",
        "aws:iam/user:User": "an identity; its keys and what it may do are judged",
    }
)


@reader("aws:iam/role:Role")
def role(made: Resource) -> Iterator[Fact]:
    trust = made.at("assumeRolePolicy")
    yield from grants(trust, made)
    yield from _trust(trust)
    for inline in made.at("inlinePolicies").items():
        yield from _permissions(inline.key("policy"))
    for attached in made.at("managedPolicyArns").items():
        yield _attached(attached)


@reader(
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
)
def policy(made: Resource) -> Iterator[Permission]:
    yield from _permissions(made.at("policy"))


@reader(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
)
def attachment(made: Resource) -> Iterator[RoleGrant]:
    yield _attached(made.at("policyArn"))


@reader("aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile")
def credential(made: Resource) -> Iterator[ExportedKey]:
    yield ExportedKey(exported=made.is_such())


def _attached(arn: Node) -> RoleGrant:
    """A policy of AWS's own; one of the program's is judged where it is written."""
    granted = arn.text(default="").map(lambda text: Role(text, broad=bool(BROAD.fullmatch(text))))
    return RoleGrant(role=granted, scope=Field(Scope("what the policy names", broad=False)))


def _permissions(document: Node) -> Iterator[Permission]:
    for statement in statements(document):
        conditions = [
            value.given for _, key, value in statement.conditions if RESOURCE_KEYS.fullmatch(key)
        ] or _unknown_conditions(statement)
        on = either(*conditions, _without_resource(statement))
        yield Permission(
            allows=statement.allows,
            every_action=statement.all_of("Action", ANY_ACTION),
            every_resource=statement.all_of("Resource", ANY_RESOURCE),
            narrowed=Field(False, statement.node.key("Condition").path) if on.value is False else on,
        )


def _unknown_conditions(statement: Statement) -> list[Field[bool]]:
    place = statement.node.key("Condition")
    return [] if place.missing or place.given.known else [place.given]


def _without_resource(statement: Statement) -> Field[bool]:
    """Whether every action takes no resource."""
    actions = [item.text(default="") for item in statement.node.key("Action").items()]
    without = [action.map(lambda name: bool(WITHOUT_RESOURCE.fullmatch(name))) for action in actions]
    return every(*without) if without else Field(False, "Action")


def _trust(document: Node) -> Iterator[ServiceTrust | FederatedTrust]:
    for statement in statements(document):
        principal = statement.node.key("Principal")
        if not isinstance(principal.raw, dict):
            continue
        for service in principal.key("Service").items():
            deputy = service.text(default="").map(lambda name: bool(DEPUTIES.fullmatch(name)))
            yield ServiceTrust(allows=statement.allows, deputy=deputy, scoped=statement.narrowed)
        for _ in principal.key("Federated").items():
            yield FederatedTrust(allows=statement.allows, exact=_exact(statement))


def _exact(statement: Statement) -> Field[bool]:
    """Whether a condition on the issuer's `sub` lists subjects in full. SAML has `SAML:sub`."""
    subjects = [
        item.text(default="*").map(lambda text: bool(text) and "*" not in text and "?" not in text)
        for operator, key, value in statement.conditions
        if key.endswith(":sub") and operator in ("stringequals", "stringlike")
        for item in value.items()
    ]
    if subjects:
        return every(*subjects)
    return (_unknown_conditions(statement) or [Field(False, statement.node.key("Condition").path)])[0]
