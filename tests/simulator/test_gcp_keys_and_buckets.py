"""Each rule of Google Cloud but the network's refuses what it names, and lets its near miss pass."""

from collections.abc import Callable

from simulator.gcp.bucket import BUCKET
from simulator.gcp.keys import KEY, MEMBER, RING
from simulator.gcp.network import NETWORK
from simulator.values import Props
from tests.simulator.conftest import Engine
from tests.simulator.gcp_stage import AGENT, OWN, SERVICE, USE, Stage, codes
from tests.simulator.rule_cases import Rules
from tests.simulator.test_gcp_federation import SHARED


def _soft(seconds: int) -> Props:
    return {"softDeletePolicy": {"retentionDurationSeconds": seconds}}


def _lifecycle(action: str, state: str = "ANY") -> list[Props]:
    return [{"action": {"type": action}, "condition": {"withState": state}}]


def _template(level: str) -> Props:
    return {"versionTemplate": {"algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION", "protectionLevel": level}}


def _other_project(stage: Stage) -> Engine:
    engine = stage.connect("gcp", {"project": "somebody-else", "region": "us-east4"})
    engine.create(SERVICE, "s", {"service": "storage.googleapis.com"})
    return engine


Act = Callable[[Stage], object]
# rule id -> (what the refusal says, what is refused, the near miss that passes)
CASES: dict[str, tuple[str, Act, Act]] = {
    "Service-place": (
        "400 invalid: 'us-east9' (`region`)",
        lambda s: s.in_network("10.9.0.0/24", region="us-east9"),
        lambda s: (s.in_network("10.9.0.0/24", region="us-east1"), s.make(RING, location="europe")),
    ),
    "Service-project": (
        "Error 403 forbidden: no permission on project 'rampart-prod'",
        lambda s: s.make(NETWORK, project="rampart-prod"),
        lambda s: s.make(NETWORK, project="rampart-demo"),
    ),
    "ServiceIdentity-enabled": (
        "Error 403 SERVICE_DISABLED: compute.googleapis.com",
        lambda s: _other_project(s).create(NETWORK, "n", {}),
        lambda s: _other_project(s).create(BUCKET, "b", {"location": "US"}),
    ),
    "Service-prevented": (
        "PREVENT",
        lambda s: s.drop(BUCKET, s.bucket(deletionPolicy="PREVENT"), deletionPolicy="PREVENT"),
        lambda s: s.drop(BUCKET, s.bucket("b-bucket", deletionPolicy="DELETE"), deletionPolicy="DELETE"),
    ),
    "KeyRing-name-form": (
        "'a.b'",
        lambda s: s.make(RING, name="a.b", location="us-east4"),
        lambda s: s.make(RING, name="a_B", location="us-east4"),
    ),
    "KeyRing-name-taken": (
        "Error 409 ALREADY_EXISTS: 'projects/rampart-demo/locations/us-east4/keyRings/ring'",
        lambda s: s.make(RING, name="ring", location="us-east4"),
        lambda s: s.make(RING, name="ring", location="us-east1"),
    ),
    "CryptoKey-name-form": (
        "'a.b'",
        lambda s: s.make(KEY, name="a.b", keyRing=s.ring),
        lambda s: s.make(KEY, name="a-b", keyRing=s.ring),
    ),
    "CryptoKey-name-taken": (
        "409 ALREADY_EXISTS",
        lambda s: s.make(KEY, name="key", keyRing=s.ring),
        lambda s: s.make(KEY, name="key", keyRing=s.make(RING, name="r", location="us-east4")),
    ),
    "CryptoKey-keyRing": (
        "404 NOT_FOUND",
        lambda s: s.make(KEY, keyRing=s.ring + "s"),
        lambda s: s.make(KEY, keyRing=s.ring),
    ),
    "CryptoKey-rotation": (
        "'86399s' is not a number of seconds from 86400 up",
        lambda s: s.make(KEY, keyRing=s.ring, rotationPeriod="86399s"),
        lambda s: s.make(KEY, keyRing=s.ring, rotationPeriod="86400s"),
    ),
    "CryptoKey-versionTemplate.protectionLevel-choice": (
        "'HARD'",
        lambda s: s.make(KEY, keyRing=s.ring, **_template("HARD")),
        lambda s: s.make(KEY, keyRing=s.ring, **_template("HSM")),
    ),
    "CryptoKeyIAMMember-cryptoKeyId": (
        "404 NOT_FOUND",
        lambda s: s.granted(cryptoKeyId=s.key + "s"),
        lambda s: s.granted(),
    ),
    "CryptoKeyIAMMember-member-form": (
        f"'{AGENT}'",
        lambda s: s.granted(member=AGENT),
        lambda s: s.granted(member="group:team@example.com"),
    ),
    "CryptoKeyIAMMember-role-form": (
        "'cloudkms.admin'",
        lambda s: s.granted(role="cloudkms.admin"),
        lambda s: s.granted(role="roles/cloudkms.viewer"),
    ),
    "CryptoKeyIAMMember-exists": (
        "400 INVALID_ARGUMENT: service account service-1@gs-project-accounts",
        lambda s: s.granted(member="serviceAccount:service-1@gs-project-accounts.iam.gserviceaccount.com"),
        lambda s: s.granted(member=f"serviceAccount:{OWN}"),
    ),
    "Bucket-name-form": ("'goog-x'", lambda s: s.bucket("goog-x"), lambda s: s.bucket("my.goog-x")),
    "Bucket-name-taken": (
        "Error 409 conflict: 'mine' already exists",
        lambda s: (_other_project(s).create(BUCKET, "b", {"name": "mine", "location": "EU"}), s.bucket("mine")),
        lambda s: s.bucket("mine-too"),
    ),
    "Bucket-encryption.defaultKmsKeyName-write": (
        "cryptoKeys/key'; the key is in the location of what it encrypts",
        lambda s: (s.granted(), s.keyed(location="US-EAST1")),
        lambda s: (s.granted(), s.keyed(location="us-east4")),
    ),
    "Bucket-encryption.defaultKmsKeyName-granted": (
        f"/keyRings/ring/cryptoKeys/key: serviceAccount:{AGENT} lacks {USE}",
        lambda s: s.keyed(),
        lambda s: (s.granted(), s.keyed()),
    ),
    "Bucket-soft_delete": (
        "604799 seconds are neither",
        lambda s: s.bucket(**_soft(604799)),
        lambda s: [s.bucket(f"b-{seconds}", **_soft(seconds)) for seconds in (0, 604800, 7776000)],
    ),
    "Bucket-publicAccessPrevention-choice": (
        "'on'",
        lambda s: s.bucket(publicAccessPrevention="on"),
        lambda s: s.bucket(publicAccessPrevention="enforced"),
    ),
    "Bucket-storageClass-choice": (
        "'HOT'",
        lambda s: s.bucket(storageClass="HOT"),
        lambda s: s.bucket(storageClass="ARCHIVE"),
    ),
    "Bucket-lifecycleRules.action.type-choice": (
        "'Erase'",
        lambda s: s.bucket(lifecycleRules=_lifecycle("Erase")),
        lambda s: s.bucket(lifecycleRules=_lifecycle("Delete")),
    ),
    "Bucket-lifecycleRules.condition.withState-choice": (
        "'OLD'",
        lambda s: s.bucket(lifecycleRules=_lifecycle("Delete", "OLD")),
        lambda s: s.bucket(lifecycleRules=_lifecycle("Delete", "ARCHIVED")),
    ),
}


CODES = codes() | codes(SERVICE, RING, KEY, MEMBER, BUCKET)


OWN_CODES = {rule: code for rule, code in CODES.items() if rule not in SHARED}


class TestRules(Rules):
    cases = CASES
    codes = OWN_CODES
    stage = Stage
