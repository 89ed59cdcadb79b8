"""Each rule of Cloud SQL refuses what it names, and lets its near miss pass."""

from collections.abc import Callable
from typing import Any

import pytest

from simulator.gcp.identity import ACCOUNT
from simulator.gcp.keys import KEY, RING
from simulator.gcp.sql import INSTANCE, USER
from simulator.values import UNKNOWN, Props, Secret
from tests.simulator.conftest import Connect, Refused
from tests.simulator.gcp_stage import OWN, Stage, codes, database
from tests.simulator.rule_cases import Rules

SQL = "gcp-sa-cloud-sql"
USER_NAME = OWN.removesuffix(".gserviceaccount.com")


def _ip(**inputs: Any) -> Props:
    return {"ipConfiguration": inputs}


def _backups(**inputs: Any) -> Props:
    return {"backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True, **inputs}}


def _update(stage: Stage, settings: Props, had: Props | None = None) -> Props:
    return stage.engine.update(INSTANCE, stage.instance(settings=had), {}, database(settings=settings))


def _drop(stage: Stage, settings: Props | None = None, **inputs: Any) -> str:
    made = stage.instance(settings=settings, **inputs)
    return stage.drop(INSTANCE, made, **database(settings=settings, **inputs))


def _with(*acts: Callable[[Stage], object]) -> Callable[[Stage], object]:
    return lambda stage: (stage.instance(), *(act(stage) for act in acts))


PLUS = {"edition": "ENTERPRISE_PLUS", "tier": "db-perf-optimized-N-2"}
PASSWORD = {"name": "someone", "type": "BUILT_IN", "password": Secret("correct horse")}
Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "DatabaseInstance-name-form": ("'a_b'", lambda s: s.instance("a_b"), lambda s: s.instance("a-b")),
    "DatabaseInstance-name-taken": (
        "'rampart-demo/server' is still taken: blocked for about a week",
        lambda s: (_drop(s), s.instance()),
        lambda s: (_drop(s), s.instance("server-2")),
    ),
    "DatabaseInstance-databaseVersion-form": (
        "'POSTGRES_19'",
        lambda s: s.instance(databaseVersion="POSTGRES_19"),
        lambda s: s.instance(databaseVersion="POSTGRES_18"),
    ),
    "DatabaseInstance-settings.tier-write": (
        "`settings.tier` is 'db-custom-2-8192'; ENTERPRISE_PLUS, the default from PostgreSQL 16 on,",
        lambda s: s.instance(settings={"edition": None}),
        lambda s: (s.instance(settings={"edition": None}, databaseVersion="POSTGRES_15"), s.instance("b", PLUS)),
    ),
    "DatabaseInstance-settings.availabilityType-write": (
        "REGIONAL needs `enabled` backups",
        lambda s: s.instance(settings={"backupConfiguration": {"enabled": True}}),
        lambda s: (
            s.instance(settings={"backupConfiguration": {"enabled": True}, **PLUS}),
            s.instance("zonal", {"availabilityType": "ZONAL", "backupConfiguration": {"enabled": False}}),
        ),
    ),
    "DatabaseInstance-settings.backupConfiguration.transactionLogRetentionDays-write": (
        "1 to 7 days",
        lambda s: s.instance(settings=_backups(transactionLogRetentionDays=8)),
        lambda s: (
            s.instance(settings=_backups(transactionLogRetentionDays=1)),
            s.instance("plus", _backups(transactionLogRetentionDays=35) | PLUS),
        ),
    ),
    "DatabaseInstance-settings.ipConfiguration-write": (
        "without `ipv4Enabled` there is a `privateNetwork` or `pscEnabled`",
        lambda s: s.instance(settings=_ip(ipv4Enabled=False, pscConfigs=[{"pscEnabled": False}])),
        lambda s: (
            s.instance(settings=_ip(ipv4Enabled=False, pscConfigs=[{"pscEnabled": True}])),
            s.instance("b", _ip(ipv4Enabled=False, privateNetwork=s.network)),
            s.instance("c", _ip(sslMode="ENCRYPTED_ONLY")),
        ),
    ),
    "DatabaseInstance-settings.ipConfiguration.privateNetwork": (
        "404 notFound",
        lambda s: s.instance(settings=_ip(privateNetwork="projects/rampart-demo/global/networks/other")),
        lambda s: s.instance(settings=_ip(privateNetwork=s.network)),
    ),
    "DatabaseInstance-settings.diskSize-range": (
        "9",
        lambda s: s.instance(settings={"diskSize": 9}),
        lambda s: s.instance(settings={"diskSize": 10}),
    ),
    "DatabaseInstance-settings.diskSize-update": (
        "a disk does not shrink",
        lambda s: _update(s, {"diskSize": 63}),
        lambda s: _update(s, {"diskSize": 65}),
    ),
    "DatabaseInstance-encryptionKeyName-write": (
        "the key is in the location of what it encrypts",
        lambda s: s.instance(encryptionKeyName=s.make(KEY, keyRing=s.make(RING, location="us-east1"))),
        lambda s: (s.agent(SQL), s.instance(encryptionKeyName=s.key)),
    ),
    "DatabaseInstance-encryptionKeyName-granted": (
        f"serviceAccount:service-424242424242@{SQL}.iam.gserviceaccount.com lacks",
        lambda s: (s.granted(), s.instance(encryptionKeyName=s.key)),
        lambda s: (s.agent(SQL), s.instance(encryptionKeyName=s.key)),
    ),
    "DatabaseInstance-deletionProtection-delete": (
        "it is false before the provider deletes",
        lambda s: _drop(s, deletionProtection=True),
        lambda s: _drop(s, deletionProtection=False),
    ),
    "DatabaseInstance-settings.deletionProtectionEnabled-delete": (
        "it is false before Cloud SQL deletes",
        lambda s: _drop(s, {"deletionProtectionEnabled": True}),
        lambda s: _drop(s, {"deletionProtectionEnabled": False}),
    ),
    "User-instance": ("'server'", lambda s: s.user(), _with(lambda s: s.user())),
    "User-name-taken": (
        "409 alreadyExists",
        _with(lambda s: [s.user() for _ in range(2)]),
        _with(lambda s: [s.drop(USER, s.user()) for _ in range(2)]),
    ),
    "User-name-write": (
        "for PostgreSQL without `.gserviceaccount.com`",
        _with(lambda s: s.user(name=OWN)),
        _with(lambda s: s.user(name=USER_NAME)),
    ),
    "User-type-write": (
        "Cloud IAM's users have no password",
        _with(lambda s: s.user(password="x")),
        _with(lambda s: s.user(**PASSWORD)),
    ),
}
CODES = codes(INSTANCE, USER)


class TestRules(Rules):
    cases = CASES
    codes = CODES
    stage = Stage


def test_an_instance_has_the_outputs_that_components_read(connect: Connect) -> None:
    stage = Stage(connect)
    assert stage.instance() == "server"
    server = stage.engine.read(INSTANCE, "server")[0]
    assert server["connectionName"] == "rampart-demo:us-east4:server"
    assert server["dnsName"].endswith(".us-east4.sql.goog.")
    assert "/regions/us-east4/serviceAttachments/" in server["pscServiceAttachmentLink"]
    stage.zone(domain="us-east4.sql.goog.")
    stage.record(server["dnsName"])  # its name lies in the region's zone


def test_an_instance_without_private_service_connect_has_no_attachment(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance(settings=_ip(privateNetwork=stage.network))
    assert stage.engine.read(INSTANCE, "server")[0]["pscServiceAttachmentLink"] == ""


def test_outputs_outlast_an_update(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance()
    before = stage.engine.read(INSTANCE, "server")[0]
    after = stage.engine.update(INSTANCE, "server", {}, database(settings={"diskSize": 128}))
    assert after == {**before, "settings": after["settings"]}
    assert after["settings"]["diskSize"] == 128


def test_the_providers_guard_is_on_unless_it_is_turned_off(connect: Connect) -> None:
    stage = Stage(connect)
    inputs = stage.engine.check(INSTANCE, "x", {"databaseVersion": "POSTGRES_17", "name": "server"})
    assert inputs["deletionProtection"] is True
    stage.instance(deletionProtection=None)
    with pytest.raises(Refused, match="`deletionProtection`; it is false"):
        stage.drop(INSTANCE, "server")


def test_both_guards_are_lifted_by_an_update(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance(settings={"deletionProtectionEnabled": True}, deletionProtection=True)
    stage.engine.update(INSTANCE, "server", {}, database())
    stage.drop(INSTANCE, "server", **database())


def test_a_service_account_user_is_an_account_that_exists(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance()
    with pytest.raises(Refused, match=r"400 invalid: `name` is 'other@rampart-demo\.iam'"):
        stage.user(name="other@rampart-demo.iam")
    stage.make(ACCOUNT, accountId="other-one")
    assert stage.user(name="other-one@rampart-demo.iam") == "other-one@rampart-demo.iam//server"


def test_a_password_stays_a_secret(connect: Connect) -> None:
    stage = Stage(connect)
    stage.instance()
    _, user = stage.engine.create(USER, "u", {"instance": "server", **PASSWORD})
    assert user["password"] == PASSWORD["password"]
    with pytest.raises(Refused, match="have no password") as refused:
        stage.engine.create(USER, "v", {"instance": "server", **PASSWORD, "name": "v", "type": "CLOUD_IAM_USER"})
    assert "correct horse" not in str(refused.value)


def test_what_is_unknown_at_a_preview_is_not_refused(connect: Connect) -> None:
    engine = Stage(connect).engine
    ip = _ip(ipv4Enabled=False, pscConfigs=[{"pscEnabled": True, "allowedConsumerProjects": [UNKNOWN]}])
    server = database(name=UNKNOWN, settings={**ip, "userLabels": UNKNOWN}, encryptionKeyName=UNKNOWN)
    assert engine.create(INSTANCE, "i", server, preview=True)[1]["dnsName"] is UNKNOWN
    user = {"name": UNKNOWN, "instance": UNKNOWN, "type": "CLOUD_IAM_SERVICE_ACCOUNT"}
    engine.create(USER, "u", user, preview=True)


NET = {"privateNetwork": "projects/p/global/networks/n"}


@pytest.mark.parametrize(
    ("token", "old", "new", "replaced"),
    [
        (INSTANCE, {"name": "a"}, {"name": "b"}, True),
        (INSTANCE, {"region": "us-east4"}, {"region": "us-east1"}, True),
        (INSTANCE, {"encryptionKeyName": "a"}, {"encryptionKeyName": "b"}, True),
        (INSTANCE, {}, {"encryptionKeyName": "b"}, True),
        (INSTANCE, {"settings": _ip(**NET)}, {"settings": _ip(ipv4Enabled=True)}, True),
        (INSTANCE, {"settings": _ip(**NET)}, {"settings": _ip(privateNetwork="other")}, False),
        (INSTANCE, {"settings": {"tier": "a"}}, {"settings": {"tier": "b"}}, False),
        (INSTANCE, {"deletionProtection": True}, {"deletionProtection": False}, False),
        (USER, {"name": "a"}, {"name": "b"}, True),
        (USER, {"type": "BUILT_IN"}, {"type": "CLOUD_IAM_USER"}, True),
        (USER, {"databaseRoles": ["a"]}, {"databaseRoles": ["b"]}, False),
    ],
)
def test_replaces_on_what_cannot_be_changed_and_only_on_that(
    connect: Connect, token: str, old: Props, new: Props, replaced: bool
) -> None:
    difference = connect("gcp").diff(token, old, new)
    assert bool(difference.replaces) == replaced
    assert difference.diffs
