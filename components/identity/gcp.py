from collections.abc import Iterator, Mapping

import pulumi
import pulumi_gcp as gcp

from components.bucket import Bucket
from components.cache import Cache
from components.capability import Capability
from components.identity import Access, Grant, Identity, IdentityArgs
from components.identity.gcp_conditions import only
from components.keys import Key
from components.postgres import Postgres
from components.secrets import Secret

ROLES: Mapping[tuple[type[Capability], Access], tuple[str, ...]] = {
    # store, access: roles. On the bucket, the key, the secret itself:
    (Bucket, Access.READ): ("roles/storage.objectViewer",),
    (Bucket, Access.WRITE): ("roles/storage.objectViewer", "roles/storage.objectCreator"),
    (Bucket, Access.ADMIN): ("roles/storage.objectUser",),
    (Key, Access.ENCRYPT): ("roles/cloudkms.cryptoKeyEncrypter",),
    (Key, Access.DECRYPT): ("roles/cloudkms.cryptoKeyDecrypter",),
    (Secret, Access.READ): ("roles/secretmanager.secretAccessor",),
    (Secret, Access.WRITE): ("roles/secretmanager.secretVersionAdder",),
    # These take no bindings of their own: on the project, under a condition that names the one instance.
    (Postgres, Access.CONNECT): ("roles/cloudsql.instanceUser",),
    (Cache, Access.CONNECT): ("roles/memorystore.dbConnectionUser",),
}
"""What each grant becomes (IAM documentation, roles and permissions of each service).

To replace an object is to delete the old one, as Cloud Storage sees it, so `write` only adds. A client of Cloud SQL
logs in over its private endpoint; the Auth Proxy and the connectors would also want `roles/cloudsql.client`.
"""

LONGEST_NAME = 21
"""A service account's id has 30 characters at most, and ends in the incarnation."""


class ServiceAccountIdentity(Identity):
    """A Google service account that the Kubernetes one impersonates: Cloud SQL and Memorystore know no other."""

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if len(name) > LONGEST_NAME:
            raise ValueError(f"the identity {name!r}: Google Cloud takes {LONGEST_NAME} characters at most")
        super().__init__(name, opts)
        site = args.site
        self._account = gcp.serviceaccount.Account(
            f"{name}-account",
            project=site.scope,
            account_id=pulumi.Output.concat(name, "-", site.incarnation),
            display_name=f"{site.location.stack}: {args.namespace}/{args.service_account}",
            opts=self.inside,
        )
        use = gcp.serviceaccount.IAMMember(
            f"{name}-use",
            service_account_id=self._account.name,
            role="roles/iam.workloadIdentityUser",
            member=pulumi.Output.concat(
                "serviceAccount:", args.cluster.trust, f"[{args.namespace}/{args.service_account}]"
            ),
            opts=self.inside,
        )
        given = [id_ for grant in args.grants for id_ in self._give(name, args, grant)]
        ready = pulumi.Output.all(self._account.email, use.id, *given)
        self.principal = ready.apply(lambda values: str(values[0]))
        self.annotations = pulumi.Output.all(**{"iam.gke.io/gcp-service-account": self._account.email})
        self.labels = pulumi.Output.from_input(dict[str, str]())
        self.logins = pulumi.Output.all(*self._logins(args))
        self.done()

    def _give(self, name: str, args: IdentityArgs, grant: Grant) -> Iterator[pulumi.Output[str]]:
        """The bindings of a grant; their ids."""
        store, member = grant.store, self._account.member
        kind = next(kind for kind, access in ROLES if isinstance(store, kind) and access is grant.access)
        for role in ROLES[kind, grant.access]:
            key = f"{name}-{store.pulumi_resource_name}-{role.rpartition('.')[2].lower()}"
            match store:
                case Bucket():
                    made = gcp.storage.BucketIAMMember(key, bucket=store.id, role=role, member=member, opts=self.inside)
                    yield made.id
                case Key():
                    yield gcp.kms.CryptoKeyIAMMember(
                        key, crypto_key_id=store.id, role=role, member=member, opts=self.inside
                    ).id
                case Secret():
                    yield gcp.secretmanager.SecretIamMember(
                        key, project=args.site.scope, secret_id=store.id, role=role, member=member, opts=self.inside
                    ).id
                case Postgres() | Cache():
                    yield self._on_one(key, args, role, store)
        if isinstance(store, Postgres):
            yield gcp.sql.User(
                f"{name}-{store.pulumi_resource_name}-user",
                project=args.site.scope,
                instance=store.id.apply(lambda id_: id_.rpartition(":")[2]),
                type="CLOUD_IAM_SERVICE_ACCOUNT",
                name=self._account.email.apply(_user),
                opts=self.inside,
            ).id

    def _on_one(self, key: str, args: IdentityArgs, role: str, store: Postgres | Cache) -> pulumi.Output[str]:
        """A role on the project that holds for one instance."""
        if isinstance(store, Postgres):
            instance = store.id.apply(lambda id_: id_.rpartition(":")[2])
            path = pulumi.Output.concat("projects/", args.site.scope, "/instances/", instance)
        else:
            path = store.id
        return gcp.projects.IAMMember(
            key,
            project=args.site.scope,
            role=role,
            member=self._account.member,
            condition=gcp.projects.IAMMemberConditionArgs(title="this instance only", expression=path.apply(only)),
            opts=self.inside,
        ).id

    def _logins(self, args: IdentityArgs) -> Iterator[pulumi.Output[dict[str, str]]]:
        for grant in args.grants:
            match grant.store:
                case Postgres() as store:
                    user = self._account.email.apply(_user)
                    # The user is made over the API, so the role is there.
                    about = {"store": "postgres", "method": "cloudsql-iam", "sql": ""}
                case Cache() as store:
                    user = pulumi.Output.from_input("default")
                    about = {"store": "cache", "method": "memorystore-iam", "sql": ""}
                case _:
                    continue
            yield pulumi.Output.all(host=store.host, user=user, **about)


def _user(email: str) -> str:
    """Cloud SQL wants a service account without its suffix (gcp.sql.User, name)."""
    return email.removesuffix(".gserviceaccount.com")
