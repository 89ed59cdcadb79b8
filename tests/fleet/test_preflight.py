"""What accounts lack, asked of the simulated clouds under the real engine, and of an Azure CLI that answers for one."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pytest

from demo.project import STACKS, Project
from demo.session import session
from fleet import preflight
from fleet.preflight import AZURE_NAMESPACES, Finding, check
from infra import sources
from tests.conftest import silent

AWS, GCP, AZURE = STACKS


def found(project: Project, stack: str) -> list[Finding]:
    return check(stack, sources.read(stack, project.folder / "stacks"))


def test_new_accounts_lack_what_a_new_account_lacks_and_nothing_is_made(project: Project) -> None:
    with session(project, silent) as fleet:
        aws, gcp = found(project, AWS), found(project, GCP)
        (project.folder / "stacks" / "Pulumi.aws-ap-south-2.yaml").write_text(
            "config: {rampart:cloud: aws, rampart:region: ap-south-2, rampart:plan: enterprise}\n"
        )
        far = found(project, "aws-ap-south-2")
        assert not list((project.home / "state").rglob("*.json"))
        assert fleet.preview([AWS], silent)[0].changes["create"] > 20
    assert [f for f in aws if f.asked] == []
    # IAM's simulation of policies is not simulated: that is said, and is no finding.
    assert [f.kind for f in aws if not f.asked] == ["permission"]
    assert [(f.kind, f.what, f.asked) for f in gcp] == [
        ("registration", "cloudresourcemanager.googleapis.com is off", True),
        ("permission", "no function of the provider tests permissions", False),
    ]
    assert ("region", "aws account enable-region --region-name ap-south-2") in [(f.kind, f.fix) for f in far if f.asked]


def answer(folder: Path, script: str) -> str:
    """A folder for PATH with an `az` in it that runs this."""
    folder.mkdir()
    (folder / "az").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "az").chmod(0o755)
    return str(folder)


@pytest.mark.parametrize(
    ("script", "lacking", "unasked"),
    [
        ("cat {rows}", ["Microsoft.KeyVault is not registered"], 0),
        ("echo 'Please run az login' >&2; exit 1", [], len(AZURE_NAMESPACES)),
        ("echo not-json", [], len(AZURE_NAMESPACES)),
    ],
)
def test_azures_registrations_are_asked_of_its_own_command(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, lacking: list[str], unasked: int
) -> None:
    project.prepare()
    states = dict.fromkeys(AZURE_NAMESPACES, "Registered") | {"KeyVault": "Registering"}
    rows = tmp_path / "rows.json"
    rows.write_text(json.dumps([{"namespace": f"microsoft.{n}", "registrationState": s} for n, s in states.items()]))
    monkeypatch.setenv("PATH", f"{answer(tmp_path / 'bin', script.format(rows=rows))}:/usr/bin:/bin")
    findings = found(project, AZURE)
    assert [f.what for f in findings if f.asked] == lacking
    registrations = [f for f in findings if not f.asked and f.kind == "registration"]
    assert len(registrations) == unasked
    assert all(f.fix.startswith("az provider register --wait --namespace Microsoft.") for f in registrations)


@dataclass
class Used:
    """As much of the AWS SDK as the quota asks for."""

    ids: list[str]


@pytest.mark.parametrize(
    ("vpcs", "own", "lacking"), [(4, 0, []), (5, 0, ["VPCs per region: all are used"]), (5, 1, [])]
)
def test_a_quota_lacks_when_all_is_used_and_nothing_stands_yet(
    monkeypatch: pytest.MonkeyPatch, project: Project, vpcs: int, own: int, lacking: list[str]
) -> None:
    import pulumi_aws as aws

    def get_vpcs(tags: Any = None, opts: Any = None) -> Used:
        return Used(["vpc"] * (own if tags else vpcs))

    class Asked:
        value, instance_arns, names, arn, issuer_arn = 5.0, (), ("AWSServiceRoleForRDS",), "a", "a"
        results = ()

    for place, name in (
        *((aws.servicequotas, "get_service_quota"), (aws.rds, "get_instances"), (aws.iam, "get_roles")),
        *((aws.iam, "get_session_context"), (aws.iam, "get_principal_policy_simulation"), (aws, "get_caller_identity")),
    ):
        monkeypatch.setattr(place, name, lambda **_: Asked)
    monkeypatch.setattr(aws.ec2, "get_vpcs", get_vpcs)
    monkeypatch.setattr(pulumi, "InvokeOptions", lambda **_: None)
    project.prepare()
    settings = sources.read(AWS, project.folder / "stacks")
    findings = list(preflight._aws(AWS, settings.location(AWS), None))  # type: ignore[arg-type]  # asked of nobody
    assert [f.what for f in findings] == lacking
