"""The data plane: every capability, composed once, for any cloud."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network
from typing import Any, Literal

import pulumi
import pulumi_random as random

from components.alarms import AlarmsArgs
from components.bucket import BucketArgs
from components.cache import CacheArgs
from components.cache import Size as CacheSize
from components.capability import Capability
from components.clouds import Cloud
from components.cluster import VERSIONS, BreakGlass, ClusterArgs, PoolArgs, Role, Window
from components.dataplane.workloads import BUCKETS, SECRETS, WORKLOADS, Workload
from components.dns import DnsArgs
from components.egress import PORT, EgressArgs
from components.identity import Grant, Identity, IdentityArgs, Store
from components.ingest import NO_WAY_IN, IngestArgs
from components.keys import DATA_PLANE, Key, KeysArgs, Purpose
from components.logs import LogsArgs
from components.network import NetworkArgs
from components.peering import Peer, PeeringArgs
from components.postgres import Capacity, PostgresArgs
from components.registry import RegistryArgs
from components.secrets import SecretsArgs
from components.site import Location, Site

Plan = Literal["enterprise", "managed"]
"""`enterprise`: keys that the customer manages, rotated every 90 days. `managed`: the provider's own keys, on the
provider's own schedule."""


@dataclass(frozen=True, kw_only=True)
class KubernetesArgs:
    """What may be set of the cluster; see `components.cluster.ClusterArgs`."""

    version: str = VERSIONS[-1]
    window: Window = field(default_factory=Window)
    pools: Mapping[Role, PoolArgs] = field(default_factory=dict)
    reach: tuple[IPv4Network, ...] = ()
    break_glass: BreakGlass | None = None


@dataclass(frozen=True, kw_only=True)
class DataPlaneArgs:
    """What a data plane is made from.

    location: where it stands. cidr: the region's /16. plan: whose keys encrypt what is at rest. postgres, cache: how
    large they are. kubernetes: the cluster. operators: who administers it, by cloud identity (`ClusterArgs`).
    receivers: e-mail addresses that alarms go to. domains: what may be reached from the egress pool (`EgressArgs`);
    none, and nothing can leave. consumers: who may reach the entry points by private link (`IngestArgs`); none, and
    there are no entry points. peers: networks of others that are joined with this one.
    """

    location: Location
    cidr: IPv4Network
    plan: Plan
    postgres: Capacity = field(default_factory=Capacity)
    cache: CacheSize = CacheSize.SMALL
    kubernetes: KubernetesArgs = field(default_factory=KubernetesArgs)
    operators: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    consumers: tuple[str, ...] = ()
    peers: tuple[Peer, ...] = ()

    def ranges(self, wish: str) -> tuple[IPv4Network, ...]:
        """The ranges of the peers that may reach something: `api`, `endpoints` or `ingest`."""
        return tuple(cidr for peer in self.peers if getattr(peer, wish) for cidr in peer.cidrs)


class DataPlane(Capability, token="rampart:dataplane:DataPlane"):
    """A private data plane in one region. Its outputs are read by `components.dataplane.exports`."""

    plan: pulumi.Output[str]
    """`enterprise` or `managed`: whose keys encrypt what is at rest."""

    place: pulumi.Output[dict[str, Any]]
    """Where it stands: stack, region, zones, account and address range."""

    network: pulumi.Output[str]
    """The network's id."""

    keys: pulumi.Output[dict[str, str]]
    """Customer-managed key ids by purpose; empty on the managed plan."""

    buckets: pulumi.Output[dict[str, str]]
    """Where clients find each bucket, by name."""

    domain: pulumi.Output[str]
    """The domain of the data plane's own private names."""

    egress: pulumi.Output[dict[str, Any]]
    """Domains that may be reached, ids of the subnets of those who may reach them, and the port."""

    ingest: pulumi.Output[dict[str, Any]]
    """How consumers reach the entry points: name, service, port, who they are and what they must do; and the target
    that back ends are put into. All empty without consumers."""

    peers: pulumi.Output[dict[str, Any]]
    """By peer: the id of this side's half of the connection, and what the other side must do."""

    logs: pulumi.Output[str]
    """Where flow and audit logs are kept."""

    postgres: pulumi.Output[dict[str, Any]]
    """Host, port, id and administrator of the PostgreSQL server."""

    cache: pulumi.Output[dict[str, Any]]
    """Host, port, id and certificate authorities of the cache."""

    registry: pulumi.Output[dict[str, Any]]
    """Host, id and mirrors of the image registry."""

    secrets: pulumi.Output[dict[str, str]]
    """Ids of the secrets by name; never what is in them."""

    cluster: pulumi.Output[dict[str, Any]]
    """What a client of the cluster, and what runs in it, must know: see `components.cluster.Cluster`."""

    identities: pulumi.Output[dict[str, Any]]
    """By workload: namespace and name of its service account, the annotations and labels that make it the identity, and
    how it logs in to databases and caches."""

    def __init__(
        self, name: str, cloud: Cloud, args: DataPlaneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        kubernetes = replace(args.kubernetes, reach=(*args.kubernetes.reach, *args.ranges("api")))
        incarnation = random.RandomId(f"{name}-incarnation", byte_length=4, opts=self.inside)
        prerequisites = cloud.Prerequisites("prerequisites", args.location, self.inside)
        site = Site(location=args.location, scope=prerequisites.scope, incarnation=incarnation.hex)

        shape = NetworkArgs(
            site=site,
            cidr=args.cidr,
            reach=kubernetes.reach,
            callers=args.ranges("endpoints"),
            visitors=args.ranges("ingest"),
            entrance=bool(args.consumers),
            way_out=bool(args.domains),
        )
        network = cloud.Network("network", shape, self.inside)
        domains = pulumi.Output.from_input(list[str]())
        if args.domains:
            way_out = EgressArgs(site=site, network=network, domains=args.domains)
            domains = cloud.Egress("egress", way_out, self.inside).domains
        dns = cloud.Dns("dns", DnsArgs(site=site, network=network), self.inside)
        self.peers = pulumi.Output.from_input(dict[str, Any]())
        if args.peers:
            joined = cloud.Peering(
                "peering", PeeringArgs(site=site, network=network, dns=dns, peers=args.peers), self.inside
            )
            self.peers = pulumi.Output.all(joined.connections, joined.needs).apply(
                lambda known: {peer: {"connection": known[0][peer], "needs": known[1][peer]} for peer in known[0]}
            )
        managed = args.plan == "managed"
        wanted = KeysArgs(site=site, network=network, dns=dns, purposes=DATA_PLANE)
        keys = None if managed else cloud.Keys("keys", wanted, self.inside)

        def key(purpose: Purpose) -> Key | None:
            return keys[purpose] if keys else None

        logs = cloud.Logs("logs", LogsArgs(site=site, network=network, key=key(Purpose.LOGS)), self.inside)
        database = cloud.Postgres(
            "postgres",
            PostgresArgs(site=site, network=network, dns=dns, key=key(Purpose.POSTGRES), capacity=args.postgres),
            self.inside,
        )
        cache = cloud.Cache(
            "cache",
            CacheArgs(site=site, network=network, dns=dns, key=key(Purpose.CACHE), size=args.cache),
            self.inside,
        )
        buckets = {
            bucket: cloud.Bucket(
                bucket,
                BucketArgs(site=site, network=network, dns=dns, key=key(Purpose.BUCKET), recovery_days=days),
                self.inside,
            )
            for bucket, days in BUCKETS.items()
        }
        secrets = cloud.Secrets(
            "secrets",
            SecretsArgs(site=site, network=network, dns=dns, key=key(Purpose.SECRETS), names=SECRETS),
            self.inside,
        )
        registry = cloud.Registry(
            "registry", RegistryArgs(site=site, network=network, dns=dns, key=key(Purpose.REGISTRY)), self.inside
        )
        cluster = cloud.Cluster(
            "cluster",
            ClusterArgs(
                site=site,
                network=network,
                dns=dns,
                logs=logs,
                registry=registry,
                secrets_key=key(Purpose.CLUSTER),
                volumes_key=key(Purpose.VOLUMES),
                operators=args.operators,
                **vars(kubernetes),
            ),
            self.inside,
        )
        self.ingest = pulumi.Output.from_input({**NO_WAY_IN})
        if args.consumers:
            way_in = cloud.Ingest(
                "ingest",
                IngestArgs(
                    site=site,
                    network=network,
                    dns=dns,
                    cluster=cluster,
                    consumers=args.consumers,
                    visitors=args.ranges("ingest"),
                ),
                self.inside,
            )
            self.ingest = way_in.told(args.consumers)
        stores: dict[str, Store] = {**buckets, "postgres": database, "cache": cache}
        stores |= {f"secret/{secret}": secrets[secret] for secret in SECRETS}
        stores |= {"key/fields": keys[Purpose.FIELDS]} if keys else {}
        identities = {
            workload: cloud.Identity(
                workload,
                IdentityArgs(
                    site=site,
                    cluster=cluster,
                    namespace=about.namespace,
                    service_account=about.account(args.location.stack),
                    # Without keys of the customer's there is none for fields either.
                    grants=tuple(Grant(stores[store], access) for store, access in about.grants if store in stores),
                ),
                self.inside,
            )
            for workload, about in WORKLOADS.items()
        }
        cloud.Alarms(
            "alarms",
            AlarmsArgs(
                site=site, logs=logs, keys=keys, key=key(Purpose.LOGS), postgres=database, receivers=args.receivers
            ),
            self.inside,
        )

        self.plan = pulumi.Output.from_input(str(args.plan))
        self.place = pulumi.Output.from_input(
            {
                "stack": args.location.stack,
                "region": args.location.region,
                "zones": list(args.location.zones),
                "account": args.location.account,
                "cidr": str(args.cidr),
            }
        )
        self.network = network.id
        self.keys = keys.ids if keys else pulumi.Output.from_input(dict[str, str]())
        self.buckets = pulumi.Output.all(**{bucket: made.location for bucket, made in buckets.items()})
        self.domain = dns.domain
        self.egress = pulumi.Output.all(domains=domains, subnets=network.egress_subnets, port=PORT)
        self.logs = logs.id
        self.postgres = pulumi.Output.all(
            host=database.host, port=database.port, id=database.id, administrator=database.administrator
        )
        self.cache = pulumi.Output.all(host=cache.host, port=cache.port, id=cache.id, certificate=cache.certificate)
        self.registry = pulumi.Output.all(host=registry.host, id=registry.id, mirrors=registry.mirrors)
        self.secrets = secrets.ids
        self.cluster = pulumi.Output.all(**{output: getattr(cluster, output) for output in cluster.outputs})
        self.identities = pulumi.Output.all(
            **{
                workload: _account(WORKLOADS[workload], args.location.stack, made)
                for workload, made in identities.items()
            }
        )
        self.done()


def _account(workload: Workload, stack: str, identity: Identity) -> pulumi.Output[dict[str, Any]]:
    return pulumi.Output.all(
        namespace=workload.namespace,
        service_account=workload.account(stack),
        principal=identity.principal,
        annotations=identity.annotations,
        labels=identity.labels,
        logins=identity.logins,
    )
