"""Cloud Storage: buckets."""

from simulator.cloud import Name, Operation
from simulator.gcp.identity import STORAGE, encrypts
from simulator.gcp.resource import FACTS, SDK, row, tokens
from simulator.rules import one_of, rule
from simulator.values import Props

(BUCKET,) = tokens("storage", "Bucket")
_KEY, _PERIOD = "encryption.defaultKmsKeyName", "softDeletePolicy.retentionDurationSeconds"
_INVALID, _CLASSES = "400 invalid", ("STANDARD", "MULTI_REGIONAL", "REGIONAL", "NEARLINE", "COLDLINE", "ARCHIVE")
_ACTIONS = ("Delete", "SetStorageClass", "AbortIncompleteMultipartUpload")
_FORM = r"(?!goog|\d+\.\d+\.\d+\.\d+$|.*[^.]{64})[a-z0-9][a-z0-9_.-]{1,220}[a-z0-9]"
_FIXED = "project location enableObjectRetention hierarchicalNamespace customPlacementConfig"
_NAME = Name(property="name", source=FACTS, pattern=_FORM, invalid=_INVALID, taken="409 conflict", longest=222)
_OUTPUTS: Props = {
    "url": "gs://{name}",
    "selfLink": "https://www.googleapis.com/storage/v1/b/{name}",
    "projectNumber": lambda bucket: int(bucket.scope.settings["number"]),
    "publicAccessPrevention": "inherited",
    "uniformBucketLevelAccess": False,
    "softDeletePolicy": {"retentionDurationSeconds": 604800},
}
_DEFAULTS = {"forceDestroy": False, "storageClass": "STANDARD"}

TYPES = (row(BUCKET, 3, "{name}", _FIXED, name=_NAME, outputs=_OUTPUTS, defaults=_DEFAULTS),)


@rule(BUCKET, _INVALID, SDK, "check", _PERIOD)
def _soft_delete(operation: Operation) -> str | None:
    """Soft delete lasts 7 to 90 days (604800 to 7776000 seconds), or 0: none."""
    wrong = (seconds for seconds in operation.at(_PERIOD) if seconds and not 604800 <= seconds <= 7776000)
    return next((f"{seconds} seconds are neither 0 nor 604800 to 7776000" for seconds in wrong), None)


RULES = (
    _soft_delete,
    *encrypts(BUCKET, _KEY, STORAGE, (_INVALID, "403 forbidden")),
    one_of(BUCKET, "publicAccessPrevention", ("inherited", "enforced"), _INVALID, SDK),
    one_of(BUCKET, "storageClass", _CLASSES, _INVALID, SDK),
    one_of(BUCKET, "lifecycleRules.action.type", _ACTIONS, _INVALID, SDK),
    one_of(BUCKET, "lifecycleRules.condition.withState", ("LIVE", "ARCHIVED", "ANY"), _INVALID, SDK),
)
