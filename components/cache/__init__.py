"""Cache: a private, highly available Valkey (Redis) under its own key, with no password to know."""

from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.network import Network
from components.site import Site

SNAPSHOT_DAYS = 7
"""For how long a daily snapshot is kept, on AWS; the other clouds keep none."""


class Size(StrEnum):
    """How much a cache holds at least, replicas not counted."""

    SMALL = "small"  # 3 GiB
    MEDIUM = "medium"  # 6 GiB
    LARGE = "large"  # 12 GiB


@dataclass(frozen=True, kw_only=True)
class CacheArgs:
    """What a cache needs; the fields mean the same on every cloud.

    network, dns: where it is reached from, and by which private name.
    key: encrypts what is persisted; `None` on the managed plan. It cannot be set, changed or removed later.
    size: can be raised later; not every cloud can lower it.
    """

    site: Site
    network: Network
    dns: Dns
    key: Key | None
    size: Size = Size.SMALL


class Cache(Capability, token="rampart:cache:Cache"):
    """A cache that is not clustered, with a replica in another zone, reached only from inside the network.

    Azure Managed Redis has one address and port like the others, but spreads keys over shards behind it: a command or
    transaction on several keys wants them under one hash tag (`{...}`).

    **Transport.** TLS 1.2 or higher is required; there is no plaintext port.

    **Login** is by cloud identity, with a token as the password, per workload: see `components.identity`. AWS: each has
    a user of its own, which may do everything but administer; a token opens connections for 15 minutes, and a
    connection lasts 12 hours. Google Cloud: all log in as `default`; a token opens connections for an hour, and an open
    connection outlives it, so that who is no longer granted it must be cut off (`CLIENT KILL`). Azure: a client sends a
    fresh token before the old one ends, or is cut off.

    **Deletion** in production is refused by Pulumi; of the cloud's own, AWS has no switch, and keeps a final snapshot.
    Google Cloud has a switch. Azure has a lock, which would keep a workload's login from being taken away too: the
    cache has none.

    **Key rotation**: AWS, *follows by itself*: what is written uses the new material, old snapshots stay readable.
    Google Cloud, *cannot*, as far as is known: the instance keeps the version that was current when it was made. Keep
    every old version enabled. The key is for what is stored; what is in memory has none.
    Azure, *needs an action*: the cache takes one version of the key (`Key.version`). Refresh the stack and run up, and
    keep the old version enabled until then.
    """

    id: pulumi.Output[str]
    """What a grant names: replication group ARN, instance name, database id."""

    name: pulumi.Output[str]
    """What the cloud calls it: replication group id, instance id, cluster name."""

    host: pulumi.Output[str]
    """The private name or address that clients connect to."""

    port: pulumi.Output[int]
    """The TLS port."""

    certificate: pulumi.Output[str]
    """The authorities that have signed the server's certificate, PEM; empty where every client knows them already
    (AWS, Azure). On Google Cloud each instance has its own, and a new one before the old one ends: refresh."""
