"""What a data plane's stack exports: the contract with the program that runs inside its network.

That program has the same stack name in another project, and reads this one by `pulumi.StackReference`. Nothing here is
secret: where something is, and who may use it, never what opens it.
"""

from typing import Literal

import pulumi
from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """Where the data plane stands. zones, account: as in `components.site.Location`. cidr: the region's /16."""

    stack: str
    region: str
    zones: tuple[str, ...]
    account: str
    cidr: str


class Database(_Part):
    """The PostgreSQL server; see `components.postgres.Postgres`."""

    host: str
    port: int
    id: str
    administrator: str


class Cache(_Part):
    """The cache; see `components.cache.Cache`."""

    host: str
    port: int
    id: str
    certificate: str


class Registry(_Part):
    """The image registry; see `components.registry.Registry`."""

    host: str
    id: str
    mirrors: dict[str, str]


class Cluster(_Part):
    """The Kubernetes cluster; see `components.cluster.Cluster`."""

    id: str
    name: str
    endpoint: str
    certificate: str
    issuer: str
    trust: str
    storage_class: dict[str, str]
    runtime_class: str
    autoscaler: str


class Egress(_Part):
    """What may leave, and from where; see `components.egress.Egress`.

    The cloud lets out of `subnets`, to `port` and nothing else, and knows no names. Whoever runs the filtering proxy
    there must enforce `domains`: exact host names, and `*.example.com` for all below one. Without domains nothing
    leaves.
    """

    domains: tuple[str, ...]
    subnets: tuple[str, ...]
    port: int


class Ingest(_Part):
    """How consumers reach the entry points; see `components.ingest.Ingest`. Empty, but for the port, without any.

    The cloud carries TCP from `port` to whatever is registered in `target`, on the target's port, and has no
    certificate. The in-cluster program registers what answers there (on Azure, a Kubernetes service with `annotations`
    does it), has its issuer certify `name`, and exports that issuer's authority as `ingest_authority`.
    """

    name: str
    service: str
    port: int
    target: dict[str, str]
    annotations: dict[str, str]
    consumers: tuple[str, ...]
    consumer_needs: tuple[str, ...]


class Peer(_Part):
    """A network that is joined with this one: this side's half, and what the other side must do; see
    `components.peering.Peering`.
    """

    connection: str
    needs: tuple[str, ...]


class Login(_Part):
    """How a workload logs in to a database or cache; see `components.identity.Identity.logins`."""

    store: str
    host: str
    user: str
    method: str
    sql: str


class Account(_Part):
    """A Kubernetes service account, and the cloud identity that it takes on; see `components.identity.Identity`."""

    namespace: str
    service_account: str
    principal: str
    annotations: dict[str, str]
    labels: dict[str, str]
    logins: tuple[Login, ...]

    @property
    def half_granted(self) -> tuple[Login, ...]:
        """The logins of which the half inside the database is still to be given, as far as the cloud can say."""
        return tuple(login for login in self.logins if login.sql)


class Exports(_Part):
    """All outputs of a data plane's stack, by the names of `components.dataplane.DataPlane`."""

    plan: Literal["enterprise", "managed"]
    place: Place
    network: str
    domain: str
    egress: Egress
    ingest: Ingest
    peers: dict[str, Peer]
    logs: str
    keys: dict[str, str]
    buckets: dict[str, str]
    postgres: Database
    cache: Cache
    registry: Registry
    secrets: dict[str, str]
    cluster: Cluster
    identities: dict[str, Account]

    @classmethod
    def of(cls, reference: pulumi.StackReference) -> "pulumi.Output[Exports]":
        """The exports of the stack referred to.

        Raises pydantic's `ValidationError`, which says what is missing, for a stack that exports something else: it was
        last updated by another version of the program.
        """
        return reference.outputs.apply(cls.model_validate)
