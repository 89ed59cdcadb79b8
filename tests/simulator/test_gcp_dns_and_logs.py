"""Each rule of Google Cloud's names, logs and identities refuses what it names, and lets its near miss pass."""

from collections.abc import Callable

import pytest

from simulator.gcp.dns import RECORD, ZONE
from simulator.gcp.identity import ACCOUNT, IDENTITY
from simulator.gcp.keys import KEY, RING
from simulator.gcp.logs import LOG_BUCKET, SINK
from simulator.values import UNKNOWN, Props
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import CMEK_SETTINGS, SERVICE, Stage, codes
from tests.simulator.rule_cases import Rules

LOGGING = "gcp-sa-logging"
AGENT = "service-424242424242@gcp-sa-logging.iam.gserviceaccount.com"
ZONE_ID = "projects/rampart-demo/managedZones/zone"


def _key(stage: Stage, place: str) -> str:
    return stage.make(KEY, keyRing=stage.make(RING, location=place))


def _update_logs(stage: Stage, made: str, **inputs: object) -> Props:
    place = {"bucketId": "logs", "project": "rampart-demo", "location": "us-east4"}
    return stage.engine.update(LOG_BUCKET, made, {}, {**place, **inputs})


def _keyed(key: str) -> Props:
    return {"cmekSettings": {"kmsKeyName": key}}


def _zoned(*acts: Callable[[Stage], object]) -> Callable[[Stage], object]:
    return lambda stage: (stage.zone(), *(act(stage) for act in acts))


Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "ManagedZone-name-form": ("'Zone'", lambda s: s.zone("Zone"), lambda s: s.zone("z")),
    "ManagedZone-name-taken": (
        "'projects/rampart-demo/managedZones/zone' already exists",
        lambda s: (s.zone(), s.zone(domain="other.internal.")),
        lambda s: (s.zone(), s.zone("zone-2", "other.internal.")),
    ),
    "ManagedZone-dnsName-form": (
        "'example.internal'",
        lambda s: s.zone(domain="example.internal"),
        lambda s: s.zone(domain="_x.Example-1.internal."),
    ),
    "ManagedZone-privateVisibilityConfig-write": (
        "a private zone is for at least one network",
        lambda s: s.zone(privateVisibilityConfig={"networks": []}),
        lambda s: s.make(ZONE, dnsName="example.com."),
    ),
    "ManagedZone-privateVisibilityConfig.networks.networkUrl": (
        "'gone'",
        lambda s: s.zone(privateVisibilityConfig={"networks": [{"networkUrl": "gone"}]}),
        lambda s: s.zone(privateVisibilityConfig={"networks": [{"networkUrl": "net"}]}),
    ),
    "ManagedZone-forceDestroy-delete": (
        "a zone with records is not deleted",
        _zoned(lambda s: s.record(), lambda s: s.drop(ZONE, ZONE_ID, forceDestroy=False)),
        _zoned(lambda s: s.drop(RECORD, s.record()), lambda s: s.drop(ZONE, ZONE_ID, forceDestroy=False)),
    ),
    "RecordSet-managedZone": (
        "'zone'",
        lambda s: s.record(),
        _zoned(lambda s: [s.record(managedZone=form) for form in ("zone", ZONE_ID)]),
    ),
    "RecordSet-name-form": (
        "'a.example.internal'",
        _zoned(lambda s: s.record("a.example.internal")),
        _zoned(lambda s: s.record("*.example.internal.")),
    ),
    "RecordSet-name-write": (
        "ends in the zone's `dnsName`",
        _zoned(lambda s: s.record("anexample.internal.")),
        _zoned(lambda s: [s.record(name) for name in ("example.internal.", "an.example.internal.")]),
    ),
    "RecordSet-type-write": (
        "a CNAME is the only record of its name",
        _zoned(lambda s: s.record(), lambda s: s.record(kind="CNAME")),
        _zoned(lambda s: s.record(), lambda s: (s.record(kind="TXT"), s.record("c.example.internal.", "CNAME"))),
    ),
    "ProjectBucketConfig-bucketId-form": ("'a b'", lambda s: s.log_bucket("a b"), lambda s: s.log_bucket("A_b.c-d")),
    "ProjectBucketConfig-bucketId-create": (
        "a deleted log bucket's name is taken for 7 days",
        lambda s: (s.drop(LOG_BUCKET, s.log_bucket()), s.log_bucket()),
        lambda s: (s.drop(LOG_BUCKET, s.log_bucket()), s.log_bucket(location="us-east1"), s.log_bucket("others")),
    ),
    "ProjectBucketConfig-retentionDays-range": (
        "3651",
        lambda s: s.log_bucket(retentionDays=3651),
        lambda s: s.log_bucket(retentionDays=3650),
    ),
    "ProjectBucketConfig-cmekSettings.kmsKeyName-fixed": (
        "cannot be changed",
        lambda s: (s.agent(LOGGING), _update_logs(s, s.keyed_logs(), retentionDays=30)),
        lambda s: (s.agent(LOGGING), _update_logs(s, s.keyed_logs(), retentionDays=90, **_keyed(s.key))),
    ),
    "ProjectBucketConfig-cmekSettings.kmsKeyName-write": (
        "the key is in the location of what it encrypts",
        lambda s: s.keyed_logs(key=_key(s, "us-east1")),
        lambda s: (s.agent(LOGGING), s.keyed_logs()),
    ),
    "ProjectBucketConfig-cmekSettings.kmsKeyName-granted": (
        f"serviceAccount:{AGENT} lacks",
        lambda s: (s.engine.invoke(CMEK_SETTINGS, {"project": "rampart-demo"}), s.keyed_logs()),
        lambda s: (s.agent(LOGGING), s.keyed_logs()),
    ),
    "ProjectBucketConfig-locked-update": (
        "a locked bucket stays so",
        lambda s: _update_logs(s, s.log_bucket(locked=True), locked=True, retentionDays=31),
        lambda s: _update_logs(s, s.log_bucket(locked=True), locked=True, description="still locked"),
    ),
    "ProjectSink-name-form": (
        "'a b'",
        lambda s: s.sink("logging.googleapis.com/projects/other", name="a b"),
        lambda s: s.sink("logging.googleapis.com/projects/other", name="a_b"),
    ),
    "ProjectSink-destination-form": (
        "'projects/rampart-demo/locations/us-east4/buckets/logs'",
        lambda s: s.sink(s.log_bucket()),
        lambda s: s.sink("storage.googleapis.com/some-bucket"),
    ),
    "ProjectSink-destination-write": (
        "a log bucket of the project exists",
        lambda s: s.sink("logging.googleapis.com/projects/rampart-demo/locations/us-east4/buckets/gone"),
        lambda s: s.sink(f"logging.googleapis.com/{s.log_bucket()}"),
    ),
    "Account-accountId-form": (
        "'short'",
        lambda s: s.make(ACCOUNT, accountId="short"),
        lambda s: [s.make(ACCOUNT, accountId=name) for name in ("sixsix", "a" * 30)],
    ),
    "Account-name-taken": (
        "serviceAccounts/own-account@rampart-demo.iam.gserviceaccount.com' already exists",
        lambda s: s.make(ACCOUNT, accountId="own-account"),
        lambda s: [s.drop(ACCOUNT, s.make(ACCOUNT, accountId="another")) for _ in range(2)],
    ),
}
CODES = codes(ZONE, RECORD, LOG_BUCKET, SINK, ACCOUNT, IDENTITY)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


def test_a_zone_that_may_be_destroyed_takes_its_records_along(connect: Connect) -> None:
    stage = Stage(connect)
    stage.zone(forceDestroy=True)
    record = stage.record()
    stage.drop(ZONE, ZONE_ID, forceDestroy=True)
    assert stage.engine.read(RECORD, record, {}, {"name": "a.example.internal."}) == ({}, {})


@pytest.mark.parametrize("kinds", [("A", "CNAME"), ("CNAME", "TXT")])
def test_a_cname_bears_no_other_record_before_or_after_it(connect: Connect, kinds: tuple[str, str]) -> None:
    stage = Stage(connect)
    stage.zone()
    stage.record(kind=kinds[0])
    with pytest.raises(Refused, match="400 invalid: `type`"):
        stage.record(kind=kinds[1])


def test_the_zones_own_name_is_no_cname(connect: Connect) -> None:
    stage = Stage(connect)
    stage.zone()
    with pytest.raises(Refused, match="never of the zone's own"):
        stage.record("example.internal.", "CNAME")


def test_records_log_buckets_and_sinks_that_are_there_are_taken_over(connect: Connect) -> None:
    stage = Stage(connect)
    stage.zone()
    assert stage.record() == stage.record()
    assert stage.log_bucket() == stage.log_bucket()
    feeds = {"destination": "pubsub.googleapis.com/x", "name": "sink"}
    assert stage.sink(**feeds) == stage.sink(**feeds)


def test_a_zone_and_a_log_bucket_have_the_outputs_that_components_read(connect: Connect) -> None:
    stage = Stage(connect)
    zone = stage.engine.read(ZONE, stage.zone())[0]
    assert (zone["dnsName"], zone["name"], zone["project"]) == ("example.internal.", "zone", "rampart-demo")
    bucket = stage.log_bucket()
    assert bucket == "projects/rampart-demo/locations/us-east4/buckets/logs"
    assert stage.engine.read(LOG_BUCKET, bucket)[0]["retentionDays"] == 30


@pytest.mark.parametrize(
    ("unique", "writer"), [({}, AGENT), ({"uniqueWriterIdentity": False}, "cloud-logs@system.gserviceaccount.com")]
)
def test_a_sink_says_who_writes(connect: Connect, unique: Props, writer: str) -> None:
    stage = Stage(connect)
    sink = stage.sink("pubsub.googleapis.com/x", name="sink", **unique)
    assert stage.engine.read(SINK, sink)[0]["writerIdentity"] == f"serviceAccount:{writer}"


def test_the_logging_agent_exists_once_the_settings_were_looked_up(connect: Connect) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused, match=f"{AGENT} does not exist"):
        stage.granted(member=f"serviceAccount:{AGENT}")
    found = stage.engine.invoke(CMEK_SETTINGS, {"project": "rampart-demo"})
    assert found["serviceAccountId"] == AGENT
    stage.granted(member=f"serviceAccount:{AGENT}")


def test_a_look_up_needs_the_service(connect: Connect) -> None:
    with pytest.raises(Refused, match="403 SERVICE_DISABLED: logging"):
        connect("gcp").invoke(CMEK_SETTINGS, {"project": "rampart-demo"})


def test_an_identity_is_minted_for_services_that_are_enabled_and_have_one(connect: Connect) -> None:
    engine, service = connect("gcp"), {"service": "sqladmin.googleapis.com"}
    with pytest.raises(Refused, match="403 SERVICE_DISABLED: sqladmin"):
        engine.create(IDENTITY, "i", service)
    engine.create(SERVICE, "s", service)
    made, identity = engine.create(IDENTITY, "i", service)
    assert identity["email"] == "service-424242424242@gcp-sa-cloud-sql.iam.gserviceaccount.com"
    assert identity["member"] == f"serviceAccount:{identity['email']}"
    engine.delete(IDENTITY, made, service)
    assert engine.create(IDENTITY, "i", service) == (made, identity)  # it was there all the time
    engine.create(SERVICE, "d", {"service": "dns.googleapis.com"})
    assert "email" not in engine.create(IDENTITY, "d", {"service": "dns.googleapis.com"})[1]


def test_an_account_has_its_address_and_a_number_of_its_own_each_time(connect: Connect) -> None:
    stage = Stage(connect)
    made = [stage.engine.create(ACCOUNT, "another", {"accountId": "another"})]
    stage.drop(ACCOUNT, made[0][0])
    made.append(stage.engine.create(ACCOUNT, "another", {"accountId": "another"}))
    (_, first), (_, second) = made
    assert first["email"] == "another@rampart-demo.iam.gserviceaccount.com"
    assert first["member"] == f"serviceAccount:{first['email']}"
    assert first["uniqueId"] != second["uniqueId"]


def test_what_is_unknown_at_a_preview_is_not_refused(connect: Connect) -> None:
    stage = Stage(connect)
    engine = stage.engine
    seen = {"visibility": "private", "privateVisibilityConfig": {"networks": [{"networkUrl": UNKNOWN}]}}
    engine.create(ZONE, "z", {"dnsName": UNKNOWN, **seen}, preview=True)
    record = {"managedZone": UNKNOWN, "name": UNKNOWN, "type": "A", "rrdatas": [UNKNOWN]}
    engine.create(RECORD, "r", record, preview=True)
    logs = {"bucketId": UNKNOWN, "project": UNKNOWN, "location": "us-east4", "cmekSettings": {"kmsKeyName": UNKNOWN}}
    engine.create(LOG_BUCKET, "l", logs, preview=True)
    engine.create(SINK, "s", {"destination": UNKNOWN}, preview=True)
    assert engine.create(ACCOUNT, "a", {"accountId": UNKNOWN}, preview=True)[1]["email"] is UNKNOWN


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        (ZONE, {"dnsName": "a."}, {"dnsName": "b."}, True),
        (ZONE, {"dnsName": "a.", "description": "x"}, {"dnsName": "a.", "description": "y"}, False),
        (RECORD, {"name": "a."}, {"name": "b."}, True),
        (RECORD, {"rrdatas": ["10.0.0.1"]}, {"rrdatas": ["10.0.0.2"]}, False),
        (LOG_BUCKET, {"location": "us-east4"}, {"location": "us-east1"}, True),
        (LOG_BUCKET, {"bucketId": "a"}, {"bucketId": "b"}, True),
        (LOG_BUCKET, {"retentionDays": 30}, {"retentionDays": 60}, False),
        (SINK, {"name": "a"}, {"name": "b"}, True),
        (SINK, {"filter": "a"}, {"filter": "b"}, False),
        (ACCOUNT, {"accountId": "aaaaaa"}, {"accountId": "bbbbbb"}, True),
        (ACCOUNT, {"displayName": "a"}, {"displayName": "b"}, False),
    ],
)
def test_replaces_on_what_cannot_be_changed_and_only_on_that(
    connect: Connect, token: str, old: Props, new: Props, replaced: bool
) -> None:
    difference = connect("gcp").diff(token, old, new)
    assert bool(difference.replaces) == replaced
    assert difference.diffs
