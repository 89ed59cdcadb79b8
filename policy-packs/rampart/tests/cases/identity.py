"""Cases of the identity and coverage controls."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates


def provider(package: str, name: str = "declared", **properties: Any) -> Declared:
    return resource(f"pulumi:providers:{package}", properties, name=name)


def password(**properties: Any) -> Declared:
    return resource("random:index/randomPassword:RandomPassword", properties)


CASES = [
    violates("no-default-provider", provider("aws", "default_7_51_1"), at="default_7_51_1"),
    violates("no-default-provider", provider("random", "default"), at="name"),
    violates("no-default-provider", provider("datadog", "default_4_1_0"), at="name"),
    passes("no-default-provider", provider("aws", "defaults")),
    passes("no-default-provider", provider("pulumi", "default")),
    violates("provider-is-pinned", provider("aws", region="us-east-1"), at="allowedAccountIds"),
    violates("provider-is-pinned", provider("aws", allowedAccountIds="[]"), at="allowedAccountIds"),
    violates("provider-is-pinned", provider("gcp", region="us-east4"), at="project"),
    violates("provider-is-pinned", provider("azure-native_network_v20240501", location="eastus2"), at="subscriptionId"),
    passes("provider-is-pinned", provider("aws", allowedAccountIds='["111122223333"]')),
    passes("provider-is-pinned", provider("random")),
    undecided("provider-is-pinned", provider("gcp", project=UNKNOWN)),
    violates("password-is-strong", password(length=12), at="length"),
    violates("password-is-strong", password(length=20, special=False, upper=False, lower=False), at="length"),
    violates(
        "password-is-strong",
        password(length=24, special=True, overrideSpecial="!", lower=False, upper=False, numeric=False),
        at="length",
    ),
    passes("password-is-strong", password(length=16, special=False)),
    passes("password-is-strong", password(length=32, special=False, upper=False, lower=False)),
    undecided("password-is-strong", password(length=UNKNOWN)),
    violates("unreviewed-type", resource("aws:gamelift/fleet:Fleet"), at="type"),
    violates("unreviewed-type", resource("pulumi-python:dynamic:Resource"), at="type"),
    passes("unreviewed-type", resource("azure-native:resources/v20240301:ResourceGroup")),
    passes("unreviewed-type", provider("datadog")),
    passes("unreviewed-type", resource("acme:lightsail:Instance", component=True)),
    passes("unreviewed-type", resource("pulumi:pulumi:Stack")),
    violates("password-is-strong", resource("random:index/randomBytes:RandomBytes", {"length": 8}), at="length"),
    passes("password-is-strong", resource("random:index/randomBytes:RandomBytes", {"length": 32})),
    *(
        violates("generated-secret-is-marked-secret", resource(f"random:index/{kind}", name=name), at="name")
        for kind, name in (
            ("randomString:RandomString", "db-password"),
            ("randomId:RandomId", "apiToken"),
            ("randomUuid:RandomUuid", "client-secret"),
        )
    ),
    passes("generated-secret-is-marked-secret", resource("random:index/randomString:RandomString", name="suffix")),
    passes("generated-secret-is-marked-secret", resource("random:index/randomId:RandomId", name="secret-name-suffix")),
]
