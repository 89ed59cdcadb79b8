"""AWS stores of secrets, parameters and certificates: Secrets Manager, Systems Manager, Certificate Manager.

Secrets Manager guide, "Deletion and recovery", "Rotation schedules"; Systems Manager guide, "Parameter types".
"""

import re
from collections.abc import Iterator

from rampart_policy.facts import AnonymousAccess, ClearTextSecret, EncryptionAtRest, EncryptionKey, Fact, ForcedDeletion
from rampart_policy.readers import secrets
from rampart_policy.readers.aws.aspects import is_own, keyed, scripts
from rampart_policy.readers.aws.policies import policy, shared
from rampart_policy.readers.table import each, exported_key, says, service, set_
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, combine

_RATE = re.compile(r"rate\((\d+)\s*(hour|day)s?\)")

MONTHLY = 31.0
"""Days between two runs of a `cron(...)`, at most, where it names no months."""

no_surface(
    {
        "aws:acm/certificateValidation:CertificateValidation": "waits until a certificate is there",
        "aws:acmpca/certificate:Certificate": "a certificate; the authority is judged",
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": "an authority's own certificate",
        "aws:acmpca/permission:Permission": "lets Certificate Manager renew certificates",
        "aws:secretsmanager/secretVersion:SecretVersion": "Pulumi keeps it as a secret; its store is judged",
        "aws:secretsmanager/tag:Tag": "a tag",
        "aws:acmpca/certificateAuthority:CertificateAuthority": "an authority; its key does not leave AWS",
        "aws:ssm/activation:Activation": "lets machines elsewhere register under a role, which is judged",
        "aws:ssm/association:Association": "runs a document, which is judged, on machines",
        "aws:ssm/contactsRotation:ContactsRotation": "who is on call",
        "aws:ssm/defaultPatchBaseline:DefaultPatchBaseline": "which patches are installed",
        "aws:ssm/maintenanceWindow:MaintenanceWindow": "when machines are maintained",
        "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget": "which machines are maintained",
        "aws:ssm/patchBaseline:PatchBaseline": "which patches are installed",
        "aws:ssm/patchGroup:PatchGroup": "which machines get which patches",
        "aws:ssm/quicksetupConfigurationManager:QuicksetupConfigurationManager": "sets up what else is judged",
        "aws:ssm/resourceDataSync:ResourceDataSync": "copies an inventory to a bucket, which is judged",
    }
)


def _deletion(place: Node) -> Iterator[Fact]:
    """With a window of 0 a deleted secret is gone at once; 30 days when nothing is said."""
    window = place.key("recoveryWindowInDays").number(default=30)
    yield ForcedDeletion(allowed=window.map(lambda days: days == 0))


service(
    "aws:secretsmanager/secret:Secret",
    keyed("kmsKeyId"),
    each("replicas", keyed("kmsKeyId")),
    _deletion,
    also=(policy("policy"),),
)


def _block(place: Node) -> Iterator[Fact]:
    """AWS checks policies for public access when asked to; not asking is one thing, turning it off another."""
    if not place.key("blockPublicPolicy").missing:
        yield AnonymousAccess(possible=place.key("blockPublicPolicy").flag(default=True).map(lambda on: not on))


service("aws:secretsmanager/secretPolicy:SecretPolicy", _block, also=(policy("policy"),))


def _rotation(place: Node) -> Iterator[Fact]:
    rules = place.key("rotationRules")
    every = rules.key("automaticallyAfterDays")
    schedule = rules.key("scheduleExpression").text(default="").map(_days)
    yield EncryptionKey(
        rotatable=Field(True),
        enabled=place.key("rotationEnabled").flag(default=True),
        period=schedule if every.missing else every.number(default=0),
    )


def _days(schedule: str) -> float:
    rate = _RATE.fullmatch(schedule.strip())
    if rate:
        return float(rate[1]) / (24 if rate[2] == "hour" else 1)
    return MONTHLY if schedule.startswith("cron(") else float("inf")


service("aws:secretsmanager/secretRotation:SecretRotation", _rotation)


@reader("aws:ssm/parameter:Parameter")
def parameter(made: Resource) -> Iterator[Fact]:
    """Only a SecureString is encrypted. The SDK marks every value as secret, whatever it is. Without a name of its own
    it has the resource's.
    """
    kind = made.at("type").text(default="String")
    if kind.value != "SecureString":
        for value in (made.at("value"), made.at("insecureValue")):
            if not value.missing:
                found = secrets.setting(made.at("name").text(default=made.name), value, marks=False).present
                yield ClearTextSecret(
                    present=combine(lambda clear, type_: clear and type_ != "SecureString", found, kind)
                )
    if kind.value not in ("String", "StringList"):
        yield EncryptionAtRest(
            customer_key=combine(
                lambda key, type_: is_own(key) or type_ != "SecureString", made.at("keyId").text(default=""), kind
            )
        )


service(
    "aws:ssm/document:Document", scripts("content"), also=(shared("permissions.accountIds", "permissions.account_ids"),)
)
service(
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
    each(
        "taskInvocationParameters.runCommandParameters.parameters",
        lambda item: (secrets.script(value) for value in item.key("values").items()),
    ),
)


def _service_setting(place: Node) -> Iterator[Fact]:
    """The setting that lets documents be shared with everybody."""
    if str(place.key("settingId").raw).endswith("/ssm/documents/console/public-sharing-permission"):
        yield AnonymousAccess(possible=says("settingValue", "Enable")(place))


service("aws:ssm/serviceSetting:ServiceSetting", _service_setting)
service(
    "aws:acm/certificate:Certificate",
    exported_key(says("options.export", "ENABLED", default="DISABLED")),
    set_("privateKey", lambda place: (secrets.unmarked(place.at("privateKey")),)),
)
service("aws:acmpca/policy:Policy", also=(policy("policy"),))
