"""What opening and closing every way into and out of a stack makes, changes and takes away, and on whose word."""

from tests.components import test_egress, test_ingest, test_peering
from tests.components.test_reach import outside
from tests.components.ways import AZURE, Opened, by_operation

WAYS = (test_egress, test_ingest, test_peering)


def test_the_settings_alone_open_nothing(opened: Opened) -> None:
    assert opened.refused.status == "refused"
    refused = [v for v in opened.refused.violations if v.level == "mandatory"]
    assert {v.control for v in refused} == {"no-foreign-principal", *test_egress.ASKS[opened.stack]}
    others = {v.urn.rpartition("::")[2] for v in refused if v.control == "no-foreign-principal"}
    # On Azure it is a Kubernetes service that lets consumers in: the pack judges it with the in-cluster program.
    assert others == {"peering-hub"} | (set() if opened.stack == AZURE else {"ingest-service"})


def test_opening_and_closing_replaces_nothing_and_touches_nothing_else(opened: Opened) -> None:
    stack, on, off = opened.stack, opened.on, opened.off
    assert (on.status, opened.again.status, off.status) == ("updated", "unchanged", "updated"), (on.errors, off.errors)
    come = set().union(*(way.COME[stack] for way in WAYS))
    change = set().union(*(way.CHANGE[stack] for way in WAYS))
    assert by_operation(on) == {"create": come, "update": change}
    assert by_operation(off) == {"delete": come, "update": change}


def test_nothing_comes_in_from_the_internet(opened: Opened) -> None:
    def coming(resources: list[dict[str, object]]) -> set[str]:
        return {path for path in outside(resources) if path.startswith("internet ")}

    assert coming(opened.state) == coming(opened.before) == set()
