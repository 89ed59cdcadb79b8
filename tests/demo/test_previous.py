"""The comparison with the commit before: what it objects to, and what it does where there is none."""

import pytest

from demo import previous
from fleet.outcome import Outcome, Step


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:s::rampart::rampart:dataplane:DataPlane${token}::{name}"


SUBNET, SERVER, ROLE = (
    urn("aws:ec2/subnet:Subnet", "subnet"),
    urn("aws:rds/instance:Instance", "server"),
    urn("aws:iam/role:Role", "role"),
)


@pytest.mark.parametrize(
    ("operation", "what", "allowed", "objects"),
    [
        ("replace", SERVER, ["server"], True),
        ("replace", SUBNET, ["subnet"], True),
        ("delete", SERVER, [], True),
        ("delete", SUBNET, [], True),
        ("replace", ROLE, [], True),
        ("replace", ROLE, ["role"], False),
        ("delete", ROLE, [], False),
        ("update", SERVER, [], False),
        ("create", SUBNET, [], False),
    ],
)
def test_only_what_holds_nothing_may_be_replaced_on_a_commits_word(
    operation: str, what: str, allowed: list[str], objects: bool
) -> None:
    outcome = Outcome("s", "previewed", steps=[Step(operation, what, ("name",))])
    assert bool([*previous.lost(outcome, allowed)]) == objects


def test_a_clone_without_that_commit_is_told_so_and_passes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RAMPART_PREVIOUS", "no-such-revision")
    assert previous.main() == 0
    assert "no no-such-revision here" in capsys.readouterr().out
