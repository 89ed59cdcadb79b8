"""What `protection: production` keeps, tried on every store of every cloud."""

import pytest
from pulumi import automation

from demo.project import STACKS, Project
from demo.session import session
from fleet import Fleet
from fleet.holds import HOLDS
from tests.conftest import silent, update

STORES = set(HOLDS)
"""Everything that holds data or keys, on any cloud."""


def protect(fleet: Fleet, stack: str, protection: str) -> None:
    path = fleet.project / "stacks" / f"Pulumi.{stack}.yaml"
    kept = (
        [line for line in path.read_text().splitlines() if line.startswith("encryptionsalt")] if path.exists() else []
    )
    path.write_text("\n".join([*kept, f"config: {{rampart:protection: {protection}}}", ""]))


@pytest.mark.parametrize("stack", STACKS)
def test_production_keeps_every_store_and_key_until_a_setting_lets_them_go_and_all_comes_back(
    copied: Project, stack: str
) -> None:
    with session(copied, silent) as fleet:
        protect(fleet, stack, "production")
        up = update(fleet, stack)
        assert (up.status, up.errors) == ("updated", [])

        resources = fleet.deployment(stack)["resources"]
        stores = {r["urn"]: r["urn"].rpartition("::")[2] for r in resources if r["type"] in STORES}
        assert {r["type"] for r in resources if r.get("protect")} == {r["type"] for r in resources} & STORES
        assert {r["urn"] for r in resources if r.get("protect")} == set(stores)
        assert len(stores) >= 5

        [down] = fleet.down([stack], silent)
        assert down.status == "failed"
        assert "set protection to development" in down.errors[0]
        assert all(name in down.errors[0] for name in stores.values())

        byhand = automation.select_stack(stack, work_dir=str(fleet.project))
        with pytest.raises(automation.CommandError, match=r"protected|ScopeLocked"):
            byhand.destroy(target=list(stores), target_dependents=True)
        with pytest.raises(automation.CommandError, match="protect"):
            byhand.preview(replace=list(stores))
        assert {r["urn"] for r in fleet.deployment(stack)["resources"]} >= set(stores)

        protect(fleet, stack, "development")
        let_go = update(fleet, stack)
        assert (let_go.status, let_go.errors) == ("updated", [])
        assert [(outcome.status, outcome.errors) for outcome in fleet.down([stack], silent)] == [("destroyed", [])]
    # Key rings, vaults and keys outlive what they named, and the clouds' process: the next life has names of its own.
    with session(copied, silent) as fleet:
        again = update(fleet, stack)
    assert (again.status, again.errors) == ("updated", [])
