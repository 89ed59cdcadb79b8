"""What of each store can be recovered, for how long, and by whom: for every store, loss and cloud, in one table.

The contracts say the same in words, and docs/recover.md what to do. `fleet recover` does what is a command here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.cache import SNAPSHOT_DAYS
from components.dataplane.workloads import BUCKETS
from components.keys import DELETION_DAYS, VAULT_DAYS
from components.postgres import LOG_DAYS, Capacity
from components.registry import UNDELETED_DAYS
from components.secrets import RECOVERY_DAYS


class Kind(StrEnum):
    """A kind of store: whatever holds data or keys."""

    POSTGRES = "postgres"
    CACHE = "cache"
    BUCKET = "bucket"
    SECRET = "secret"  # noqa: S105  (a kind, not a password)
    KEY = "key"
    REGISTRY = "registry"
    CLUSTER = "cluster"  # Kubernetes objects and secrets
    VOLUMES = "volumes"  # persistent volumes
    LOGS = "logs"


class Loss(StrEnum):
    """What happened."""

    CONTENT = "what is in it is wrong or gone"
    STORE = "the store itself was deleted"
    REGION = "its region is gone"


class Way(StrEnum):
    """Who brings it back."""

    ITSELF = "by itself"  # the next update makes it again, whole
    COMMAND = "a command"  # `fleet recover`
    PERSON = "a person"  # docs/recover.md says how
    NOTHING = "not kept"


@dataclass(frozen=True)
class Recovery:
    """way: who brings it back. window: for how long it can be, or empty. how: by what, or why not, and the source."""

    way: Way
    window: str
    how: str


def _command(window: str, how: str) -> Recovery:
    return Recovery(Way.COMMAND, window, how)


def _person(window: str, how: str) -> Recovery:
    return Recovery(Way.PERSON, window, how)


def _itself(how: str) -> Recovery:
    return Recovery(Way.ITSELF, "", how)


def _nothing(how: str) -> Recovery:
    return Recovery(Way.NOTHING, "", how)


_BACKUPS = f"backup_days of the stack, {Capacity().backup_days} unless set"
_OBJECTS = ", ".join(f"{name} {days} days" for name, days in BUCKETS.items())
_LOG = f"{LOG_DAYS} days"
_DELETION, _VAULT, _SECRETS = (f"{days} days" for days in (DELETION_DAYS, VAULT_DAYS, RECOVERY_DAYS))
_CACHED = _nothing("no snapshots are kept: what a cache holds can be made again")
_EMPTY = _itself("up makes it again, empty; what a cache holds can be made again")
_IMAGES = _person(
    f"{UNDELETED_DAYS} days",
    "an image that lost its tag is there by its digest for so long: tag it again; else push or mirror it again",
)
_REPOSITORIES = _person("", "no deleted repository or image comes back: push again; mirrors fill themselves")
_KUBERNETES = _person("", "etcd and its backups are the cloud's: run rampart-workloads again; values are in secrets")
_CLUSTER = _person("", "up makes the cluster again; then rampart-workloads what is in it")
_VOLUMES = _nothing("no snapshots of volumes are taken: what must last goes to a bucket or to postgres")
_IN_REGION = _nothing("backups, versions and keys lie in the region, and come back with it")
_ELSEWHERE = _person("", "up makes it in another region, empty: what was in it is made or pushed again")
_BLOBS = _command(_OBJECTS, "copies of versions (Azure Storage, blob versioning), from inside the network")

RECOVERIES: Mapping[Kind, Mapping[str, Mapping[Loss, Recovery]]] = {
    Kind.POSTGRES: {
        "aws": {
            Loss.CONTENT: _command(_BACKUPS, "a new server of any second (RDS API, RestoreDBInstanceToPointInTime)"),
            Loss.STORE: _command(_BACKUPS, "the same, from backups that production retains (delete_automated_backups)"),
            Loss.REGION: _IN_REGION,
        },
        "gcp": {
            Loss.CONTENT: _command(_LOG, "a clone of any second (gcloud sql instances clone); daily backups longer"),
            Loss.STORE: _person(
                _BACKUPS, "a retained backup into a new server (Cloud SQL, gcloud sql backups restore)"
            ),
            Loss.REGION: _IN_REGION,
        },
        "azure": {
            Loss.CONTENT: _command(_BACKUPS, "a new server of any second (az postgres flexible-server restore)"),
            Loss.STORE: _person("5 days", "Azure Database for PostgreSQL documentation, restore a dropped server"),
            Loss.REGION: _nothing("geo-redundant backup can only be chosen at creation, and is not"),
        },
    },
    Kind.CACHE: {
        "aws": {
            Loss.CONTENT: _command(f"{SNAPSHOT_DAYS} days", "a new cache of a daily snapshot (ElastiCache, snapshots)"),
            Loss.STORE: _command("", "the same, of the final snapshot that production takes"),
            Loss.REGION: _ELSEWHERE,
        },
        "gcp": {Loss.CONTENT: _CACHED, Loss.STORE: _EMPTY, Loss.REGION: _ELSEWHERE},
        "azure": {Loss.CONTENT: _CACHED, Loss.STORE: _EMPTY, Loss.REGION: _ELSEWHERE},
    },
    Kind.BUCKET: {
        "aws": {
            Loss.CONTENT: _command(_OBJECTS, "copies of versions on top of what is there (S3 User Guide, versioning)"),
            Loss.STORE: _nothing("S3 deletes no bucket with versions in it; one that is gone was empty"),
            Loss.REGION: _IN_REGION,
        },
        "gcp": {
            Loss.CONTENT: _command(_OBJECTS, "copies of versions (Cloud Storage documentation, Object Versioning)"),
            Loss.STORE: _person(_OBJECTS, "gcloud storage restore, the bucket and then its objects (soft delete)"),
            Loss.REGION: _IN_REGION,
        },
        "azure": {
            Loss.CONTENT: _BLOBS,
            Loss.STORE: _person(_OBJECTS, "a container: az storage container restore; an account: Azure's support"),
            Loss.REGION: _nothing("three zones of one region (Standard_ZRS), no second one"),
        },
    },
    Kind.SECRET: {
        "aws": {
            Loss.CONTENT: _command("two versions", "AWSCURRENT goes back to an earlier version (Secrets Manager API)"),
            Loss.STORE: _command(_SECRETS, "RestoreSecret (Secrets Manager API)"),
            Loss.REGION: _IN_REGION,
        },
        "gcp": {
            Loss.CONTENT: _command(_SECRETS, "a version to be destroyed is enabled (version_destroy_ttl)"),
            Loss.STORE: _nothing("Secret Manager has no way back: production refuses the deletion, twice"),
            Loss.REGION: _IN_REGION,
        },
        "azure": {
            Loss.CONTENT: _person("", "every version stays: write the earlier value again, from inside the network"),
            Loss.STORE: _command(_SECRETS, "az keyvault secret recover, or the vault whole: az keyvault recover"),
            Loss.REGION: _person("", "Azure keeps a copy of vaults in the paired region, readable once it fails over"),
        },
    },
    Kind.KEY: {
        "aws": {
            Loss.CONTENT: _itself("material of every rotation stays with the key"),
            Loss.STORE: _command(_DELETION, "CancelKeyDeletion, then EnableKey (KMS API)"),
            Loss.REGION: _IN_REGION,
        },
        "gcp": {
            Loss.CONTENT: _command(_DELETION, "versions are restored and enabled (Cloud KMS, destroy and restore)"),
            Loss.STORE: _command(_DELETION, "the same: a key is never gone, its versions are"),
            Loss.REGION: _IN_REGION,
        },
        "azure": {
            Loss.CONTENT: _itself("every version stays in the vault"),
            Loss.STORE: _command(_VAULT, "az keyvault key recover, or the vault whole: az keyvault recover"),
            Loss.REGION: _person("", "Azure keeps a copy of vaults in the paired region, readable once it fails over"),
        },
    },
    Kind.REGISTRY: {
        cloud: {Loss.CONTENT: _IMAGES, Loss.STORE: _REPOSITORIES, Loss.REGION: _ELSEWHERE}
        for cloud in ("aws", "gcp", "azure")
    },
    Kind.CLUSTER: {
        cloud: {Loss.CONTENT: _KUBERNETES, Loss.STORE: _CLUSTER, Loss.REGION: _ELSEWHERE}
        for cloud in ("aws", "gcp", "azure")
    },
    Kind.VOLUMES: {
        cloud: {Loss.CONTENT: _VOLUMES, Loss.STORE: _VOLUMES, Loss.REGION: _VOLUMES}
        for cloud in ("aws", "gcp", "azure")
    },
    Kind.LOGS: {
        "aws": {
            Loss.CONTENT: _nothing("an entry of CloudWatch Logs is not changed, and not brought back"),
            Loss.STORE: _nothing("a deleted log group is gone with its entries; production refuses it"),
            Loss.REGION: _IN_REGION,
        },
        "gcp": {
            Loss.CONTENT: _nothing("an entry of Cloud Logging is not changed, and not brought back"),
            Loss.STORE: _person("7 days", "gcloud logging buckets undelete"),
            Loss.REGION: _IN_REGION,
        },
        "azure": {
            Loss.CONTENT: _nothing("versions are not kept of flow logs"),
            Loss.STORE: _person("", "an account: Azure's support, with no promise; a lock stands before it"),
            Loss.REGION: _IN_REGION,
        },
    },
}
