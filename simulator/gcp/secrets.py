"""Secret Manager: secrets, whose values the simulated cloud never sees."""

from simulator.cloud import Name, Operation
from simulator.gcp.identity import SECRETS, encrypts
from simulator.gcp.resource import MET, SDK, never, row, tokens
from simulator.rules import matches

(SECRET,) = tokens("secretmanager", "Secret")
_INVALID, _REPLICA = "400 INVALID_ARGUMENT", "replication.userManaged.replicas"
_NAME = Name("secretId", MET, "[a-zA-Z0-9_-]{1,255}", _INVALID, taken="409 ALREADY_EXISTS", auto=None, longest=255)
_DEFAULTS = {"deletionProtection": False}
TYPES = (
    row(
        SECRET,
        3,
        "projects/{account}/secrets/{secretId}",
        "project replication",
        name=_NAME,
        outputs={"name": lambda secret: f"projects/{secret.scope.settings['number']}/secrets/{secret.one('secretId')}"},
        defaults=_DEFAULTS,
    ),
)


def _held(secret: Operation) -> bool:
    return bool(secret.one("deletionProtection"))


RULES = (
    matches(SECRET, "versionDestroyTtl", r"[0-9]+(\.[0-9]{1,9})?s", _INVALID, SDK),
    *encrypts(
        SECRET,
        f"{_REPLICA}.customerManagedEncryption.kmsKeyName",
        SECRETS,
        (_INVALID, "403 PERMISSION_DENIED"),
        f"{_REPLICA}.location",
    ),
    *never(SECRET, "PREVENT", SDK, ("deletionProtection", "it is false before the provider deletes", _held, "delete")),
)
