"""What a change would lose: told from the engine's own words and steps, and refused where it is kept."""

import pytest
from pulumi.automation import DiagnosticEvent, EngineEvent

from fleet import losses
from fleet.outcome import Outcome, Step

KEY = "urn:pulumi:s::rampart::rampart:keys:Key$aws:kms/key:Key::keys-logs-key"
SERVER = "urn:pulumi:s::rampart::rampart:postgres:Postgres$aws:rds/instance:Instance::postgres-server"
ROLE = "urn:pulumi:s::rampart::aws:iam/role:Role::role"
REPLACED = f"""unable to replace resource "{SERVER}"
as it is currently marked for protection. To unprotect the resource, remove the `protect` flag"""
DELETED = f"""Preview failed: resource "{KEY}" cannot be deleted
because it is protected. To unprotect the resource, either remove the `protect` flag"""
OTHER = f"""{KEY}: the caller may not use it"""


def told(*messages: str) -> Outcome:
    outcome = Outcome("s")
    for position, message in enumerate(messages):
        event = DiagnosticEvent(message=message, color="never", severity="error")
        outcome.take(EngineEvent(sequence=position, timestamp=0, diagnostic_event=event))
    return outcome


def test_what_the_engine_refuses_one_by_one_is_said_at_once() -> None:
    outcome = told(REPLACED, DELETED, OTHER)
    assert outcome.errors == [OTHER]
    with pytest.raises(losses.LossError) as refused:
        losses.check(outcome)
    lines = str(refused.value).splitlines()
    assert lines[0] == "postgres-server would be made anew and lose what it holds: the databases"
    assert lines[1] == "keys-logs-key would be deleted, and with it whatever it encrypts"
    assert "development" in lines[2]


def test_what_was_not_protected_until_now_is_refused_too_and_what_is_not_is_only_said() -> None:
    ahead = Outcome("s", steps=[Step("replace", SERVER, ("kmsKeyId",), kept=True)])
    with pytest.raises(losses.LossError, match=r"postgres-server \(kmsKeyId\)"):
        losses.check(ahead)
    consented = Outcome("s", steps=[Step("replace", SERVER, ("kmsKeyId",)), Step("delete", ROLE, ())])
    losses.check(consented)
    assert [step.name for step in consented.lost] == ["postgres-server"]
