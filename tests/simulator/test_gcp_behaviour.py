"""Google Cloud besides its rules: settings, labels, what outlives deletion, grants, replacement, outputs."""

from pathlib import Path
from typing import Any

import pytest

from simulator.gcp.bucket import BUCKET
from simulator.gcp.keys import KEY, MEMBER, RING
from simulator.gcp.network import ASSOCIATION, NETWORK, POLICY, ROUTE, RULE, SUBNET
from simulator.values import UNKNOWN, Props, Secret, plain
from tests.simulator.conftest import SETTINGS, Connect, Refused
from tests.simulator.gcp_stage import AGENT, LOOK_UP, OWN, SERVICE, URL, USE, Stage

LABELS = {"owner": "platform", "stack": "gcp-us-east4"}
LABELLED = {**SETTINGS["gcp"], "defaultLabels": LABELS}
MADE_BY = {"goog-pulumi-provisioned": "true"}


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"project": "rampart-demo"}, "region: '' is no region of Google Cloud"),
        ({"region": "us-east9", "project": "rampart-demo"}, "region: 'us-east9' is no region of Google Cloud"),
        ({"region": "us-east4"}, "project: '' is no project id"),
        ({"region": "us-east4", "project": "Rampart"}, "project: 'Rampart' is no project id"),
        ({"region": "us-east4", "project": "rampart-demo", "zone": "us-east1-b"}, "is no zone of us-east4"),
        ({"region": "us-east4", "project": "rampart-demo", "default_labels": {}}, "did you mean 'defaultLabels'"),
    ],
)
def test_wrong_provider_settings_are_refused(connect: Connect, settings: Props, refusal: str) -> None:
    with pytest.raises(Refused) as refused:
        connect("gcp", settings)
    assert refusal in str(refused.value)


def test_the_providers_labels_are_on_what_takes_labels_and_its_own_win(connect: Connect) -> None:
    stage, labelled = Stage(connect), connect("gcp", LABELLED)
    _, bucket = labelled.create(BUCKET, "b", {"location": "us-east4", "labels": {"owner": "me"}})
    assert bucket["labels"] == {"owner": "me"}
    for name in ("pulumiLabels", "effectiveLabels"):
        assert bucket[name] == Secret({**LABELS, **MADE_BY, "owner": "me"})
    assert "pulumiLabels" not in labelled.create(NETWORK, "n", {})[1]
    unmarked = connect("gcp", {**LABELLED, "addPulumiAttributionLabel": False})
    assert plain(unmarked.create(KEY, "k", {"keyRing": stage.ring})[1]["pulumiLabels"]) == LABELS


def test_a_change_of_the_providers_labels_updates_what_has_them(connect: Connect) -> None:
    plainly, labelled = connect("gcp"), connect("gcp", LABELLED)
    olds, news = (engine.check(BUCKET, "b", {"location": "us-east4"}) for engine in (plainly, labelled))
    diff = labelled.diff(BUCKET, olds, news)
    assert list(diff.diffs) == ["effectiveLabels", "pulumiLabels"]
    assert not diff.replaces


def test_a_secret_label_is_secret_in_every_property_and_never_stored_in_clear(connect: Connect, tmp_path: Path) -> None:
    Stage(connect)
    labels = {"owner": Secret("hush-hush")}
    checked = connect("gcp", LABELLED).check(BUCKET, "b", {"location": "us-east4", "labels": labels})
    assert checked["pulumiLabels"]["owner"] == Secret("hush-hush")
    _, made = connect("gcp").create(BUCKET, "b", {"location": "us-east4", "labels": Secret({"owner": "hush-hush"})})
    assert isinstance(made["labels"], Secret)
    assert isinstance(made["effectiveLabels"], Secret)
    assert not any(b"hush-hush" in file.read_bytes() for file in tmp_path.iterdir())


def test_unknown_labels_make_the_merged_ones_unknown(connect: Connect) -> None:
    for labels in (UNKNOWN, {"owner": UNKNOWN}, Secret({"owner": UNKNOWN})):
        checked = connect("gcp", LABELLED).check(BUCKET, "b", {"location": "us-east4", "labels": labels})
        assert plain(checked["pulumiLabels"]) is UNKNOWN


def test_a_key_ring_is_only_forgotten_and_can_be_imported(connect: Connect) -> None:
    stage = Stage(connect)
    for _ in range(2):
        stage.drop(RING, stage.ring)
        with pytest.raises(Refused, match="409 ALREADY_EXISTS"):
            stage.make(RING, name="ring", location="us-east4")
        outputs, inputs = stage.engine.read(RING, stage.ring)
        assert outputs["name"] == inputs["name"] == "ring"
    stage.make(KEY, name="another", keyRing=stage.ring)


def test_the_name_of_a_destroyed_key_stays_taken(connect: Connect) -> None:
    stage = Stage(connect)
    stage.drop(KEY, stage.key)
    with pytest.raises(Refused, match=r"409 ALREADY_EXISTS: .* is still taken: kept for ever"):
        stage.make(KEY, name="key", keyRing=stage.ring)
    assert stage.engine.read(KEY, stage.key) == ({}, {})


def test_the_names_of_buckets_and_networks_are_free_again(connect: Connect) -> None:
    stage = Stage(connect)
    for _ in range(2):
        stage.drop(BUCKET, stage.bucket("again"))
        stage.drop(NETWORK, stage.make(NETWORK, name="again"))


def test_a_service_stays_enabled_unless_the_program_disables_it(connect: Connect) -> None:
    stage = Stage(connect)
    service = "rampart-demo/storage.googleapis.com"
    stage.drop(SERVICE, service, disableOnDestroy=False)
    stage.bucket("still")
    stage.make(SERVICE, service="storage.googleapis.com")  # enabled already is as good
    for _ in range(2):  # what was forgotten, and what was made
        stage.drop(SERVICE, service, disableOnDestroy=True)
    with pytest.raises(Refused, match="403 SERVICE_DISABLED"):
        stage.bucket("no-more")


def test_the_service_agent_exists_once_it_was_looked_up(connect: Connect) -> None:
    engine = connect("gcp")
    for service in ("cloudkms", "storage"):
        engine.create(SERVICE, service, {"service": f"{service}.googleapis.com"})
    ring, _ = engine.create(RING, "r", {"location": "us-east4"})
    grant = {"cryptoKeyId": engine.create(KEY, "k", {"keyRing": ring})[0], "role": USE}
    grant["member"] = f"serviceAccount:{AGENT}"
    with pytest.raises(Refused, match=f"{AGENT} does not exist; make it first"):
        engine.create(MEMBER, "m", grant)
    for arguments in ({}, {"project": "rampart-demo"}):
        found = engine.invoke(LOOK_UP, arguments)
        assert found == {"id": AGENT, "emailAddress": AGENT, "member": grant["member"], "project": "rampart-demo"}
    assert engine.create(MEMBER, "m", grant)[0] == f"{grant['cryptoKeyId']}/{USE}/{grant['member']}"
    with pytest.raises(Refused, match="403 forbidden: no permission on project 'other'"):
        engine.invoke(LOOK_UP, {"project": "other"})


@pytest.mark.parametrize(
    "grant",
    [
        {"role": "roles/cloudkms.cryptoKeyEncrypter"},
        {"member": f"serviceAccount:{OWN}"},
    ],
)
def test_only_the_agents_grant_to_encrypt_and_decrypt_opens_a_key(connect: Connect, grant: Props) -> None:
    stage = Stage(connect)
    stage.granted(**grant)
    with pytest.raises(Refused, match="403 forbidden: permission denied"):
        stage.keyed()


def test_a_bucket_cannot_take_a_key_that_is_gone_or_no_longer_granted(connect: Connect) -> None:
    stage = Stage(connect)
    member = stage.granted()
    bucket, keyed = stage.bucket(), {"name": "a-bucket", "location": "US-EAST4"}
    keyed_by: Any = {**keyed, "encryption": {"defaultKmsKeyName": stage.key}}
    stage.engine.update(BUCKET, bucket, {}, keyed_by)
    stage.drop(MEMBER, member)
    stage.engine.update(BUCKET, bucket, {}, {**keyed_by, "storageClass": "NEARLINE"})  # the key was set before
    with pytest.raises(Refused, match="permission denied"):
        stage.keyed()
    stage.drop(KEY, stage.key)
    with pytest.raises(Refused, match="does not exist; grant the key first"):
        stage.keyed()


@pytest.mark.parametrize(
    ("period", "purpose"),
    [("7776000", "ENCRYPT_DECRYPT"), ("90d", "ENCRYPT_DECRYPT"), ("1e9s", "ENCRYPT_DECRYPT"), ("7776000s", "MAC")],
)
def test_a_rotation_period_is_seconds_with_an_s_on_a_key_that_encrypts(
    connect: Connect, period: str, purpose: str
) -> None:
    stage = Stage(connect)
    with pytest.raises(Refused, match="rotationPeriod: 400 INVALID_ARGUMENT"):
        stage.make(KEY, keyRing=stage.ring, rotationPeriod=period, purpose=purpose)


def test_a_european_bucket_takes_a_key_in_europe(connect: Connect) -> None:
    stage = Stage(connect)
    key = stage.make(KEY, keyRing=stage.make(RING, location="europe"))
    stage.granted(cryptoKeyId=key)
    stage.keyed(location="EU", key=key)


@pytest.mark.parametrize(
    ("token", "old", "new", "replaces"),
    [
        (SERVICE, {"service": "a"}, {"service": "b"}, True),
        (NETWORK, {"autoCreateSubnetworks": True}, {"autoCreateSubnetworks": False}, True),
        (NETWORK, {"routingMode": "REGIONAL"}, {"routingMode": "GLOBAL"}, False),
        (SUBNET, {"region": "us-east4"}, {"region": "us-east1"}, True),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/18"}, False),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/21"}, True),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.1.0.0/20"}, True),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": UNKNOWN}, False),
        (SUBNET, {"network": "a"}, {"network": UNKNOWN}, True),
        (SUBNET, {"privateIpGoogleAccess": True}, {}, False),
        (ROUTE, {"destRange": "10.0.0.0/8"}, {"destRange": "10.0.0.0/9"}, True),
        (ROUTE, {"priority": 1}, {"priority": 2}, True),
        (POLICY, {"description": "a"}, {"description": "b"}, False),
        (RULE, {"priority": 1}, {"priority": 2}, True),
        (RULE, {"match": {"srcIpRanges": ["10.0.0.0/8"]}}, {"match": {"srcIpRanges": ["10.0.0.0/9"]}}, False),
        (ASSOCIATION, {"attachmentTarget": "a"}, {"attachmentTarget": "b"}, True),
        (RING, {"location": "us-east4"}, {"location": "us-east1"}, True),
        (KEY, {"destroyScheduledDuration": "86400s"}, {"destroyScheduledDuration": "172800s"}, True),
        (KEY, {"rotationPeriod": "7776000s"}, {"rotationPeriod": "2592000s"}, False),
        (
            KEY,
            {"versionTemplate": {"protectionLevel": "HSM"}},
            {"versionTemplate": {"protectionLevel": "SOFTWARE"}},
            True,
        ),
        (KEY, {"versionTemplate": {"algorithm": "a"}}, {"versionTemplate": {"algorithm": "b"}}, False),
        (MEMBER, {"role": "roles/a"}, {"role": "roles/b"}, True),
        (BUCKET, {"location": "US-EAST4"}, {"location": "US-EAST1"}, True),
        (BUCKET, {"encryption": {"defaultKmsKeyName": "a"}}, {"encryption": {"defaultKmsKeyName": "b"}}, False),
    ],
)
def test_immutable_properties_replace(connect: Connect, token: str, old: Props, new: Props, replaces: bool) -> None:
    diff = connect("gcp").diff(token, old, new)
    assert diff.changes == diff.DIFF_SOME
    assert bool(diff.replaces) == replaces


ALL: list[tuple[str, Props]] = [
    (SERVICE, {"service": "run.googleapis.com"}),
    (NETWORK, {}),
    (SUBNET, {"network": "net", "ipCidrRange": "10.9.0.0/24"}),
    (ROUTE, {"network": "net", "destRange": "0.0.0.0/0", "nextHopGateway": "default-internet-gateway"}),
    (POLICY, {}),
    (
        RULE,
        {
            "firewallPolicy": "wall",
            "priority": 7,
            "direction": "INGRESS",
            "action": "deny",
            "match": {"layer4Configs": []},
        },
    ),
    (ASSOCIATION, {"firewallPolicy": "wall", "attachmentTarget": "net"}),
    (RING, {"location": "us-east4"}),
    (KEY, {"keyRing": "projects/rampart-demo/locations/us-east4/keyRings/ring"}),
    (
        MEMBER,
        {
            "cryptoKeyId": "projects/rampart-demo/locations/us-east4/keyRings/ring/cryptoKeys/key",
            "role": USE,
            "member": "group:g",
        },
    ),
    (BUCKET, {"location": "us-east4"}),
]


@pytest.mark.parametrize(("token", "inputs"), ALL, ids=[token for token, _ in ALL])
def test_a_second_run_changes_nothing_and_reads_what_was_made(connect: Connect, token: str, inputs: Props) -> None:
    engine = Stage(connect).engine
    olds = engine.check(token, "x", inputs)
    id_, outputs = engine.create(token, "x", inputs)
    diff = engine.diff(token, olds, engine.check(token, "x", inputs, olds))
    assert diff.changes == diff.DIFF_NONE
    assert engine.read(token, id_, outputs, olds)[0] == outputs
    assert (
        engine.update(token, id_, outputs, {**inputs, **({"name": olds["name"]} if "name" in olds else {})}) == outputs
    )


@pytest.mark.parametrize(("token", "inputs"), ALL, ids=[token for token, _ in ALL])
def test_a_preview_with_unknown_inputs_is_not_refused(connect: Connect, token: str, inputs: Props) -> None:
    unknown = {key: value if key in ("priority", "match") else UNKNOWN for key, value in inputs.items()}
    _, outputs = connect("gcp").create(token, "x", unknown, preview=True)
    assert all(outputs[key] is UNKNOWN for key in unknown if unknown[key] is UNKNOWN)


def test_ids_and_links_are_as_google_writes_them(connect: Connect) -> None:
    stage = Stage(connect)
    network, _ = stage.engine.read(NETWORK, stage.network)
    assert (stage.network, network["selfLink"]) == ("projects/rampart-demo/global/networks/net", f"{URL}/networks/net")
    subnet, _ = stage.engine.read(SUBNET, stage.subnet)
    assert stage.subnet.startswith("projects/rampart-demo/regions/us-east4/subnetworks/x")
    assert (subnet["network"], subnet["region"]) == (network["selfLink"], "us-east4")
    assert stage.engine.read(ROUTE, stage.route)[0]["nextHopGateway"] == f"{URL}/gateways/default-internet-gateway"
    assert stage.engine.read(ASSOCIATION, stage.attached())[0]["attachmentTarget"] == network["selfLink"]
    assert stage.ruled() == f"{stage.policy}/rules/1000"
    assert stage.key == "projects/rampart-demo/locations/us-east4/keyRings/ring/cryptoKeys/key"
    key, _ = stage.engine.read(KEY, stage.key)
    assert key["primaries"] == [{"name": f"{stage.key}/cryptoKeyVersions/1", "state": "ENABLED"}]
    bucket, _ = stage.engine.read(BUCKET, stage.bucket())
    assert (bucket["url"], bucket["projectNumber"]) == ("gs://a-bucket", 424242424242)


def test_names_are_made_as_the_provider_makes_them(connect: Connect) -> None:
    engine = connect("gcp")
    assert engine.check(NETWORK, "Core" + "x" * 80, {})["name"][:8] == "corexxxx"
    assert len(engine.check(NETWORK, "x" * 80, {})["name"]) == 63
    with pytest.raises(Refused, match="name: 400 invalid: 'Wall-"):
        engine.check(POLICY, "Wall", {})
