"""What people write: single violations, most of them meant to get past, and hardened code that comes near them.

One program a line: `what` it shows, the `controls` that see what is wrong with it, and its resources; a value that the
program marks secret is `{"secret": ...}`. Each is judged with the default configuration.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rampart_policy.readers import load_all
from rampart_policy.registry import READERS, STACK_READERS
from rampart_policy.resources import canonical
from rampart_policy.testing import Declared, judge, load_cases, resource, secret

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
UNPROVEN = CORPUS / "unproven.txt"


def files(kind: str) -> list[str]:
    return sorted(path.name for path in CORPUS.glob(f"*_{kind}.jsonl"))


def programs(name: str) -> Iterator[tuple[dict[str, Any], list[Declared]]]:
    for line in (CORPUS / name).read_text().splitlines():
        row = json.loads(line)
        yield row, [declared(item) for item in row["program"]]


def declared(item: dict[str, Any]) -> Declared:
    named = {key: item[key] for key in ("name", "outputs") if key in item}
    return resource(item["type"], marked(item["properties"]), **named)


def marked(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"secret"}:
            return secret(marked(value["secret"]))
        return {key: marked(below) for key, below in value.items()}
    return [marked(below) for below in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", files("violations"))
def test_every_violation_is_seen_by_a_control_that_is_about_it(name: str) -> None:
    missed = [
        f"{row['what']}: wanted {row['controls']}, got {sorted(failed)}"
        for row, program in programs(name)
        if not {*row["controls"]} <= (failed := judge(*program).failed)
    ]
    assert missed == []


@pytest.mark.parametrize("name", files("hardened"))
def test_hardened_code_is_silent(name: str) -> None:
    alarms = [
        f"{row['what']}: {violation.control}"
        for row, program in programs(name)
        for preview in (True, False)
        for violation in judge(*program, preview=preview).violations
    ]
    assert alarms == []


def test_readers_without_a_case_are_listed_and_no_new_one_is() -> None:
    """A reader that no case and no program here shows is on the list, which only gets shorter."""
    load_all()
    shown = {canonical(made.type) for case in load_cases(HERE / "cases") for made in case.program}
    for name in (*files("violations"), *files("hardened")):
        shown |= {canonical(made.type) for _, program in programs(name) for made in program}
    types: dict[Any, list[str]] = {}
    for registry in (READERS, STACK_READERS):
        for token, read in registry.items():
            types.setdefault(read, []).append(token)
    wrapped = ("Patch", "List")  # forms of a kind of Kubernetes object, read like the kind
    bare = {min(tokens) for tokens in types.values() if not shown.intersection(tokens)}
    unproven = {token for token in bare if not (token.startswith("kubernetes:") and token.endswith(wrapped))}
    assert sorted(unproven) == UNPROVEN.read_text().splitlines()
