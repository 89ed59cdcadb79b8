"""What the simulated clouds, and `fleet.finds`, make of a second request for what exists: nothing must come of it.

Either it is refused, or it makes something of another id, which a lookup can find; or the cloud takes it for the first
one again, and then the type is listed here with why.
"""

import re

import pytest

import simulator
from demo.project import STACKS, Project
from fleet.finds import ById, Lookup, how
from tests.conftest import Standing
from tests.interruptions.ledger import BY_HAND, NOT_MADE, in_clouds, latest
from tests.simulator.conftest import Engine, Refused

TAKEN_AGAIN = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "adopted, never made",
    "aws:iam/rolePolicy:RolePolicy": "PutRolePolicy replaces",
    "aws:s3/bucket:Bucket": "us-east-1 gives its owner the bucket again (S3 API reference, CreateBucket)",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "a PUT replaces",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "a PUT replaces",
    "aws:s3/bucketPolicy:BucketPolicy": "a PUT replaces",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "a PUT replaces",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": "a PUT replaces",
    "aws:s3/bucketVersioning:BucketVersioning": "a PUT replaces",
    "aws:cloudwatch/eventRule:EventRule": "PutRule replaces",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "PutMetricAlarm replaces",
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": "a registry has one, and a PUT sets it",
    "aws:elasticache/userGroupAssociation:UserGroupAssociation": "a group holds a user once",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "attached is attached",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "PutResourcePolicy replaces",
    "aws:sns/topic:Topic": "CreateTopic gives its owner the topic again",
    "aws:sns/topicPolicy:TopicPolicy": "SetTopicAttributes replaces",
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": "a policy is a set",
    "gcp:projects/iAMAuditConfig:IAMAuditConfig": "the provider sets it again",
    "gcp:projects/iAMMember:IAMMember": "a policy is a set",
    "gcp:secretmanager/secretIamMember:SecretIamMember": "a policy is a set",
    "gcp:serviceaccount/iAMMember:IAMMember": "a policy is a set",
    "gcp:storage/bucketIAMMember:BucketIAMMember": "a policy is a set",
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": "a policy is a set",
    "gcp:dns/recordSet:RecordSet": "the provider takes over one that is there",
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": "the provider takes over one that is there",
    "gcp:logging/projectSink:ProjectSink": "the provider takes over one that is there",
    "gcp:projects/service:Service": "on stays on",
    "gcp:projects/serviceIdentity:ServiceIdentity": "the same agent every time",
    "azure-native:dbforpostgresql:Configuration": "every server has all of them; a PUT sets one",
}


@pytest.mark.parametrize("stack", STACKS)
def test_a_second_request_is_refused_or_can_be_told_from_the_first(
    copied: Project, standing: Standing, stack: str
) -> None:
    cloud = stack.partition("-")[0]
    package = {"azure": "azure-native"}.get(cloud, cloud)
    resources = latest(copied, stack)["resources"]
    [provider] = [r for r in resources if r["type"] == f"pulumi:providers:{package}"]
    before = in_clouds(copied, cloud)
    taken = set()
    with simulator.start(copied.clouds) as clouds:
        ports = dict(pair.split(":") for pair in clouds.environment["PULUMI_DEBUG_PROVIDERS"].split(","))
        engine = Engine(f"127.0.0.1:{ports[package]}", package, provider["inputs"])
        for resource in resources:
            token = resource["type"]
            if not resource.get("custom") or token.startswith(NOT_MADE):
                continue
            try:
                id_, _ = engine.send(token, "again", resource["inputs"])
            except Refused:
                continue
            row = how(token)
            if id_ == resource["id"]:
                taken.add(token)
            elif token not in BY_HAND:
                assert isinstance(row, Lookup), f"{token} is made twice, as {resource['id']} and {id_}"
    assert taken - TAKEN_AGAIN.keys() == set()
    assert all(before[thing] == count for thing, count in in_clouds(copied, cloud).items() if thing in before)


@pytest.mark.parametrize("stack", STACKS)
def test_every_type_of_the_stacks_has_a_row(standing: Standing, stack: str) -> None:
    for resource in standing.resources[stack]:
        if resource.get("custom") and not resource["type"].startswith("pulumi:"):
            row = how(resource["type"])
            assert (row is None) == (resource["type"] in BY_HAND), f"fleet/finds lacks {resource['type']}"
            if isinstance(row, ById):
                settings = {r["urn"]: r.get("inputs", {}) for r in standing.resources[stack]}
                known = {**settings[resource["provider"].rpartition("::")[0]], **resource["inputs"]}
                assert set(re.findall(r"{(\w+)}", row.template)) <= known.keys()
