"""What the pipelines' principals may do on Google Cloud, and what they are denied."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bootstrap.gcp.permissions import DEPLOY, OF_PROJECT, ON_PROJECT, ONLY_THESE
from demo.project import REPOSITORY
from tests.bootstrap.conftest import DEPLOY as DEPLOYS
from tests.bootstrap.conftest import PREVIEW as PREVIEWS
from tests.bootstrap.conftest import made, output
from tests.components.identity.gcp_iam import Policy, deployed, holds
from tests.conftest import Standing

CUSTOM, MEMBER = "gcp:projects/iAMCustomRole:IAMCustomRole", "gcp:projects/iAMMember:IAMMember"
NOW = datetime.now(UTC)
CHANGES = ("create", "delete", "update", "set", "enable", "destroy", "actAs", "use")


@pytest.fixture(scope="module")
def stores(first_day: Standing) -> Policy:
    """Who may do what with the state and the key of its secrets."""
    return deployed([r for r in first_day.resources["gcp"] if r["type"] != MEMBER])


def bucket(standing: Standing) -> str:
    [state] = standing.of_type("gcp", "gcp:storage/bucket:Bucket")
    return f"projects/_/buckets/{state['outputs']['name']}"


def given(standing: Standing, who: str) -> dict[str, str]:
    """The condition of each role on the project that somebody has, by the role."""
    principal = output(standing, "gcp", who)
    mine = [r["outputs"] for r in standing.of_type("gcp", MEMBER) if r["outputs"]["member"] == principal]
    return {r["role"]: (r.get("condition") or {}).get("expression", "") for r in mine}


def permissions(standing: Standing, who: str) -> dict[str, str]:
    """The condition of each permission on the project, of custom roles."""
    held = given(standing, who)
    return {
        permission: held[role["outputs"]["name"]]
        for role in standing.of_type("gcp", CUSTOM)
        if role["outputs"]["name"] in held
        for permission in role["inputs"]["permissions"]
    }


@pytest.mark.parametrize(("who", "subject"), [("preview", PREVIEWS), ("deploy", DEPLOYS)])
def test_a_principal_is_one_subject_of_the_pool(first_day: Standing, who: str, subject: str) -> None:
    assert output(first_day, "gcp", who).endswith(f"/subject/{subject}")
    [provider] = first_day.of_type("gcp", "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider")
    about: dict[str, Any] = provider["outputs"]
    assert about["attributeCondition"] == f"assertion.sub in ['{PREVIEWS}', '{DEPLOYS}']"
    assert about["attributeMapping"] == {"google.subject": "assertion.sub"}
    assert about["oidc"]["allowedAudiences"] == [f"https://iam.googleapis.com/{about['name']}"]
    assert about["name"] == output(first_day, "gcp", "variables")["GCP_PROVIDER"]


def test_preview_reads_the_state_and_decrypts_its_secrets(first_day: Standing, stores: Policy) -> None:
    who, state = output(first_day, "gcp", "preview"), bucket(first_day)
    key = output(first_day, "gcp", "secrets_provider").removeprefix("gcpkms://")
    theirs = f"{state}/objects/.pulumi/stacks/rampart/gcp-us-east4.json"
    assert stores.may(who, "storage.objects.list", state)
    assert stores.may(who, "storage.objects.get", theirs)
    assert not stores.may(who, "storage.objects.create", theirs)
    assert not stores.may(who, "storage.objects.get", f"{state}/objects/bootstrap/.pulumi/stacks/a.json")
    assert stores.may(who, "cloudkms.cryptoKeyVersions.useToDecrypt", key)
    assert not stores.may(who, "cloudkms.cryptoKeyVersions.useToEncrypt", key)


def test_deploy_writes_the_state_and_not_that_of_the_first_day(first_day: Standing, stores: Policy) -> None:
    who, state = output(first_day, "gcp", "deploy"), bucket(first_day)
    for action in ("create", "delete", "get", "update"):
        assert stores.may(who, f"storage.objects.{action}", f"{state}/objects/.pulumi/locks/a.json")
        assert not stores.may(who, f"storage.objects.{action}", f"{state}/objects/bootstrap/.pulumi/locks/a.json")


def test_preview_changes_nothing(first_day: Standing) -> None:
    held = permissions(first_day, "preview")
    assert held
    changing = [name for name in held if name.rpartition(".")[2].startswith(CHANGES)]
    assert changing == ["serviceusage.services.use"]  # a quota, not a service
    assert set(given(first_day, "preview")) <= {r["outputs"]["name"] for r in first_day.of_type("gcp", CUSTOM)}
    assert not [name for name in held if name.startswith(("secretmanager.versions", "storage.objects"))]


@pytest.mark.parametrize(
    "permission", ["storage.buckets.setIamPolicy", "storage.buckets.delete", "storage.buckets.update"]
)
def test_deploy_leaves_the_state_bucket_alone(first_day: Standing, permission: str) -> None:
    condition = permissions(first_day, "deploy")[permission]
    assert not holds(condition, bucket(first_day), NOW)
    assert holds(condition, "projects/_/buckets/rampart-traces-00000000", NOW)


@pytest.mark.parametrize("permission", ["cloudkms.cryptoKeys.setIamPolicy", "cloudkms.cryptoKeys.update"])
def test_deploy_leaves_the_states_keys_alone(first_day: Standing, permission: str) -> None:
    condition = permissions(first_day, "deploy")[permission]
    [ring] = first_day.of_type("gcp", "gcp:kms/keyRing:KeyRing")
    assert not holds(condition, f"{ring['id']}/cryptoKeys/a", NOW)
    assert holds(condition, "projects/rampart-demo/locations/us-east4/keyRings/keys-ring-1/cryptoKeys/a", NOW)


def test_deploy_gives_the_roles_of_data_planes_on_the_project_and_no_others(first_day: Standing) -> None:
    held = given(first_day, "deploy")
    predefined = {role: condition for role, condition in held.items() if role.startswith("roles/")}
    assert predefined == {"roles/resourcemanager.projectIamAdmin": ONLY_THESE}
    assert "setIamPolicy" not in {name for name in permissions(first_day, "deploy") if "projects." in name}
    assert all(role in ONLY_THESE for role in ON_PROJECT)


@pytest.mark.parametrize(
    "permission",
    [
        *(
            "iam.roles.create",
            "iam.roles.update",
            "iam.serviceAccountKeys.create",
            "iam.serviceAccounts.getAccessToken",
        ),
        *("iam.workloadIdentityPools.update", "storage.objects.get", "secretmanager.versions.access"),
        *("cloudkms.cryptoKeyVersions.useToDecrypt", "resourcemanager.projects.delete", "storage.hmacKeys.create"),
    ],
)
def test_deploy_cannot(first_day: Standing, permission: str) -> None:
    assert permission not in permissions(first_day, "deploy")


def test_every_type_that_a_data_plane_holds_has_its_permissions() -> None:
    """One that is new wants a row in bootstrap/gcp/permissions.py."""
    known = {token for rows in DEPLOY.values() for row in rows for token in row.types.split()}
    known |= set(OF_PROJECT.split())
    assert not made("gcp") - known


def test_the_roles_that_components_give_on_the_project_are_those_that_deploy_may_give() -> None:
    """Read from the code: a binding is made when somebody has it."""
    found = set()
    for path in (REPOSITORY / "components").rglob("gcp*.py"):
        for call in re.findall(r"projects\.IAMMember\((.*?)\n\s*\)", path.read_text(), re.DOTALL):
            found |= set(re.findall(r'role="(roles/[\w.]+)"', call))
    assert found - set(ON_PROJECT) == {"roles/container.admin"}  # break glass: a person gives it
