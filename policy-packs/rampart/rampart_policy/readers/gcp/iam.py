"""Google Cloud IAM: members and roles, in members, bindings and whole policies, on any resource.

The same three forms exist for every kind of resource; `LEVELS` lists those that have a reader.
"""

import json
from collections.abc import Iterator

from rampart_policy.facts import AccessGrant, Audience, ExportedKey, Principal, Role, RoleGrant, Scope
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown

BASIC = frozenset({"roles/owner", "roles/editor", "roles/viewer", "roles/browser"})
"""Roles on everything in a project (IAM documentation, "Basic roles")."""

ESCALATING = frozenset(
    {
        "roles/cloudkms.admin",
        "roles/storage.admin",
        "roles/storage.legacyBucketOwner",
        "roles/iam.securityAdmin",
        "roles/iam.organizationRoleAdmin",
        "roles/iam.roleAdmin",
        "roles/iam.serviceAccountAdmin",
        "roles/iam.serviceAccountKeyAdmin",
        "roles/iam.workloadIdentityPoolAdmin",
        "roles/resourcemanager.folderAdmin",
        "roles/resourcemanager.folderIamAdmin",
        "roles/resourcemanager.organizationAdmin",
        "roles/resourcemanager.projectIamAdmin",
    }
)
"""Roles whose holder can give access, to itself and to others."""

ON_ONE_RESOURCE = (
    "roles/cloudkms.",
    "roles/storage.",
    "roles/iam.serviceAccountTokenCreator",
    "roles/iam.serviceAccountUser",
    "roles/iam.workloadIdentityUser",
)
"""Services whose resources take bindings of their own: a binding on the project is on every one of them."""

LEVELS = {
    "gcp:kms/cryptoKeyIAM": Scope("one key", broad=False),
    "gcp:kms/keyRingIAM": Scope("one key ring", broad=False),
    "gcp:serviceaccount/iAM": Scope("one service account", broad=False),
    "gcp:storage/bucketIAM": Scope("one bucket", broad=False),
    "gcp:storage/managedFolderIam": Scope("one folder of a bucket", broad=False),
    "gcp:projects/iAM": Scope("the whole project", broad=True),
    "gcp:folder/iAM": Scope("the whole folder", broad=True),
    "gcp:organizations/iAM": Scope("the whole organization", broad=True),
}
"""Prefixes of the type tokens, and what a binding of that type covers."""

no_surface({"gcp:serviceaccount/account:Account": "an identity; what it may do, and who may act as it, is judged"})


@reader("gcp:serviceaccount/key:Key")
def exported_key(made: Resource) -> Iterator[ExportedKey]:
    """With a public key of the program's own (`public_key_data`), the private one is not Google's to hand out."""
    yield ExportedKey(exported=made.at("publicKeyData").given.map(lambda own: not own))


def _tokens(form: str) -> Iterator[str]:
    for prefix in LEVELS:
        stem = prefix.rpartition("/")[2]
        title = "IAM" if stem == "iAM" else stem[0].upper() + stem[1:]
        yield f"{prefix}{form}:{title}{form}"


@reader(*_tokens("Member"))
def member(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    yield from _binding(made, made.properties, made.at("member"))


@reader(*_tokens("Binding"))
def binding(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    yield from _binding(made, made.properties, made.at("members"))


@reader(*_tokens("Policy"))
def policy(made: Resource) -> Iterator[AccessGrant | RoleGrant]:
    """A policy is JSON text, mostly from `getIAMPolicy`."""
    document = made.at("policyData")
    if isinstance(document.raw, str):
        text = document.text(default="").parse(json.loads, "a JSON policy")
        document = Node(text.value, text.path, text.secret)
    for place in document.key("bindings").items():
        yield from _binding(made, place, place.key("members"))


@reader(
    "gcp:storage/bucketAccessControl:BucketAccessControl",
    "gcp:storage/defaultObjectAccessControl:DefaultObjectAccessControl",
    "gcp:storage/objectAccessControl:ObjectAccessControl",
)
def access_control(made: Resource) -> Iterator[AccessGrant]:
    yield AccessGrant(allows=Field(True), principal=_principal(made.at("entity")), narrowed=Field(False))


@reader(
    "gcp:storage/bucketACL:BucketACL",
    "gcp:storage/defaultObjectACL:DefaultObjectACL",
    "gcp:storage/objectACL:ObjectACL",
)
def access_list(made: Resource) -> Iterator[AccessGrant]:
    """Entries are `<role>:<entity>`; a predefined list says by its name whether everyone is in it."""
    for node in made.at("roleEntities").items():
        entity = node.text(default="").map(lambda entry: _named(entry.partition(":")[2]))
        yield AccessGrant(allows=Field(True), principal=entity, narrowed=Field(False))
    predefined = made.at("predefinedAcl").text(default="").map(_predefined)
    yield AccessGrant(allows=Field(True), principal=predefined, narrowed=Field(False))


def _binding(made: Resource, place: Node, members: Node) -> Iterator[AccessGrant | RoleGrant]:
    """A condition limits what, and when; hardly ever who: it narrows nothing for everyone."""
    for node in members.items():
        yield AccessGrant(allows=Field(True), principal=_principal(node), narrowed=Field(False, "condition"))
    role = place.key("role").text(default="")
    level = LEVELS[next(prefix for prefix in LEVELS if made.type.startswith(prefix))]
    conditional = place.key("condition").given
    yield RoleGrant(
        role=role.map(lambda name: Role(name, broad=name in BASIC or name in ESCALATING)),
        scope=_scope(level, role, conditional),
    )


def _scope(level: Scope, role: Field[str], conditional: Field[bool]) -> Field[Scope]:
    """Wider than needed if the role's resources take bindings of their own and no condition picks one."""
    if not level.broad:
        return Field(level, role.path)
    if conditional.value is True:
        return Field(Scope(f"{level.text}, under a condition", broad=False), "condition")
    found = role.map(lambda name: Scope(level.text, broad=name.startswith(ON_ONE_RESOURCE)))
    if isinstance(conditional.value, Unknown) and found.known:
        return Field(conditional.value, "condition")
    return found


def _principal(node: Node) -> Field[Principal]:
    return node.text(default="").map(_named)


def _named(member_text: str) -> Principal:
    """IAM documentation, "Principal identifiers"."""
    kind = member_text.lower()
    if kind in ("allusers", "allauthenticatedusers"):
        return Principal(member_text, Audience.EVERYONE)
    if kind.startswith(("domain:", "domain-", "projectowner:", "projecteditor:", "projectviewer:", "project-")):
        return Principal(member_text, Audience.ORGANIZATION)
    if kind.startswith("principalset:") and kind.endswith("/*"):
        return Principal(member_text, Audience.ORGANIZATION)
    return Principal(member_text, Audience.NAMED)


def _predefined(name: str) -> Principal:
    public = name.lower().startswith(("public", "authenticated"))
    return Principal(f"predefined list {name}", Audience.EVERYONE if public else Audience.NAMED)
