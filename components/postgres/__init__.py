"""Postgres: a private, highly available PostgreSQL server under its own key, with no password to know."""

from dataclasses import dataclass, field
from enum import StrEnum

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.network import Network
from components.site import Site

VERSION = "17"
"""The major version. Minor ones are the cloud's to apply, in the maintenance window."""

PORT = 5432

LOG_DAYS = 7
"""For how long Cloud SQL keeps the log that a point in time is restored from: its limit for this edition
(`gcp.sql.DatabaseInstance`, transaction_log_retention_days)."""


class Size(StrEnum):
    """A class of server: virtual processors and memory, on dedicated hardware threads."""

    SMALL = "small"  # 2 vCPU, 8 GiB
    MEDIUM = "medium"  # 4 vCPU, 16 GiB
    LARGE = "large"  # 8 vCPU, 32 GiB


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """How much of a server it is.

    size: can be changed later, with a failover.
    storage_gib: at the start, 32 to 16384; it grows by itself and never shrinks. `ValueError` outside.
    backup_days: for how long a backup is kept, 7 to 35 days. `ValueError` outside.
    """

    size: Size = Size.SMALL
    storage_gib: int = 64
    backup_days: int = 14

    def __post_init__(self) -> None:
        if not 7 <= self.backup_days <= 35:
            raise ValueError(f"backup_days is {self.backup_days}; the clouds have 7 to 35 days in common")
        if not 32 <= self.storage_gib <= 16_384:
            raise ValueError(f"storage_gib is {self.storage_gib}; the clouds have 32 to 16384 GiB in common")


@dataclass(frozen=True, kw_only=True)
class PostgresArgs:
    """What a server needs; the fields mean the same on every cloud.

    network, dns: where it is reached from, and by which private name.
    key: encrypts storage and backups; `None` on the managed plan. It cannot be set, changed or removed later: each of
        these would replace the server on every cloud.
    capacity: how much of a server it is.
    """

    site: Site
    network: Network
    dns: Dns
    key: Key | None
    capacity: Capacity = field(default_factory=Capacity)


class Postgres(Capability, token="rampart:postgres:Postgres"):
    """A PostgreSQL 17 server with a standby in another zone, reached only from inside the network.

    **Transport.** The server refuses plaintext and TLS below 1.2, and clients can verify its name (`verify-full`).

    **Login** is by cloud identity: IAM database authentication, IAM service accounts, Entra principals. Azure has
    password login off; Google Cloud's built-in user has no password; RDS must have a master user, whose password RDS
    keeps in Secrets Manager under the server's key, and rotates: nobody is given it.

    **Recovery.** To any second of the last 7 days on Google Cloud (its limit for this edition), of the last
    `backup_days` on AWS and Azure; from daily backups for `backup_days` everywhere.

    **Deletion** in production is refused by Pulumi and by the cloud: deletion protection on AWS and Google Cloud (both
    of its switches), a lock on Azure. What is deleted all the same leaves a final backup on AWS and Google Cloud.

    **Key rotation**: AWS, *follows by itself*: new data under the new material, old data readable. Azure, *follows by
    itself*: the key is given without a version, and the server rewraps its own within a day. Google Cloud, *needs an
    action*: the server keeps the version that was current when it was made or last re-encrypted
    (`instances.reencrypt`). Keep every old version enabled until then.
    """

    id: pulumi.Output[str]
    """What a grant names: RDS resource id (`db-...`), connection name, server id."""

    host: pulumi.Output[str]
    """The private DNS name that the server's certificate is for."""

    port: pulumi.Output[int]
    """5432."""

    administrator: pulumi.Output[str]
    """Who may make the roles inside: ARN of the managed secret, service account e-mail, managed identity client id."""
