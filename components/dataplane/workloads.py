"""What runs in a data plane, and what each of it may do: one table, read in one sitting."""

from dataclasses import dataclass

from components.identity import Access

BUCKETS = {"traces": 30, "archive": 90}
"""For how many days what is deleted from each bucket can be brought back."""

SECRETS = ("clickhouse", "signing")
"""The entries of the secret store: the analytical database's password, and what tokens for clients are signed with."""


@dataclass(frozen=True)
class Workload:
    """One Kubernetes service account and its grants, by the name of the store.

    A store is a bucket of `BUCKETS`, `postgres`, `cache`, a secret of `SECRETS` (`secret/<name>`), or `key/fields`,
    the key for single fields, which only the enterprise plan has.
    """

    namespace: str
    service_account: str
    grants: tuple[tuple[str, Access], ...]

    def account(self, stack: str) -> str:
        """The name of the service account in one stack's cluster.

        It carries the stack's: all clusters of a Google Cloud project share one identity pool, in which accounts of
        the same name and namespace are one principal (GKE documentation, identity sameness).
        """
        return f"{self.service_account}-{stack}"


WORKLOADS = {
    "collector": Workload(
        "ingest",
        "collector",
        (("traces", Access.WRITE), ("cache", Access.CONNECT), ("key/fields", Access.ENCRYPT)),
    ),
    "query": Workload(
        "query",
        "query",
        (
            ("traces", Access.READ),
            ("postgres", Access.CONNECT),
            ("cache", Access.CONNECT),
            ("key/fields", Access.DECRYPT),
            ("secret/signing", Access.READ),
        ),
    ),
    "archiver": Workload("archive", "archiver", (("traces", Access.READ), ("archive", Access.ADMIN))),
    "keeper": Workload(
        "platform",
        "keeper",
        (("secret/clickhouse", Access.WRITE), ("secret/signing", Access.WRITE)),
    ),
}
"""By the name of the identity."""
