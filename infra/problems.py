"""What is wrong with a stack's settings, in words."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from infra.parts import names
from infra.peers import VIA


class SettingsError(Exception):
    """Everything that is wrong with a stack's settings, one line each; nothing has been planned."""

    def __init__(self, stack: str, problems: list[str]) -> None:
        self.stack, self.problems = stack, problems
        count = "1 setting is wrong" if len(problems) == 1 else f"{len(problems)} settings are wrong"
        super().__init__(f"stack {stack}: {count}; nothing was planned\n" + "\n".join(f"  - {p}" for p in problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """What a misspelt word may have meant, as the end of a sentence; nothing where nothing is like it."""
    close = get_close_matches(word, list(known), n=2)
    return f"; did you mean {' or '.join(close)}?" if close else ""


def told(detail: ErrorDetails, origin: Mapping[str, str], settings: Iterable[str]) -> str:
    """One line: the setting, what it got, what would do, and where it was set. settings: those that there are."""
    # A wrong key of a mapping is said at the key.
    top, *rest = (str(part) for part in detail["loc"] if part != "[key]")
    name = ".".join([top, *rest])
    where = f" [{origin[top]}]" if top in origin else ""
    if detail["type"] == "missing_keyword_only_argument":
        return f"{name}: is not set, and must be where {top} is{where}"
    if detail["type"] == "missing":
        team = {"account": "accounts.<cloud>", "owner": name, "environment": name, "dataClass": name}.get(name)
        return f"{name}: is not set; set it in the stack's file" + (
            f", or {team} in team.yaml beside it" if team else ""
        )
    got = f"{name}: got {detail['input']!r}"
    match detail["type"]:
        case "unexpected_keyword_argument" if top == "peers" and rest[-1] == "via":
            return f"{name}: {VIA}{where}"
        case "extra_forbidden" | "unexpected_keyword_argument":
            known = names([top, *rest][:-1]) or [to_camel(key) for key in settings]
            close = nearest((rest or [top])[-1], known)
            return f"{name}: is not a setting{close or '; there are ' + ', '.join(known)}{where}"
        case "literal_error" | "enum":
            wants = detail["ctx"]["expected"]
            word = get_close_matches(str(detail["input"]), re.findall(r"'(\w+)'", wants), n=1)
            return f"{got}, wants {wants}{f'; did you mean {word[0]}?' if word else ''}{where}"
        case "ip_v4_network":
            return f"{got}, wants a /16 with no host bits set, like 10.16.0.0/16{where}"
        case "value_error":
            return f"{got}: {detail['msg'].removeprefix('Value error, ')}{where}"
        case _:
            return f"{got}: {detail['msg'][0].lower()}{detail['msg'][1:]}{where}"
