"""Azure Key Vault: vaults, keys, and the vaults' own access policies."""

import re
from collections.abc import Iterator

from rampart_policy.facts import (
    ClearTextSecret,
    EncryptionKey,
    ExportedKey,
    Fact,
    KeyDeletion,
    PurgeProtection,
    ServiceEndpoint,
    VaultAuthorization,
)
from rampart_policy.readers import secrets
from rampart_policy.readers.azure.endpoints import endpoint
from rampart_policy.readers.table import admits
from rampart_policy.registry import reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either

RETENTION = 90
"""Days that a deleted vault or key can be brought back when nothing is said (`softDeleteRetentionInDays`)."""

_DURATION = re.compile(r"^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$", re.IGNORECASE)
NEVER = 36_500.0
"""Days between the rotations of a key that is never rotated: a century."""


@reader("azure-native:keyvault:Vault")
def vault(made: Resource) -> Iterator[Fact]:
    properties = made.at("properties")
    yield endpoint(properties, acl=properties.key("networkAcls"))
    yield KeyDeletion(window=_window(properties))
    yield PurgeProtection(enabled=properties.key("enablePurgeProtection").flag(default=False))
    yield VaultAuthorization(role_based=properties.key("enableRbacAuthorization").flag(default=False))
    yield from admits("networkAcls.ipRules", "value")(properties)


@reader("azure-native:keyvault:ManagedHsm")
def managed_hsm(made: Resource) -> Iterator[ServiceEndpoint | KeyDeletion | PurgeProtection]:
    """Who may do what in one is its own roles', which no resource of this provider declares."""
    properties = made.at("properties")
    yield endpoint(properties, acl=properties.key("networkAcls"))
    yield KeyDeletion(window=_window(properties))
    yield PurgeProtection(enabled=properties.key("enablePurgeProtection").flag(default=False))


@reader("azure-native:keyvault:Secret")
def secret(made: Resource) -> Iterator[ClearTextSecret]:
    yield secrets.unmarked(made.at("properties.value"))


def _window(properties: Node) -> Field[float]:
    """Days; none if soft delete is turned off."""
    days = properties.key("softDeleteRetentionInDays").number(default=RETENTION)
    kept = properties.key("enableSoftDelete").flag(default=True)
    return days if kept.value is True else kept.map(float)


@reader("azure-native:keyvault:AccessPolicy")
def access_policy(made: Resource) -> Iterator[VaultAuthorization]:
    """Only a vault without role-based access control has any."""
    yield VaultAuthorization(role_based=made.is_such().map(lambda _: False))


@reader("azure-native:keyvault:Key")
def key(made: Resource) -> Iterator[EncryptionKey | ExportedKey]:
    """Rotated by a policy's `rotate` action, some time after creation or before expiry."""
    yield ExportedKey(exported=made.at("properties.attributes.exportable").flag(default=False))
    policy = made.at("properties.rotationPolicy")
    actions = list(policy.key("lifetimeActions").items())
    rotate = [
        (action.at("action.type").text(default="").map(lambda kind: kind.lower() == "rotate"), action.key("trigger"))
        for action in actions
    ]
    yield EncryptionKey(
        rotatable=Field(True),
        enabled=either(*(wanted for wanted, _ in rotate)) if rotate else Field(False, policy.path),
        period=next((_period(policy, trigger) for on, trigger in rotate if on.value is not False), Field(NEVER)),
    )


def _period(policy: Node, trigger: Node) -> Field[float]:
    """Days after creation; or days before expiry, taken from the lifetime that the policy gives a version."""
    after = trigger.key("timeAfterCreate")
    if not after.missing:
        return _days(after)
    before, lifetime = _days(trigger.key("timeBeforeExpiry")), _days(policy.at("attributes.expiryTime"))
    return lifetime.map(lambda days: days - before.value if isinstance(before.value, int | float) else NEVER)


def _days(node: Node) -> Field[float]:
    return node.text(default="P100Y").parse(_parse, "a duration in days, months or years (P90D)")


def _parse(text: str) -> float:
    found = _DURATION.match(text)
    if not found or not any(found.groups()):
        raise ValueError(text)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return years * 365 + months * 30.5 + weeks * 7 + days
