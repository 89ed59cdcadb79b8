"""The IAM roles that Rampart makes: all under one path, and none with more than one boundary allows."""

import pulumi
import pulumi_aws as aws

from components.site import Location

PATH = "/rampart/"
"""Who deploys may make and change roles below this path, and no others."""


def role(
    name: str, location: Location, description: str, trust: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> aws.iam.Role:
    """A role with no permissions yet. trust: who may act as it, a policy document."""
    return aws.iam.Role(
        name,
        path=PATH,
        permissions_boundary=location.boundary,
        description=description,
        assume_role_policy=trust,
        opts=opts,
    )
