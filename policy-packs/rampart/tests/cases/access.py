"""Cases of the access controls."""

import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

ONE_CLUSTER = 'resource.name == "projects/p/locations/us-east4/clusters/c"'
VAULTS = "f25e0fa2-a7c8-4377-a976-54943a77a395"
ONE_VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"
SOON = 'request.time < timestamp("2030-01-31T18:00:00Z")'


def bucket_policy(policy: Any) -> Declared:
    return resource("aws:s3/bucketPolicy:BucketPolicy", {"bucket": "b", "policy": policy})


def statement(principal: Any, **extra: Any) -> Any:
    allow = {"Effect": "Allow", "Principal": principal, "Action": "s3:GetObject", "Resource": "*", **extra}
    return json.dumps({"Statement": allow})


def key(policy: Any) -> Declared:
    return resource("aws:kms/key:Key", {"policy": policy})


def member(
    who: Any, role: Any = "roles/storage.objectViewer", token: str = "gcp:storage/bucketIAMMember:BucketIAMMember"
) -> Declared:
    return resource(token, {"bucket": "b", "role": role, "member": who})


def project(role: Any, **extra: Any) -> Declared:
    return resource("gcp:projects/iAMMember:IAMMember", {"role": role, "member": "serviceAccount:a@b", **extra})


def assignment(
    role: Any = "ba92f5b4-2d11-453d-a403-e96b0029c9fe", scope: Any = "/subscriptions/s/resourceGroups/g"
) -> Declared:
    return resource("azure-native:authorization:RoleAssignment", {"roleDefinitionId": role, "scope": scope})


def role_id(guid: str) -> str:
    return f"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def account(**properties: Any) -> Declared:
    return resource("azure-native:storage:StorageAccount", properties)


def block(bucket: Any = "b", *depends: Declared, **flags: Any) -> Declared:
    closed = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
    token = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    return resource(token, {"bucket": bucket, **closed, **flags}, depends={"bucket": depends}, name="block")


def ownership(bucket: Any, owner: Any, *depends: Declared) -> Declared:
    token = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    return resource(
        token, {"bucket": bucket, "rule": {"objectOwnership": owner}}, depends={"bucket": depends}, name="owner"
    )


OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
CONTRIBUTOR = "B24988AC-6180-42A0-AB88-20F7382DD24C"
ROOT = "arn:aws:iam::111122223333:root"
BUCKET = resource("aws:s3/bucket:Bucket", {"bucket": "b"}, outputs={"id": "b"}, name="b")
OTHER = resource("aws:s3/bucket:Bucket", {}, outputs={"id": "other"}, name="other")
UNNAMED = resource("aws:s3/bucket:Bucket", {}, outputs={"id": "b-1"}, name="unnamed")
PUBLIC, BROAD, FOREIGN = "no-public-principal", "no-broad-principal", "no-foreign-principal"
KEY_MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
VAULT = "azure-native:keyvault:Vault"
WHERE = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}


def google_peering(network: Any) -> Declared:
    return resource("gcp:compute/networkPeering:NetworkPeering", {"peerNetwork": network}, provider={"project": "own"})


def azure_peering(network: Any) -> Declared:
    declared = {"remoteVirtualNetwork": {"id": network}}
    return resource("azure-native:network:VirtualNetworkPeering", declared, provider={"subscriptionId": "0000-OWN"})


def aws_service(principal: Any) -> Declared:
    declared = {"acceptanceRequired": False, "allowedPrincipals": [principal]}
    return resource("aws:ec2/vpcEndpointService:VpcEndpointService", declared, provider={"allowedAccountIds": ["1"]})


def google_service(**entry: Any) -> Declared:
    declared = {"connectionPreference": "ACCEPT_MANUAL", "consumerAcceptLists": [{"connectionLimit": 1, **entry}]}
    return resource("gcp:compute/serviceAttachment:ServiceAttachment", declared, provider={"project": "own"})


def azure_service(name: str, id_: Any) -> Declared:
    return resource(
        "azure-native:network:PrivateLinkService",
        {name: {"subscriptions": [id_]}},
        provider={"subscriptionId": "0000-OWN"},
    )


CASES = [
    violates("no-foreign-principal", aws_service("arn:aws:iam::111122223333:root"), at="allowedPrincipals[0]"),
    violates("no-foreign-principal", google_service(projectIdOrNum="other"), at="projectIdOrNum"),
    violates("no-foreign-principal", google_service(networkUrl="projects/other/global/networks/n"), at="networkUrl"),
    passes("no-foreign-principal", google_service(projectIdOrNum="own")),
    undecided("no-foreign-principal", google_service(projectIdOrNum=UNKNOWN)),
    violates("no-foreign-principal", azure_service("visibility", "0000-other"), at="visibility"),
    violates("no-foreign-principal", azure_service("autoApproval", "0000-other"), at="autoApproval"),
    passes("no-foreign-principal", azure_service("visibility", "0000-own")),
    undecided("no-foreign-principal", azure_service("visibility", UNKNOWN)),
    violates("no-foreign-principal", google_peering("projects/other/global/networks/n"), at="peerNetwork"),
    passes("no-foreign-principal", google_peering("projects/own/global/networks/n")),
    undecided("no-foreign-principal", google_peering(UNKNOWN)),
    violates("no-foreign-principal", azure_peering("/subscriptions/0000-other/resourceGroups/g/x/n"), at="id"),
    passes("no-foreign-principal", azure_peering("/subscriptions/0000-own/resourceGroups/g/x/n")),
    undecided("no-foreign-principal", azure_peering(UNKNOWN)),
    violates(PUBLIC, bucket_policy(statement("*")), at="policy.Statement.Principal"),
    passes(FOREIGN, bucket_policy(statement({"AWS": "arn:aws:iam::127311923021:root"}))),
    violates(PUBLIC, bucket_policy(statement({"AWS": ["111122223333", "*"]})), at="policy.Statement.Principal.AWS[1]"),
    violates(PUBLIC, bucket_policy(json.loads(statement("*"))), at="policy.Statement.Principal"),
    violates(PUBLIC, bucket_policy(secret(statement("*"))), at="[secret]"),
    violates(
        PUBLIC, bucket_policy(json.dumps({"Statement": [{"Effect": "Allow", "NotPrincipal": {"AWS": ROOT}}]})), at="Not"
    ),
    violates(
        PUBLIC, bucket_policy(statement("*", Condition={"Bool": {"aws:SecureTransport": "true"}})), at="Principal"
    ),
    violates(
        PUBLIC, bucket_policy(statement("*", Condition={"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}})), at="Principal"
    ),
    violates(
        PUBLIC,
        bucket_policy(statement("*", Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})),
        at="Principal",
    ),
    violates(PUBLIC, key(statement({"AWS": "*"})), at="policy.Statement.Principal.AWS"),
    violates(PUBLIC, resource("aws:s3/bucketAcl:BucketAcl", {"acl": "public-read"}), at="acl"),
    violates(
        PUBLIC,
        resource(
            "aws:s3/bucketAcl:BucketAcl",
            {
                "accessControlPolicy": {
                    "grants": [{"grantee": {"uri": "http://acs.amazonaws.com/groups/global/AllUsers"}}]
                }
            },
        ),
        at="accessControlPolicy.grants[0].grantee.uri",
    ),
    violates(PUBLIC, member("allUsers"), at="member"),
    violates(
        PUBLIC, member("allAuthenticatedUsers", token="gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"), at="member"
    ),
    violates(
        PUBLIC,
        resource("gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding", {"members": ["user:a@b", "allUsers"], "role": "r"}),
        at="members[1]",
    ),
    violates(
        PUBLIC,
        resource(
            "gcp:storage/bucketIAMPolicy:BucketIAMPolicy",
            {"policyData": json.dumps({"bindings": [{"role": "r", "members": ["allUsers"]}]})},
        ),
        at="policyData.bindings[0].members[0]",
    ),
    violates(
        PUBLIC, resource("gcp:storage/bucketAccessControl:BucketAccessControl", {"entity": "allUsers"}), at="entity"
    ),
    violates(
        PUBLIC, resource("gcp:storage/bucketACL:BucketACL", {"roleEntities": ["READER:allUsers"]}), at="roleEntities[0]"
    ),
    passes(PUBLIC, bucket_policy(statement("*", Effect="Deny"))),
    passes(PUBLIC, bucket_policy(statement("*", Condition=WHERE))),
    passes(PUBLIC, bucket_policy(statement("*", Condition={"IpAddress": {"aws:SourceIp": ["198.51.100.0/24"]}}))),
    passes(PUBLIC, bucket_policy(statement({"AWS": ROOT, "Service": "logging.s3.amazonaws.com"}))),
    passes(PUBLIC, key(statement({"AWS": ROOT}, Action="kms:*"))),
    passes(PUBLIC, member("serviceAccount:allusers@example.iam.gserviceaccount.com")),
    undecided(PUBLIC, bucket_policy(UNKNOWN)),
    undecided(PUBLIC, bucket_policy({"Statement": [{"Effect": "Allow", "Principal": UNKNOWN, "Action": "*"}]})),
    undecided(PUBLIC, member(UNKNOWN)),
    violates(BROAD, member("domain:example.com"), at="member"),
    violates(BROAD, member("projectEditor:example"), at="member"),
    passes(BROAD, member("group:domain-admins@example.com")),
    undecided(BROAD, member(UNKNOWN)),
    violates(FOREIGN, key(statement({"AWS": "arn:aws:iam::999988887777:root"})), at="policy.Statement.Principal.AWS"),
    violates(
        FOREIGN,
        resource(
            "aws:kms/grant:Grant", {"granteePrincipal": "arn:aws:iam::999988887777:role/r", "operations": ["Decrypt"]}
        ),
        at="granteePrincipal",
    ),
    passes(FOREIGN, key(statement({"AWS": ROOT}))),
    passes(FOREIGN, key(statement({"Service": "logs.us-east-1.amazonaws.com"}))),
    undecided(FOREIGN, key({"Statement": [{"Effect": "Allow", "Principal": {"AWS": UNKNOWN}}]})),
    violates("no-broad-role", project("roles/editor"), at="role"),
    violates("no-broad-role", project("roles/resourcemanager.projectIamAdmin"), at="role"),
    violates("no-broad-role", assignment(role_id(OWNER)), at="Owner"),
    violates(
        "no-broad-role",
        assignment(f"/providers/microsoft.authorization/roledefinitions/{CONTRIBUTOR}"),
        at="Contributor",
    ),
    violates("no-broad-role", assignment(CONTRIBUTOR.lower()), at="roleDefinitionId"),
    violates(
        "no-broad-role",
        resource(
            "azure-native:authorization:RoleDefinition", {"permissions": [{"actions": ["Microsoft.Storage/*", "*"]}]}
        ),
        at="permissions[0].actions[1]",
    ),
    violates("no-broad-role", member("user:a@b", "roles/cloudkms.admin", KEY_MEMBER), at="role"),
    passes("no-broad-role", member("user:a@b", "roles/cloudkms.cryptoKeyEncrypterDecrypter", KEY_MEMBER)),
    violates("no-broad-role", project("roles/container.admin"), at="role"),
    violates(
        "no-broad-role", project("roles/container.admin", condition={"expression": f"!({ONE_CLUSTER})"}), at="role"
    ),
    violates("no-broad-role", project("roles/storage.admin", condition={"expression": ONE_CLUSTER}), at="role"),
    passes("no-broad-role", project("roles/container.admin", condition={"expression": ONE_CLUSTER})),
    passes("no-broad-role", project("roles/container.admin", condition={"expression": f"{ONE_CLUSTER} && {SOON}"})),
    undecided("no-broad-role", project("roles/container.admin", condition={"expression": UNKNOWN})),
    passes("no-broad-role", project("roles/logging.logWriter")),
    passes("no-broad-role", assignment(role_id("e147488a-f6f5-4113-8e2d-b22465e65bf6"))),
    passes(
        "no-broad-role",
        resource(
            "azure-native:authorization:RoleDefinition",
            {"permissions": [{"actions": ["Microsoft.Authorization/*/read"]}]},
        ),
    ),
    violates("no-broad-role", assignment(role_id(VAULTS)), at="Key Vault Contributor"),
    violates("no-broad-role", assignment(role_id(OWNER), UNKNOWN), at="Owner"),
    passes("no-broad-role", assignment(role_id(VAULTS), ONE_VAULT)),
    undecided("no-broad-role", assignment(role_id(VAULTS), UNKNOWN)),
    undecided("no-broad-role", assignment(UNKNOWN)),
    violates("no-broad-scope", assignment(scope="/subscriptions/00000000-0000-4000-8000-00000000d3e0/"), at="scope"),
    violates("no-broad-scope", assignment(scope="/providers/Microsoft.Management/managementGroups/all"), at="scope"),
    violates("no-broad-scope", project("roles/storage.objectAdmin"), at="role"),
    passes("no-broad-scope", assignment()),
    passes("no-broad-scope", project("roles/storage.objectAdmin", condition={"expression": "resource.name == 'b'"})),
    passes("no-broad-scope", project("roles/logging.logWriter")),
    undecided("no-broad-scope", assignment(scope=UNKNOWN)),
    undecided("no-broad-scope", project(UNKNOWN)),
    violates("no-anonymous-access", block(restrictPublicBuckets=False), at="restrictPublicBuckets"),
    violates("no-anonymous-access", block(ignorePublicAcls=None), at="ignorePublicAcls"),
    violates("no-anonymous-access", resource("gcp:storage/bucket:Bucket"), at="publicAccessPrevention"),
    violates("no-anonymous-access", account(allowBlobPublicAccess=True), at="allowBlobPublicAccess"),
    violates(
        "no-anonymous-access",
        resource("azure-native:storage:BlobContainer", {"publicAccess": "Blob"}),
        at="publicAccess",
    ),
    passes("no-anonymous-access", block()),
    passes("no-anonymous-access", resource("gcp:storage/bucket:Bucket", {"publicAccessPrevention": "enforced"})),
    passes("no-anonymous-access", account()),
    undecided("no-anonymous-access", block(blockPublicPolicy=UNKNOWN)),
    violates("bucket-has-public-access-block", BUCKET, at="BucketPublicAccessBlock"),
    violates("bucket-has-public-access-block", BUCKET, block("other"), at="BucketPublicAccessBlock"),
    violates("bucket-has-public-access-block", UNNAMED, OTHER, block(UNKNOWN, OTHER), at="BucketPublicAccessBlock"),
    passes("bucket-has-public-access-block", BUCKET, block("b")),
    passes("bucket-has-public-access-block", UNNAMED, block(UNKNOWN, UNNAMED)),
    undecided("bucket-has-public-access-block", UNNAMED, block(UNKNOWN)),
    undecided("bucket-has-public-access-block", UNNAMED, OTHER, block(UNKNOWN, UNNAMED, OTHER)),
    violates("no-access-lists", ownership("b", "BucketOwnerPreferred"), at="rule.objectOwnership"),
    violates("no-access-lists", resource("gcp:storage/bucket:Bucket"), at="uniformBucketLevelAccess"),
    passes("no-access-lists", ownership("b", "BucketOwnerEnforced")),
    passes("no-access-lists", resource("gcp:storage/bucket:Bucket", {"uniformBucketLevelAccess": "true"})),
    undecided("no-access-lists", ownership("b", UNKNOWN)),
    violates("bucket-has-ownership-controls", BUCKET, at="BucketOwnershipControls"),
    passes("bucket-has-ownership-controls", UNNAMED, ownership(UNKNOWN, "BucketOwnerEnforced", UNNAMED)),
    undecided("bucket-has-ownership-controls", UNNAMED, ownership(UNKNOWN, "BucketOwnerEnforced")),
    violates("no-local-credentials", account(), at="allowSharedKeyAccess"),
    violates("no-local-credentials", account(allowSharedKeyAccess=False, isSftpEnabled=True), at="isSftpEnabled"),
    passes("no-local-credentials", account(allowSharedKeyAccess=False)),
    undecided("no-local-credentials", account(allowSharedKeyAccess=UNKNOWN)),
    violates(
        "vault-uses-role-based-access", resource(VAULT, {"properties": {}}), at="properties.enableRbacAuthorization"
    ),
    violates("vault-uses-role-based-access", resource("azure-native:keyvault:AccessPolicy"), at="type"),
    passes("vault-uses-role-based-access", resource(VAULT, {"properties": {"enableRbacAuthorization": True}})),
    undecided("vault-uses-role-based-access", resource(VAULT, {"properties": {"enableRbacAuthorization": UNKNOWN}})),
    violates(
        "no-cross-tenant-replication", account(allowCrossTenantReplication=True), at="allowCrossTenantReplication"
    ),
    passes("no-cross-tenant-replication", account(allowCrossTenantReplication=False)),
    undecided("no-cross-tenant-replication", account(allowCrossTenantReplication=UNKNOWN)),
]
