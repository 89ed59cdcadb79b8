"""Cases of AWS machines, volumes, clusters and image registries."""

import base64
import json
from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, secret, undecided, violates

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SESSION = {"httpTokens": "required", "httpPutResponseHopLimit": 1}
KEY = "arn:aws:kms:us-east-1:111122223333:key/k"
DISK = {"encrypted": True, "kmsKeyId": KEY}
STRANGER = "999988887777"


def machine(**properties: Any) -> Declared:
    hardened = {"metadataOptions": SESSION, "rootBlockDevice": DISK}
    return resource("aws:ec2/instance:Instance", {**hardened, **properties})


def template(**properties: Any) -> Declared:
    return resource(TEMPLATE, {"metadataOptions": SESSION, **properties})


def cluster(**network: Any) -> Declared:
    closed = {"endpointPublicAccess": False, "subnetIds": ["s"]}
    properties = {
        "vpcConfig": {**closed, **network},
        "encryptionConfig": {"provider": {"keyArn": KEY}, "resources": ["secrets"]},
        "enabledClusterLogTypes": ["api", "audit", "authenticator"],
    }
    return resource("aws:eks/cluster:Cluster", properties)


def nodes(**remote: Any) -> Declared:
    return resource("aws:eks/nodeGroup:NodeGroup", {"remoteAccess": remote} if remote else {})


def association(policy: Any, **scope: Any) -> Declared:
    arn = f"arn:aws:eks::aws:cluster-access-policy/{policy}" if isinstance(policy, str) else policy
    properties = {"policyArn": arn, "principalArn": "arn:aws:iam::111122223333:role/r", "accessScope": scope}
    return resource("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", properties)


def entry(*groups: Any) -> Declared:
    principal = "arn:aws:iam::111122223333:role/r"
    return resource("aws:eks/accessEntry:AccessEntry", {"principalArn": principal, "kubernetesGroups": list(groups)})


def repository(**properties: Any) -> Declared:
    return resource("aws:ecr/repository:Repository", {"imageTagMutability": "IMMUTABLE", **properties})


def trail(**properties: Any) -> Declared:
    whole = {"isMultiRegionTrail": True, "enableLogFileValidation": True, "kmsKeyId": KEY, "s3BucketName": "b"}
    return resource("aws:cloudtrail/trail:Trail", {**whole, **properties})


def selected(*selectors: dict[str, str]) -> Declared:
    """A trail of what these selectors take, by field."""
    fields = [[{"field": field, "equals": [value]} for field, value in each.items()] for each in selectors]
    return trail(advancedEventSelectors=[{"name": "a", "fieldSelectors": each} for each in fields])


def repository_policy(principal: Any) -> Declared:
    allow = {"Effect": "Allow", "Principal": principal, "Action": ["ecr:BatchGetImage"]}
    return resource("aws:ecr/repositoryPolicy:RepositoryPolicy", {"policy": json.dumps({"Statement": [allow]})})


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


METADATA, ADDRESS = "metadata-service-is-guarded", "no-automatic-public-address"
ENCRYPTED, KEYED, CLEAR = "store-is-encrypted", "store-uses-customer-key", "no-clear-text-secret"
PUBLIC, FOREIGN, LOGS = "no-public-principal", "no-foreign-principal", "audit-log-is-complete"
EXPORT = "#!/bin/bash\nexport DB_PASSWORD=hunter2\n"
FETCH = '#!/bin/bash\nDB_PASSWORD="$(aws secretsmanager get-secret-value --secret-id db --query SecretString)"\n'

CASES = [
    violates(METADATA, machine(metadataOptions=None), at="metadataOptions.httpTokens"),
    violates(METADATA, machine(metadataOptions={"httpTokens": "optional"}), at="optional"),
    violates(METADATA, template(metadataOptions={**SESSION, "httpPutResponseHopLimit": 2}), at="metadataOptions"),
    violates(METADATA, resource("aws:ec2/launchConfiguration:LaunchConfiguration"), at="httpTokens"),
    violates(METADATA, resource("aws:ec2/spotFleetRequest:SpotFleetRequest", {"launchSpecifications": [{}]}), at="[0]"),
    violates(
        METADATA,
        resource("aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults", {"httpTokens": "optional"}),
        at="httpTokens",
    ),
    passes(METADATA, machine()),
    passes(METADATA, machine(metadataOptions={"httpEndpoint": "disabled"})),
    passes(METADATA, machine(metadataOptions=None, launchTemplate={"id": UNKNOWN})),
    undecided(METADATA, machine(metadataOptions={"httpTokens": UNKNOWN})),
    violates(ADDRESS, machine(associatePublicIpAddress=True), at="associatePublicIpAddress"),
    violates(
        ADDRESS,
        template(networkInterfaces=[{"associatePublicIpAddress": "false"}, {"associatePublicIpAddress": "true"}]),
        at="networkInterfaces[1].associatePublicIpAddress",
    ),
    passes(ADDRESS, machine(), template(networkInterfaces=[{"associatePublicIpAddress": "false"}])),
    undecided(ADDRESS, machine(associatePublicIpAddress=UNKNOWN)),
    violates(ENCRYPTED, machine(rootBlockDevice=None), at="rootBlockDevice"),
    violates(ENCRYPTED, machine(ebsBlockDevices=[DISK, {"deviceName": "b"}]), at="ebsBlockDevices[1].encrypted"),
    violates(ENCRYPTED, template(blockDeviceMappings=[{"ebs": {"volumeSize": 8}}]), at="[0].ebs"),
    violates(ENCRYPTED, resource("aws:ebs/volume:Volume", {"size": 8}), at="encrypted"),
    violates(ENCRYPTED, resource("aws:ec2/amiCopy:AmiCopy", {"encrypted": False}), at="encrypted"),
    violates(ENCRYPTED, resource("aws:ebs/encryptionByDefault:EncryptionByDefault", {"enabled": False}), at="enabled"),
    passes(ENCRYPTED, machine(), template(blockDeviceMappings=[{"ebs": {"encrypted": "true"}}, {"noDevice": "true"}])),
    passes(ENCRYPTED, resource("aws:ebs/encryptionByDefault:EncryptionByDefault")),
    undecided(ENCRYPTED, resource("aws:ebs/volume:Volume", {"encrypted": UNKNOWN})),
    violates(KEYED, machine(rootBlockDevice={"encrypted": True}), at="rootBlockDevice.kmsKeyId"),
    violates(KEYED, resource("aws:ebs/volume:Volume", {**DISK, "kmsKeyId": "alias/aws/ebs"}), at="kmsKeyId"),
    passes(KEYED, resource("aws:ebs/volume:Volume", {**DISK, "kmsKeyId": "alias/data"})),
    passes(KEYED, machine(rootBlockDevice={"encrypted": True}), plan="managed"),
    undecided(KEYED, resource("aws:ebs/volume:Volume", {**DISK, "kmsKeyId": UNKNOWN})),
    violates(CLEAR, machine(userData=EXPORT), at="userData"),
    violates(CLEAR, machine(userDataBase64=in_base64(EXPORT)), at="userDataBase64"),
    violates(
        CLEAR, template(userData=in_base64("aws configure set aws_access_key_id AKIAIOSFODNN7EXAMPLE")), at="user"
    ),
    violates(CLEAR, machine(userData=secret("curl https://me:hunter2@example.com/")), at="[secret]"),
    passes(CLEAR, machine(userData=FETCH), template(userData=in_base64(FETCH))),
    undecided(CLEAR, machine(userData=UNKNOWN)),
    violates(PUBLIC, resource("aws:ec2/amiLaunchPermission:AmiLaunchPermission", {"group": "all"}), at="group"),
    violates(
        FOREIGN,
        resource("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", {"accountId": STRANGER}),
        at="accountId",
    ),
    violates(
        "no-anonymous-access",
        resource("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", {"state": "unblocked"}),
        at="state",
    ),
    passes(FOREIGN, resource("aws:ec2/amiLaunchPermission:AmiLaunchPermission", {"accountId": "111122223333"})),
    violates("no-public-endpoint", cluster(endpointPublicAccess=True), at="vpcConfig.endpointPublicAccess"),
    violates(
        "no-public-endpoint",
        cluster(endpointPublicAccess=None, endpointPrivateAccess=True, publicAccessCidrs=["203.0.113.7/32"]),
        at="vpcConfig.endpointPublicAccess",
    ),
    passes("no-public-endpoint", cluster()),
    undecided("no-public-endpoint", cluster(endpointPublicAccess=UNKNOWN)),
    violates(KEYED, resource("aws:eks/cluster:Cluster", {"vpcConfig": {}}), at="encryptionConfig.provider.keyArn"),
    passes(KEYED, cluster()),
    violates(
        LOGS, resource("aws:eks/cluster:Cluster", {"enabledClusterLogTypes": ["api"]}), at="enabledClusterLogTypes"
    ),
    violates(LOGS, resource("aws:eks/cluster:Cluster"), at="enabledClusterLogTypes"),
    passes(LOGS, cluster()),
    undecided(LOGS, resource("aws:eks/cluster:Cluster", {"enabledClusterLogTypes": UNKNOWN})),
    violates("no-open-ingress", nodes(ec2SshKey="k"), at="remoteAccess.sourceSecurityGroupIds"),
    passes("no-open-ingress", nodes(ec2SshKey="k", sourceSecurityGroupIds=[UNKNOWN]), nodes()),
    violates("no-broad-scope", association("AmazonEKSAdminPolicy", type="cluster"), at="accessScope.type"),
    violates("no-broad-role", entry("readers", "system:masters"), at="kubernetesGroups[1]"),
    passes("no-broad-role", association("AmazonEKSViewPolicy", type="cluster"), entry("readers")),
    violates("no-broad-role", association("AmazonEKSClusterAdminPolicy", type="cluster"), at="policyArn"),
    violates("no-broad-role", association("AmazonEKSClusterAdminPolicy"), at="policyArn"),
    passes("no-broad-role", association("AmazonEKSClusterAdminPolicy", type="namespace", namespaces=["app"])),
    undecided("no-broad-role", association("AmazonEKSClusterAdminPolicy", type=UNKNOWN)),
    passes("no-broad-scope", association("AmazonEKSEditPolicy", type="namespace", namespaces=["app"])),
    undecided("no-broad-role", association(UNKNOWN, type="cluster")),
    violates(
        CLEAR,
        resource("aws:eks/addon:Addon", {"configurationValues": '{"env": {"API_TOKEN": "abc123"}}'}),
        at="configurationValues",
    ),
    violates("image-tags-are-immutable", repository(imageTagMutability=None), at="imageTagMutability"),
    violates(
        "image-tags-are-immutable",
        repository(imageTagMutability="IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters=[{"filter": "*"}]),
        at="imageTagMutability",
    ),
    passes("image-tags-are-immutable", repository()),
    undecided("image-tags-are-immutable", repository(imageTagMutability=UNKNOWN)),
    violates(KEYED, repository(encryptionConfigurations=[{"encryptionType": "AES256"}]), at="encryptionConfigurations"),
    violates(KEYED, repository(encryptionConfigurations=[{"encryptionType": "KMS"}]), at="encryptionConfigurations"),
    passes(KEYED, repository(encryptionConfigurations=[{"encryptionType": "KMS", "kmsKey": KEY}])),
    violates("no-forced-deletion", repository(forceDelete=True), at="forceDelete"),
    violates(PUBLIC, repository_policy("*"), at="policy.Statement[0].Principal"),
    passes(PUBLIC, repository_policy({"AWS": "arn:aws:iam::111122223333:root"})),
    violates(FOREIGN, repository_policy({"AWS": STRANGER}), at="Principal.AWS"),
    violates("no-anonymous-access", resource("aws:ecrpublic/repository:Repository"), at="type"),
    violates(
        "no-cross-tenant-replication",
        resource(
            "aws:ecr/replicationConfiguration:ReplicationConfiguration",
            {"replicationConfiguration": {"rules": [{"destinations": [{"registryId": STRANGER}]}]}},
        ),
        at="registryId",
    ),
    violates(LOGS, trail(isMultiRegionTrail=False), at="isMultiRegionTrail"),
    violates(LOGS, trail(enableLogFileValidation=None), at="enableLogFileValidation"),
    violates(LOGS, trail(enableLogging=False), at="enableLogging"),
    violates(LOGS, trail(eventSelectors=[{"readWriteType": "WriteOnly"}]), at="eventSelectors[0].readWriteType"),
    violates(KEYED, trail(kmsKeyId=None), at="kmsKeyId"),
    violates(LOGS, selected({"eventCategory": "Data"}), at="advancedEventSelectors[0].fieldSelectors"),
    violates(LOGS, selected({"eventCategory": "Management", "readOnly": "false"}), at="fieldSelectors"),
    passes(LOGS, trail()),
    passes(LOGS, selected({"eventCategory": "Data"}, {"eventCategory": "Management"})),
    undecided(LOGS, trail(isMultiRegionTrail=UNKNOWN)),
]
