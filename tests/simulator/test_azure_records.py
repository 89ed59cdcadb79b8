"""Records of Azure's private zones: each rule refuses, and lets its near miss pass."""

from typing import Any

import pytest

from simulator.azure.arm import LOCK
from simulator.azure.dns import ZONE
from simulator.azure.records import RECORD
from tests.simulator.azure_stage import Case, Stage, refuses
from tests.simulator.conftest import Connect


def record(s: Stage, name: str = "ingest", **changes: Any) -> str:
    wanted = {"resourceGroupName": "rg", "privateZoneName": s.states[ZONE]["name"], "relativeRecordSetName": name}
    answer = changes or {"aRecords": [{"ipv4Address": "10.0.0.9"}]}
    return s.engine.create(RECORD, "x", {**wanted, "recordType": "A", "ttl": 300, **answer})[0]


CASES: dict[str, Case] = {
    "PrivateRecordSet-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: [record(s) for _ in "ab"]),
        lambda s: record(s, "other"),
    ),
    "PrivateRecordSet-answers": (
        *(LOCK, "has no `aRecords`", lambda s: record(s, aaaaRecords=[{"ipv6Address": "::1"}])),
        record,
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = Stage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)
