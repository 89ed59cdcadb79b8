"""Cloud Storage: buckets, and the service agent that encrypts for them."""

from simulator.cloud import Name, Operation, Refusal, Scope
from simulator.gcp.keys import KEY, MEMBER
from simulator.gcp.resource import FACTS, SDK, row, rule, tokens
from simulator.rules import key_use, one_of
from simulator.state import Record, Store
from simulator.values import Props, at

(BUCKET,) = tokens("storage", "Bucket")
_AGENT = "gcp:storage/serviceAgent"  # no type of the SDK: it is there once it was looked up
_AGENTS = "@gs-project-accounts.iam.gserviceaccount.com"
_USE = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
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


def _agent(scope: Scope) -> str:
    return f"service-{scope.settings['number']}{_AGENTS}"


def look_up_agent(scope: Scope, arguments: Props, store: Store) -> Props:
    """Find Cloud Storage's service agent, which is made by that. Raises Refusal."""
    if arguments.get("project") not in (None, scope.account):
        raise Refusal("403 forbidden", f"no permission on project {arguments['project']!r}, or it does not exist")
    email = _agent(scope)
    if store.holder("gcp", _AGENT, email) is None:
        place: Props = {"package": "gcp", "account": scope.account, "region": "", "type": _AGENT, "seed": 0}
        store.insert(Record(**place, id=email, key=email, inputs={}, outputs={}))
    return {"id": email, "emailAddress": email, "member": f"serviceAccount:{email}", "project": scope.account}


@rule(MEMBER, "400 INVALID_ARGUMENT", SDK, "create", "member", "look it up first (get_project_service_account)")
def _agent_exists(operation: Operation) -> str | None:
    """The service agent of Cloud Storage can be named once it was looked up, which makes it."""
    email = str(operation.one("member")).removeprefix("serviceAccount:")
    absent = email.endswith(_AGENTS) and operation.store.holder("gcp", _AGENT, email) is None
    return f"service account {email} does not exist" if absent else None


@rule(BUCKET, _INVALID, FACTS, property_=_KEY)
def _key_location(operation: Operation) -> str | None:
    """The key is in the bucket's location (for EU: in europe)."""
    place = {"eu": "europe"}.get(operation.region, operation.region)
    others = (key for key in operation.at(_KEY) if f"/locations/{place}/" not in key)
    return next((f"{key} is not available for use in {operation.one('location')}" for key in others), None)


def _denied(operation: Operation, key: str) -> str | None:
    if operation.record and at(operation.record.inputs, _KEY) == [key]:
        return None  # judged when it was set
    if operation.find(KEY, key) is None:
        return f"the key {key!r} does not exist"
    wanted = (key, _USE, f"serviceAccount:{_agent(operation.scope)}")
    grants = (tuple(r.inputs[name] for name in ("cryptoKeyId", "role", "member")) for r in operation.others(MEMBER))
    return None if wanted in grants else f"permission denied on {key}: {wanted[2]} lacks {_USE}"


@rule(BUCKET, _INVALID, SDK, "check", _PERIOD)
def _soft_delete(operation: Operation) -> str | None:
    """Soft delete lasts 7 to 90 days (604800 to 7776000 seconds), or 0: none."""
    wrong = (seconds for seconds in operation.at(_PERIOD) if seconds and not 604800 <= seconds <= 7776000)
    return next((f"{seconds} seconds are neither 0 nor 604800 to 7776000" for seconds in wrong), None)


RULES = (
    *(_agent_exists, _key_location, _soft_delete),
    key_use(BUCKET, _KEY, _denied, "403 forbidden", FACTS),
    one_of(BUCKET, "publicAccessPrevention", ("inherited", "enforced"), _INVALID, SDK),
    one_of(BUCKET, "storageClass", _CLASSES, _INVALID, SDK),
    one_of(BUCKET, "lifecycleRules.action.type", _ACTIONS, _INVALID, SDK),
    one_of(BUCKET, "lifecycleRules.condition.withState", ("LIVE", "ARCHIVED", "ANY"), _INVALID, SDK),
)
