"""One module per cloud: the table of contents of what it implements. Only the stack's own cloud is ever imported."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

import pulumi

from components.alarms import Alarms, AlarmsArgs
from components.bucket import Bucket, BucketArgs
from components.cache import Cache, CacheArgs
from components.cluster import Cluster, ClusterArgs
from components.dns import Dns, DnsArgs
from components.egress import Egress, EgressArgs
from components.identity import Identity, IdentityArgs
from components.ingest import Ingest, IngestArgs
from components.keys import Keys, KeysArgs
from components.logs import Logs, LogsArgs
from components.network import Network, NetworkArgs
from components.peering import Peering, PeeringArgs
from components.postgres import Postgres, PostgresArgs
from components.prerequisites import Prerequisites
from components.registry import Registry, RegistryArgs
from components.secrets import Secrets, SecretsArgs
from components.site import Location

CloudName = Literal["aws", "gcp", "azure"]


class Cloud(Protocol):
    """What a cloud must offer. The data plane is written against this, and names no cloud."""

    def providers(self, location: Location) -> Sequence[pulumi.ProviderResource]:
        """One explicit provider per package, bound to the location's region and account."""
        ...

    def Prerequisites(self, name: str, location: Location, opts: pulumi.ResourceOptions) -> Prerequisites: ...
    def Network(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions) -> Network: ...
    def Dns(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions) -> Dns: ...
    def Egress(self, name: str, args: EgressArgs, opts: pulumi.ResourceOptions) -> Egress: ...
    def Peering(self, name: str, args: PeeringArgs, opts: pulumi.ResourceOptions) -> Peering: ...
    def Keys(self, name: str, args: KeysArgs, opts: pulumi.ResourceOptions) -> Keys: ...
    def Logs(self, name: str, args: LogsArgs, opts: pulumi.ResourceOptions) -> Logs: ...
    def Postgres(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions) -> Postgres: ...
    def Bucket(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions) -> Bucket: ...
    def Cache(self, name: str, args: CacheArgs, opts: pulumi.ResourceOptions) -> Cache: ...
    def Secrets(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions) -> Secrets: ...
    def Registry(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions) -> Registry: ...
    def Cluster(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions) -> Cluster: ...
    def Ingest(self, name: str, args: IngestArgs, opts: pulumi.ResourceOptions) -> Ingest: ...
    def Identity(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions) -> Identity: ...
    def Alarms(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions) -> Alarms: ...


def load(name: CloudName) -> Cloud:
    """The implementations of one cloud."""
    return cast(Cloud, import_module(f"components.clouds.{name}"))


if TYPE_CHECKING:  # the type checker holds every cloud to the contract
    from components.clouds import aws, azure, gcp

    _every_cloud: tuple[Cloud, ...] = (aws, gcp, azure)
