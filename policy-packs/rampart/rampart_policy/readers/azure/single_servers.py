"""The single servers of MySQL, MariaDB and PostgreSQL, which Azure retires, and which older API versions make."""

from collections.abc import Iterator

from rampart_policy.facts import Backups, StorageEncryption
from rampart_policy.readers.azure.endpoints import listens
from rampart_policy.readers.table import (
    Aspect,
    declared_password,
    filled,
    gives,
    oldest_tls,
    plaintext,
    says,
    set_,
    unless,
)
from rampart_policy.values import Node

RETENTION = 7
"""Days that backups are kept when nothing is said."""

encrypted = gives(StorageEncryption, "enabled")


def backups_kept(path: str) -> Aspect:
    """Backups that are kept for some days, in which any moment can be restored."""

    def aspect(place: Node) -> Iterator[Backups]:
        days = place.at(path).number(default=RETENTION)
        yield Backups(kept=days, any_moment=days)

    return aspect


SINGLE: tuple[Aspect, ...] = (
    listens(),
    plaintext(unless("sslEnforcement", "Enabled")),
    oldest_tls("minimalTlsVersion", default="TLSEnforcementDisabled"),
    declared_password(filled("administratorLoginPassword")),
    set_("storageProfile.backupRetentionDays", backups_kept("storageProfile.backupRetentionDays")),
    set_("infrastructureEncryption", encrypted(says("infrastructureEncryption", "Enabled"))),
)
"""All that is said of one stands in `properties`."""
