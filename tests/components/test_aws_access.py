"""Who is let in to an EKS cluster: operators, and for a while whoever breaks the glass."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pulumi
import pytest
from pulumi.runtime import mocks

from components.cluster import BreakGlass, ClusterArgs
from components.cluster.aws_access import ADMIN, let_in
from tests.components.test_contract import SITE

OPERATOR, PIPELINE, EMERGENCY = (f"arn:aws:iam::111122223333:role/{name}" for name in ("operator", "pipeline", "fire"))
ARGS = ClusterArgs(
    site=SITE,
    **dict.fromkeys(("network", "dns", "logs", "registry"), cast(Any, None)),
    secrets_key=None,
    volumes_key=None,
)


class Seen(mocks.Mocks):
    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        self.made[args.name] = args.inputs
        return args.name, args.inputs

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        return {}, None


@pytest.fixture
def seen() -> Iterator[Seen]:
    found = Seen()
    mocks.set_mocks(found, project="rampart", stack="aws-us-east-1")
    yield found
    pulumi.runtime.settings.reset_options()


def entries(seen: Seen, args: ClusterArgs) -> dict[str, dict[str, Any]]:
    pulumi.runtime.test(lambda: let_in("cluster", "team", args, pulumi.ResourceOptions()))()  # type: ignore[no-untyped-call] # it has no types
    return seen.made


def glass(hours: int) -> BreakGlass:
    return BreakGlass(principal=EMERGENCY, expires=datetime.now(UTC) + timedelta(hours=hours), reason="a fire (again)!")


def test_by_default_nobody_is_let_in(seen: Seen) -> None:
    assert entries(seen, ARGS) == {}


def test_operators_administer_the_cluster_and_their_order_means_nothing(seen: Seen) -> None:
    made = dict(entries(seen, replace(ARGS, operators=(OPERATOR, PIPELINE))))
    assert {inputs["principalArn"] for inputs in made.values()} == {OPERATOR, PIPELINE}
    assert {inputs["policyArn"] for name, inputs in made.items() if name.endswith("-admin")} == {ADMIN}
    seen.made.clear()
    assert entries(seen, replace(ARGS, operators=(PIPELINE, OPERATOR))) == made


def test_whoever_breaks_the_glass_is_let_in_and_it_says_until_when_and_why(seen: Seen) -> None:
    given = glass(hours=2)
    entry = entries(seen, replace(ARGS, break_glass=given))["cluster-break-glass"]
    assert entry["principalArn"] == EMERGENCY
    assert entry["tags"]["expires"] == f"{given.expires:%Y-%m-%dT%H:%MZ}"
    assert entry["tags"]["reason"] == "a fire  again  "  # what a tag of AWS's takes


@pytest.mark.parametrize(("hours", "says"), [(-1, "expired"), (24 * 7 + 1, "more than 7 days ahead")])
def test_glass_that_was_broken_too_long_ago_or_for_too_long_is_refused(hours: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(ARGS, break_glass=glass(hours))
