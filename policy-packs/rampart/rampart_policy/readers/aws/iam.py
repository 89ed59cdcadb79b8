"""AWS IAM: identities, what is attached to them, and which keys they have.

IAM User Guide, "Managed policies and inline policies", "Managing access keys".
"""

import math
import re
from collections.abc import Iterator

from rampart_policy.facts import DeletionProtection, Fact, FederatedTrust, GeneratedPassword, Role, RoleGrant, Scope
from rampart_policy.readers import secrets
from rampart_policy.readers.aws import identity_policies
from rampart_policy.readers.aws.actions import has_wildcard
from rampart_policy.readers.aws.identity_policies import permissions
from rampart_policy.readers.aws.policies import grants
from rampart_policy.readers.aws.trust import trust
from rampart_policy.readers.table import always, exported_key, service
from rampart_policy.registry import Reader, no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node

BROAD = re.compile(
    r"arn:[^:]*:iam::aws:policy/(?:.*/)?(?:AdministratorAccess.*|PowerUserAccess|\w*FullAccess(?:V\d)?|\w*PowerUser|"
    r"ReadOnlyAccess|SecretsManagerReadWrite|AmazonEC2RoleforSSM|"
    r"(?:Database|Network|System)Administrator|DataScientist)"
)
"""Managed policies of AWS's own that allow everything, everything of a service, or to read all there is."""

CHARACTERS = 26 + 26 + 10 + 20
"""Letters of both cases, digits and symbols."""

no_surface(
    {
        "aws:iam/accountAlias:AccountAlias": "a name for the account",
        "aws:iam/group:Group": "names users; what they may do is judged where it is given",
        "aws:iam/groupMembership:GroupMembership": "puts users into a group; what it may do is judged",
        "aws:iam/groupPoliciesExclusive:GroupPoliciesExclusive": "names inline policies, which are judged",
        "aws:iam/instanceProfile:InstanceProfile": "hands a role to machines; the role is judged",
        "aws:iam/organizationsFeatures:OrganizationsFeatures": "central control of root users: it only takes away",
        "aws:iam/rolePoliciesExclusive:RolePoliciesExclusive": "names inline policies, which are judged",
        "aws:iam/samlProvider:SamlProvider": "names an issuer; the roles that trust it are judged",
        "aws:iam/securityTokenServicePreferences:SecurityTokenServicePreferences": "the form of session tokens",
        "aws:iam/serviceLinkedRole:ServiceLinkedRole": "AWS writes what it may do and who may act as it",
        "aws:iam/sshKey:SshKey": "a public key",
        "aws:iam/user:User": "an identity; its keys and what it may do are judged",
        "aws:iam/userGroupMembership:UserGroupMembership": "puts a user into groups; what they may do is judged",
        "aws:iam/userPoliciesExclusive:UserPoliciesExclusive": "names inline policies, which are judged",
        "aws:iam/virtualMfaDevice:VirtualMfaDevice": "a second factor",
    }
)


@reader("aws:iam/role:Role")
def role(made: Resource) -> Iterator[Fact]:
    document = made.at("assumeRolePolicy")
    yield from grants(document, made)
    yield from trust(document)
    for inline in made.at("inlinePolicies").items():
        yield from permissions(inline.key("policy"))
    yield from attached("managedPolicyArns")(made)


def attached(*paths: str) -> Reader:
    """Policies of AWS's own that are attached by ARN; those of the program are judged where they are written."""

    def part(made: Resource) -> Iterator[Fact]:
        for path in paths:
            for arn in made.at(path).items():
                yield _attached(arn)

    return part


def _attached(arn: Node) -> RoleGrant:
    granted = arn.text(default="").map(lambda text: Role(text, broad=bool(BROAD.fullmatch(text))))
    return RoleGrant(role=granted, scope=Field(Scope("what the policy names", broad=False)))


service(
    (
        "aws:iam/policy:Policy",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/userPolicy:UserPolicy",
        "aws:iam/groupPolicy:GroupPolicy",
    ),
    also=(identity_policies.policy("policy"),),
)
service(
    (
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:iam/userPolicyAttachment:UserPolicyAttachment",
        "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
        "aws:iam/policyAttachment:PolicyAttachment",
    ),
    also=(attached("policyArn"),),
)
service(
    (
        "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
        "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
    ),
    also=(attached("policyArns"),),
)
service(
    (
        "aws:iam/accessKey:AccessKey",
        "aws:iam/userLoginProfile:UserLoginProfile",
        "aws:iam/serviceSpecificCredential:ServiceSpecificCredential",
        "aws:iam/signingCertificate:SigningCertificate",
    ),
    exported_key(always),
)


@reader("aws:iam/accountPasswordPolicy:AccountPasswordPolicy")
def password_policy(made: Resource) -> Iterator[Fact]:
    """As if users took the shortest password that is allowed, of every kind of character (IAM's minimum is 6)."""
    bits = math.log2(CHARACTERS)
    length = made.at("minimumPasswordLength").number(default=6)
    yield GeneratedPassword(entropy=length.map(lambda characters: round(characters * bits)))


@reader("aws:cognito/userPool:UserPool")
def user_pool(made: Resource) -> Iterator[Fact]:
    """Who an application's users are: not who works in the cloud, but their accounts are not made again."""
    guard = made.at("deletionProtection").text(default="INACTIVE")
    yield DeletionProtection(enabled=guard.map(lambda state: state == "ACTIVE"))


service("aws:iam/serverCertificate:ServerCertificate", lambda place: (secrets.unmarked(place.key("privateKey")),))


@reader("aws:iam/openIdConnectProvider:OpenIdConnectProvider")
def oidc_provider(made: Resource) -> Iterator[Fact]:
    """Audiences that tokens may be made out to, one by one; the subjects are the roles' to name."""
    for audience in made.at("clientIdLists").items():
        exact = audience.text(default="").map(lambda name: bool(name.strip()) and not has_wildcard(name))
        yield FederatedTrust(allows=Field(True), exact=Field(True), audience=exact)


# IAM Identity Center: permission sets are roles in every account that they are assigned in.

service(
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", also=(identity_policies.policy("inlinePolicy"),)
)
service("aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment", also=(attached("managedPolicyArn"),))
service(
    "aws:ssoadmin/managedPolicyAttachmentsExclusive:ManagedPolicyAttachmentsExclusive",
    also=(attached("managedPolicyArns"),),
)
service("aws:rolesanywhere/profile:Profile", also=(attached("managedPolicyArns"),))
service("aws:quicksight/iamPolicyAssignment:IamPolicyAssignment", also=(attached("policyArn"),))
service("aws:budgets/budgetAction:BudgetAction", also=(attached("definition.iamActionDefinition.policyArn"),))
