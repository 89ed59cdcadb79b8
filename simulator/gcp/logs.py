"""Cloud Logging: log buckets and the sinks that feed them."""

from simulator.cloud import Name, Operation, Source
from simulator.gcp.identity import LOGGING, agent, encrypts
from simulator.gcp.resource import MET, SDK, Adopted, never, row, tokens
from simulator.rules import between, matches, unchanged, unique_key
from simulator.values import Props

LOG_BUCKET, SINK = tokens("logging", "ProjectBucketConfig", "ProjectSink")
_INVALID, _KEY, _FORM = "400 INVALID_ARGUMENT", "cmekSettings.kmsKeyName", "[a-zA-Z0-9_.-]{1,100}"
_DOCS = Source("Cloud Logging's pages on log buckets and their keys", "D")
_BUCKET: Props = {"keeps_name": "kept for 7 days", "outputs": {"name": "{id}", "lifecycleState": "ACTIVE"}}
_BUCKET |= {"defaults": {"retentionDays": 30}}


def _writer(sink: Operation) -> str:
    unique = sink.one("uniqueWriterIdentity")
    return f"serviceAccount:{agent(sink.scope, LOGGING) if unique else 'cloud-logs@system.gserviceaccount.com'}"


_SINK: Props = {"name": Name("name", MET, _FORM, _INVALID), "outputs": {"writerIdentity": _writer}}
_SINK |= {"defaults": {"uniqueWriterIdentity": True}}
TYPES = (
    row(LOG_BUCKET, 15, "projects/{account}/locations/{location}/buckets/{bucketId}", "project", Adopted, **_BUCKET),
    row(SINK, 3, "projects/{account}/sinks/{name}", "project", Adopted, **_SINK),
)


def _deleted(operation: Operation) -> bool:
    there = operation.store.holder("gcp", LOG_BUCKET, unique_key(operation))
    return there is not None and not there.alive


def _locked(operation: Operation) -> bool:
    had = operation.record.inputs if operation.record else {}
    return any(had.get(name) != operation.inputs.get(name) for name in ("locked", "retentionDays") if had.get("locked"))


def _nowhere(operation: Operation) -> bool:
    path = str(operation.one("destination")).removeprefix("logging.googleapis.com/")
    return path.startswith(f"projects/{operation.account}/locations/") and not operation.find(LOG_BUCKET, path)


_TAKEN = "a deleted log bucket's name is taken for 7 days (one that is there is taken over, as the provider does)"
RULES = (
    matches(LOG_BUCKET, "bucketId", _FORM, _INVALID, MET),
    between(LOG_BUCKET, "retentionDays", 0, 3650, _INVALID, MET),
    unchanged(LOG_BUCKET, _KEY, _INVALID, _DOCS),
    *encrypts(LOG_BUCKET, _KEY, LOGGING, (_INVALID, "403 PERMISSION_DENIED")),
    *never(LOG_BUCKET, "400 FAILED_PRECONDITION", _DOCS, ("bucketId", _TAKEN, _deleted, "create")),
    *never(
        LOG_BUCKET, _INVALID, SDK, ("locked", "a locked bucket stays so, and keeps its retention", _locked, "update")
    ),
    matches(SINK, "destination", r"(storage|bigquery|pubsub|logging)\.googleapis\.com/.+", _INVALID, SDK),
    *never(SINK, _INVALID, MET, ("destination", "a log bucket of the project exists", _nowhere, "write")),
)
