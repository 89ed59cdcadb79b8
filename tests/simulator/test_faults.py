"""Which operation a fault strikes; what comes of one is tried in tests/interruptions."""

import json
from dataclasses import asdict
from pathlib import Path

from simulator.faults import Fault, Faults


def test_fresh_faults_count_and_strike_only_what_none_has_struck(tmp_path: Path) -> None:
    path = tmp_path / "clouds.db.faults"
    faults = Faults(path)
    any_one, fresh = Fault("lost", "aws", at=2), Fault("lost", "aws", at=2, fresh=True)

    def struck(asked: Fault, made: str) -> str:
        path.unlink(missing_ok=True)
        path.write_text(json.dumps([asdict(asked)]))
        return "".join(urn for urn in made if faults.due("aws", "Create", urn))

    assert struck(any_one, "abc") == "b"
    assert struck(any_one, "abc") == "b"
    assert struck(fresh, "abc") == "c"
    assert struck(fresh, "abcd") == "d"
    assert struck(fresh, "abcd") == ""
    assert struck(fresh, "dbeaf") == "a"
