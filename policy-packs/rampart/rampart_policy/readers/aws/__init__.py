"""pulumi-aws (`aws`): one module per service. Property names are the provider's, as the engine sends them."""

from rampart_policy.readers.aws import (
    bucket_companions,
    ebs,
    ecr,
    eks,
    iam,
    kms,
    logs,
    machines,
    network,
    rds,
    rds_parameters,
    route53,
    s3,
    security_groups,
    vpc_endpoints,
)

__all__ = [
    "bucket_companions",
    "ebs",
    "ecr",
    "eks",
    "iam",
    "kms",
    "logs",
    "machines",
    "network",
    "rds",
    "rds_parameters",
    "route53",
    "s3",
    "security_groups",
    "vpc_endpoints",
]
