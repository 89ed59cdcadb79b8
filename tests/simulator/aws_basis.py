"""An AWS account with a network, a key and a bucket, each made when a case asks, and what the other stages build on."""

import json
from functools import cached_property
from typing import Any

from simulator.values import Props
from tests.simulator.conftest import Connect, Engine

VPC, SUBNET, ROUTES, ASSOCIATION, GROUP, ENDPOINT = (
    f"aws:ec2/{name[0].lower()}{name[1:]}:{name}"
    for name in ("Vpc", "Subnet", "RouteTable", "RouteTableAssociation", "DefaultSecurityGroup", "VpcEndpoint")
)
KEY, ALIAS, BUCKET = "aws:kms/key:Key", "aws:kms/alias:Alias", "aws:s3/bucket:Bucket"
PARTS: dict[str, Props] = {
    "BucketOwnershipControls": {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    "BucketPublicAccessBlock": {"blockPublicAcls": True},
    "BucketLifecycleConfiguration": {
        "rules": [{"id": "a", "status": "Enabled", "filter": {"prefix": ""}, "expiration": {"days": 3}}]
    },
    "BucketServerSideEncryptionConfiguration": {
        "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]
    },
    "BucketVersioning": {"versioningConfiguration": {"status": "Enabled"}},
    "BucketPolicy": {"policy": '{"Statement": []}'},
}
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"


def bucket_part(name: str) -> str:
    return f"aws:s3/{name[0].lower()}{name[1:]}:{name}"


class Basis:
    """An account in which what a case needs is made when it asks."""

    def __init__(self, connect: Connect) -> None:
        self.connect = connect
        self.engine: Engine = connect("aws")
        self.west: Engine = connect("aws", {"region": "us-west-2", "allowedAccountIds": ["111122223333"]})

    @cached_property
    def vpc(self) -> str:
        return self.make(VPC, cidrBlock="10.0.0.0/16")

    @cached_property
    def subnet(self) -> str:
        return self.make(SUBNET, vpcId=self.vpc, cidrBlock="10.0.0.0/24", availabilityZoneId="use1-az1")

    @cached_property
    def table(self) -> str:
        return self.make(ROUTES, vpcId=self.vpc)

    @cached_property
    def association(self) -> str:
        return self.make(ASSOCIATION, subnetId=self.subnet, routeTableId=self.table)

    @cached_property
    def key(self) -> str:
        return self.make(KEY)

    @property
    def arn(self) -> str:
        return f"arn:aws:kms:us-east-1:111122223333:key/{self.key}"

    @cached_property
    def bucket(self) -> str:
        return self.make(BUCKET, bucket="one-of-ours")

    def make(self, token: str, **inputs: Any) -> str:
        return self.engine.create(token, "x", inputs)[0]

    def drop(self, token: str, id_: str) -> str:
        self.engine.delete(token, id_)
        return id_

    def encrypt(self, key: str) -> str:
        rule = {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key}}
        return self.make(ENCRYPTION, bucket=self.bucket, rules=[rule])

    def keyed(self, *statements: Props, **inputs: Any) -> str:
        return self.make(KEY, policy=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), **inputs)


ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}
MANAGE_ONLY = {**ROOT, "Action": ["kms:Put*", "kms:Describe*"]}
DENY = {**ROOT, "Effect": "Deny", "Principal": "*", "Action": "kms:Decrypt"}
