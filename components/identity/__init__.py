"""Identity: a cloud identity for one Kubernetes service account, with just what it needs on just its resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.bucket import Bucket
from components.cache import Cache
from components.capability import Capability
from components.cluster import Cluster
from components.keys import Key
from components.postgres import Postgres
from components.secrets import Secret
from components.site import Site


class Access(StrEnum):
    """What a grant gives."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    CONNECT = "connect"
    ENCRYPT = "encrypt"
    DECRYPT = "decrypt"


Store = Bucket | Cache | Key | Postgres | Secret
"""What can be granted."""

OFFERS: Mapping[type[Capability], tuple[Access, ...]] = {
    # read: list and read. write: that, and add objects (and replace them, where the cloud tells that from deleting).
    # admin: that, and delete objects; they can be brought back as the bucket says.
    Bucket: (Access.READ, Access.WRITE, Access.ADMIN),
    Cache: (Access.CONNECT,),
    # Envelope encryption in the application. What a store does with its own key is not a grant.
    Key: (Access.ENCRYPT, Access.DECRYPT),
    Postgres: (Access.CONNECT,),
    # write puts in a new version, and reads none.
    Secret: (Access.READ, Access.WRITE),
}
"""What each kind of store can be granted for."""


@dataclass(frozen=True)
class Grant:
    """One permission on one store. `ValueError` for an access that the store does not offer."""

    store: Store
    access: Access

    def __post_init__(self) -> None:
        kind, offered = next(((k, a) for k, a in OFFERS.items() if isinstance(self.store, k)), (None, ()))
        if kind is None:
            raise ValueError(f"{type(self.store).__name__} cannot be granted")
        if self.access not in offered:
            raise ValueError(f"{kind.__name__} is granted for {', '.join(offered)}; not for {self.access}")


@dataclass(frozen=True, kw_only=True)
class IdentityArgs:
    """Whose identity it is, and what it may do.

    namespace, service_account: the one Kubernetes service account that may use it.
    grants: everything that it may do; none gives an identity that may do nothing.
    """

    site: Site
    cluster: Cluster
    namespace: str
    service_account: str
    grants: tuple[Grant, ...] = ()


class Identity(Capability, token="rampart:identity:Identity"):
    """A cloud identity that one Kubernetes service account takes on with its own token: no key, no password.

    IRSA on AWS, Workload Identity Federation through a service account on Google Cloud, federated managed identity on
    Azure. A grant on a database or a cache is half of a login: the other half, a role inside PostgreSQL, is in `logins`
    as data for what runs inside the network, and until that has run the grant is half given.

    - Google Cloud: a role on a database or a cache stands on the project, under a condition that names the instance,
      because instances take no bindings of their own. Cloud SQL makes the role inside over its API: nothing is left to
      run. All clusters of a project share one pool of identities, in which a namespace and a name are one principal,
      whatever the cluster, and no condition tells them apart: names carry the stack's, but whoever may make service
      accounts in one cluster of a project can take on the identities of another. Trust apart wants a project apart.
    - Azure: a cache has one access policy in this API, for every command and key but those of administration.
    """

    principal: pulumi.Output[str]
    """Role ARN, service account e-mail, client id; known once every grant is in force."""

    annotations: pulumi.Output[dict[str, str]]
    """What the Kubernetes service account is annotated with."""

    labels: pulumi.Output[dict[str, str]]
    """What its pods are labelled with."""

    logins: pulumi.Output[list[dict[str, str]]]
    """How it logs in, one entry per `connect` grant: `store` (`postgres`, `cache`), `host`, `user`, and `method`: how
    the store knows the user (`rds-iam`, `cloudsql-iam`, `entra`, `elasticache-iam`, `memorystore-iam`), `sql`: what
    the database's administrator must still run, empty where nothing is left to do."""
