"""A secret input of a creation that was interrupted, or whose answer was lost, is never in clear in a file."""

from pathlib import Path

import pytest
from pulumi import automation

from demo.project import Project
from demo.session import session
from simulator.faults import Fault
from tests.conftest import silent
from tests.interruptions.ledger import clear, in_clouds, in_state
from tests.interruptions.trial import Trial

PROGRAM = """
import pulumi, pulumi_aws as aws, pulumi_random as random
provider = aws.Provider("aws", region="us-east-1", allowed_account_ids=["111122223333"])
generator = random.Provider("random")
password = random.RandomPassword("password", length=24, opts=pulumi.ResourceOptions(provider=generator))
aws.kms.Key("key", description=password.result, tags={"Name": "tests-key"}, enable_key_rotation=True,
    rotation_period_in_days=90, opts=pulumi.ResourceOptions(provider=provider))
pulumi.export("password", password.result)
"""


@pytest.mark.parametrize("kind", ["lost", "engine"])
def test_no_secret_is_in_clear(project: Project, kind: str) -> None:
    with session(project, silent) as fleet:
        replace_program(project.folder / "infra")
        trial = Trial(fleet, project, "aws-us-east-1")
        trial.ask_for([Fault(kind, "aws", at=1)])
        trial.up()
        assert [fault.kind for fault in trial.met()] == [kind]
        [line] = [line for line in trial.resume() if line.startswith("key: ")]
        assert "adopted" in line
        trial.ask_for([])
        assert trial.up() == ""
        assert in_clouds(project, "aws") == in_state(project, trial.stack)
        password = automation.select_stack(trial.stack, work_dir=str(fleet.project)).outputs()["password"]
        assert password.secret
        assert len(password.value) == 24
    assert clear(project.home, password.value) == []


def replace_program(infra: Path) -> None:
    infra.unlink()
    infra.mkdir()
    (infra / "__main__.py").write_text(PROGRAM)
