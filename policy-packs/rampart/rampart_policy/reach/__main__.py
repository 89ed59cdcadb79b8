"""`pulumi stack export | python -m rampart_policy.reach`: the paths of a deployed stack, a line each, or as JSON."""

import argparse
import json
import sys
from typing import Any

from rampart_policy.reach import Path, survey
from rampart_policy.reach.spans import show_traffic
from rampart_policy.resources import Resource, Urn, canonical
from rampart_policy.stack import Stack


def deployed(state: dict[str, Any]) -> Stack:
    """The stack of a state, as `pulumi stack export` has it."""
    resources = (state.get("deployment") or state).get("resources") or []
    return Stack(_resource(made) for made in resources if not made.get("delete"))


def _resource(made: dict[str, Any]) -> Resource:
    outputs = {**(made.get("outputs") or {}), "id": made.get("id")}
    return Resource(
        urn=made["urn"],
        type=canonical(made["type"]),
        name=Urn.parse(made["urn"]).name,
        load=lambda: made.get("inputs") or {},
        load_outputs=lambda: outputs,
    )


def as_json(path: Path) -> dict[str, Any]:
    return {
        "source": path.source,
        "target": path.target,
        "traffic": show_traffic(path.traffic),
        "to": list(path.to),
        "via": list(path.via),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(prog="rampart_policy.reach", description=__doc__)
    arguments.add_argument("--json", action="store_true", help="for machines")
    as_asked = arguments.parse_args()
    paths = survey(deployed(json.load(sys.stdin))).paths()
    if as_asked.json:
        json.dump([as_json(path) for path in paths], sys.stdout, indent=2)
    else:
        print(*paths, sep="\n")


if __name__ == "__main__":
    main()
