"""Google Cloud IAM: members and roles, in members, bindings, whole policies and access lists, on any resource."""

import json
import re
from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, Principal, Role, RoleGrant, Scope
from rampart_policy.readers.gcp import cel, iam_resources, roles, subjects
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown

PERSONAL = ("@gmail.com", "@googlemail.com")
"""Accounts that no organization manages (CIS benchmark, 1.1)."""

NAMED = re.compile(
    r"""resource\.name(?:\.(?:startsWith|endsWith|extract)\(\s*|\.matches\(\s*)(["'])(?P<name>[^"']*)\1"""
)
"""How a condition says on what: by a name, or a part of one; a time, a type or an origin leaves all of the project."""

WHOLE = re.compile(r"""resource\.name\s*==\s*(["'])(?P<name>[^"']*)\1""")
PROJECT = re.compile(r"(?:/*projects/[^/]*)?/*")

SPECIFIC = 3
"""Words that a name has at least, when it is that of less than a project: `projects/_/buckets/b` has three."""

TAGGED = re.compile(r"resource\.(?:matchTag|hasTagKey|matchTagId|hasTagKeyId)\w*\(|api\.getAttribute\(", re.IGNORECASE)
"""Tags, and limits on what can be given on (`iam.googleapis.com/modifiedGrantsByRole`)."""

_SHARED = re.compile(r"/attribute\.(?:" + "|".join(sorted(subjects.SHARED_CLAIMS)) + ")/")
"""Of a pool's members, those who have an attribute that many have."""

ONE = re.compile(r"""resource\.name == (["'])[^"'|]+\1( && [^|]+)?""")
"""A condition that names one resource, whatever else it asks for."""

ONLY = re.compile(
    r"""api\.getAttribute\((["'])iam\.googleapis\.com/modifiedGrantsByRole\1, \[\]\)"""
    r"""\.hasOnly\(\[(?P<roles>[^]|]+)\]\)"""
)
"""A condition under which only some roles can be given and taken, and nothing else is asked for."""

no_surface(
    {
        "gcp:serviceaccount/account:Account": "an identity; what it may do, and who may act as it, is judged",
        "gcp:projects/iamMemberRemove:IamMemberRemove": "takes a role away",
        "gcp:iam/denyPolicy:DenyPolicy": "forbids, whatever is allowed elsewhere",
        "gcp:iam/principalAccessBoundaryPolicy:PrincipalAccessBoundaryPolicy": "limits what principals can reach",
        "gcp:iam/organizationsPolicyBinding:OrganizationsPolicyBinding": "joins a boundary with principals",
        "gcp:iam/foldersPolicyBinding:FoldersPolicyBinding": "joins a boundary with principals",
        "gcp:iam/projectsPolicyBinding:ProjectsPolicyBinding": "joins a boundary with principals",
    }
)


@reader(*iam_resources.tokens("Member"))
def member(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    yield from _binding(made, made.properties, made.at("member"))


@reader(*iam_resources.tokens("Binding"))
def binding(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    yield from _binding(made, made.properties, made.at("members"))


@reader(*iam_resources.tokens("Policy"))
def policy(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    """A policy is JSON text, mostly from `getIAMPolicy`."""
    document = made.at("policyData")
    if isinstance(document.raw, str):
        text = document.text(default="").parse(json.loads, "a JSON policy")
        document = Node(text.value, text.path, text.secret)
    for place in document.key("bindings").items():
        yield from _binding(made, place, place.key("members"))


@reader("gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:organizations/iAMCustomRole:IAMCustomRole")
def custom_role(made: Resource) -> Iterator[RoleGrant]:
    """A role of one's own is as broad as its permissions."""
    for node in made.at("permissions").items():
        scope = Field(Scope("wherever it is given", broad=False), "type")
        yield RoleGrant(role=node.text(default="").map(roles.permission), scope=scope)


@reader(
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
    "gcp:storage/objectAccessControl:ObjectAccessControl",
)
def access_control(made: Resource) -> Iterator[AccessGrant]:
    yield grant(made.at("entity"))


@reader(
    "gcp:storage/bucketACL:BucketACL",
    "gcp:storage/defaultObjectACL:DefaultObjectACL",
    "gcp:storage/objectACL:ObjectACL",
)
def access_list(made: Resource) -> Iterator[AccessGrant]:
    """Entries are `<role>:<entity>`; a predefined list says by its name whether everyone is in it."""
    for node in made.at("roleEntities").items():
        entity = node.text(default="").map(lambda entry: principal(entry.partition(":")[2]))
        yield AccessGrant(allows=Field(True), principal=entity, narrowed=Field(False))
    for name in ("predefinedAcl", "defaultAcl"):
        predefined = made.at(name).text(default="").map(_predefined)
        yield AccessGrant(allows=Field(True), principal=predefined, narrowed=Field(False))


def grant(node: Node) -> AccessGrant:
    """Of whoever a property names."""
    return AccessGrant(allows=Field(True), principal=node.text(default="").map(principal), narrowed=Field(False))


def role_grant(token: str, role: Field[str], condition: Node) -> RoleGrant:
    """A role on what a type of binding covers."""
    level = iam_resources.scope(token)
    return RoleGrant(
        role=_role(level, role, condition),
        scope=_scope(level, role, condition),
    )


def _binding(made: Resource, place: Node, members: Node) -> Iterator[AccessGrant | RoleGrant]:
    """A condition limits what, and when; hardly ever who: it narrows nothing for everyone."""
    for node in members.items():
        who = node.text(default="").map(principal)
        yield AccessGrant(allows=Field(True), principal=who, narrowed=Field(False, "condition"))
    yield role_grant(made.type, place.key("role").text(default=""), place.key("condition"))


def _role(level: Scope, role: Field[str], condition: Node) -> Field[Role]:
    """Not known to be broad where a condition that is not known may name one resource, and that would do."""
    one = condition.key("expression").text(default="").map(lambda text: bool(ONE.fullmatch(text)))
    if isinstance(one.value, Unknown) and role.value in roles.NAMED_ALONE:
        return Field(one.value, "condition")
    if role.value in roles.DELEGATING:
        limited = condition.key("expression").text(default="").map(_gives_narrow_roles)
        if isinstance(limited.value, Unknown):
            return Field(limited.value, "condition")
        return role.map(lambda name: Role(name, broad=not limited.value))
    return role.map(lambda name: roles.role(name, whole=level.broad, one=one.value is True))


def _gives_narrow_roles(expression: str) -> bool:
    """Whether a condition lists the roles that can be given, and each would do on a whole project."""
    found = ONLY.fullmatch(expression.strip())
    names = [name.strip(" '\"") for name in found["roles"].split(",")] if found else []
    return bool(names) and not any(roles.role(name, whole=True).broad for name in names)


def _scope(level: Scope, role: Field[str], condition: Node) -> Field[Scope]:
    """Wider than needed if the role's resources take bindings of their own and no condition picks one."""
    if not level.broad:
        return Field(level, role.path)
    limits = condition.key("expression").text(default="").map(_names_resources)
    if limits.value is True:
        return Field(Scope(f"{level.text}, under a condition", broad=False), "condition")
    found = role.map(lambda name: Scope(level.text, broad=name.startswith(roles.ON_ONE_RESOURCE)))
    if isinstance(limits.value, Unknown) and found.known:
        return Field(limits.value, "condition")
    return found


def _names_resources(expression: str) -> bool:
    """Whether a condition holds for some resources only, by their names or tags, or limits which roles can be given."""
    return cel.narrows(expression, _is_narrow)


def _is_narrow(text: str) -> bool:
    if exact := WHOLE.search(text):
        return not PROJECT.fullmatch(exact["name"])
    named = NAMED.search(text)
    if named:
        return len([part for part in named["name"].split("/") if part.strip("_-*")]) >= SPECIFIC
    return bool(TAGGED.search(text))


def principal(member_text: str) -> Principal:
    """Whom a member stands for (IAM documentation, "Principal identifiers")."""
    kind = member_text.strip().lower()
    if kind in ("allusers", "allauthenticatedusers", "principalset://goog/public:all"):
        return Principal(member_text, Audience.EVERYONE)
    if kind.startswith(("domain:", "domain-", "projectowner:", "projecteditor:", "projectviewer:", "project-")):
        return Principal(member_text, Audience.ORGANIZATION)
    if kind.startswith("principalset:") and (kind.endswith("/*") or _SHARED.search(kind)):
        return Principal(member_text, Audience.ORGANIZATION)
    if kind.endswith(PERSONAL):
        return Principal(member_text, Audience.OTHER_ACCOUNT)
    return Principal(member_text, Audience.NAMED)


def _predefined(name: str) -> Principal:
    public = name.lower().startswith(("public", "authenticated"))
    return Principal(f"predefined list {name}", Audience.EVERYONE if public else Audience.NAMED)
