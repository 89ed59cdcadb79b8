"""The data plane: every capability, composed once, for any cloud."""

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Literal

import pulumi
import pulumi_random as random

from components.bucket import BucketArgs
from components.capability import Capability
from components.clouds import Cloud
from components.dns import DnsArgs
from components.keys import Key, KeysArgs, Purpose
from components.logs import LogsArgs
from components.network import NetworkArgs
from components.postgres import PostgresArgs
from components.site import Location, Site

Plan = Literal["enterprise", "managed"]
"""`enterprise`: keys that the customer manages, rotated every 90 days. `managed`: the provider's own keys, on the
provider's own schedule."""

BUCKETS = {"traces": 30, "archive": 90}
"""For how many days what is deleted from each bucket can be brought back."""


@dataclass(frozen=True, kw_only=True)
class DataPlaneArgs:
    """location: where it stands. cidr: the region's /16. plan: whose keys encrypt what is at rest."""

    location: Location
    cidr: IPv4Network
    plan: Plan


class DataPlane(Capability, token="rampart:dataplane:DataPlane"):
    """A private data plane in one region."""

    plan: pulumi.Output[str]
    """`enterprise` or `managed`: whose keys encrypt what is at rest."""

    network: pulumi.Output[str]
    """The network's id."""

    keys: pulumi.Output[dict[str, str]]
    """Customer-managed key ids by purpose; empty on the managed plan."""

    buckets: pulumi.Output[dict[str, str]]
    """Where clients find each bucket, by name."""

    domain: pulumi.Output[str]
    """The domain of the data plane's own private names."""

    logs: pulumi.Output[str]
    """Where flow and audit logs are kept."""

    postgres: pulumi.Output[dict[str, Any]]
    """Host, port and id of the PostgreSQL server."""

    def __init__(
        self, name: str, cloud: Cloud, args: DataPlaneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        incarnation = random.RandomId(f"{name}-incarnation", byte_length=4, opts=self.inside)
        prerequisites = cloud.Prerequisites("prerequisites", args.location, self.inside)
        site = Site(location=args.location, scope=prerequisites.scope, incarnation=incarnation.hex)

        network = cloud.Network("network", NetworkArgs(site=site, cidr=args.cidr), self.inside)
        dns = cloud.Dns("dns", DnsArgs(site=site, network=network), self.inside)
        managed = args.plan == "managed"
        keys = None if managed else cloud.Keys("keys", KeysArgs(site=site, purposes=tuple(Purpose)), self.inside)

        def key(purpose: Purpose) -> Key | None:
            return keys[purpose] if keys else None

        logs = cloud.Logs("logs", LogsArgs(site=site, network=network, key=key(Purpose.LOGS)), self.inside)
        database = cloud.Postgres(
            "postgres", PostgresArgs(site=site, network=network, dns=dns, key=key(Purpose.POSTGRES)), self.inside
        )
        buckets = {
            bucket: cloud.Bucket(
                bucket,
                BucketArgs(site=site, network=network, dns=dns, key=key(Purpose.BUCKET), recovery_days=days),
                self.inside,
            )
            for bucket, days in BUCKETS.items()
        }

        self.plan = pulumi.Output.from_input(str(args.plan))
        self.network = network.id
        self.keys = keys.ids if keys else pulumi.Output.from_input(dict[str, str]())
        self.buckets = pulumi.Output.all(**{bucket: made.location for bucket, made in buckets.items()})
        self.domain = dns.domain
        self.logs = logs.id
        self.postgres = pulumi.Output.all(host=database.host, port=database.port, id=database.id)
        self.done()
