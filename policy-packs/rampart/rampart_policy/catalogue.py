"""The list of controls, for people: `python -m rampart_policy.catalogue > CONTROLS.md`."""

from collections.abc import Iterator

import rampart_policy.controls  # noqa: F401 - declares them
from rampart_policy.registry import CONTROLS, Control, Mode

INTRODUCTION = """# Controls

Generated: `python -m rampart_policy.catalogue > CONTROLS.md`. What each mode means is in [README.md](README.md).
*Preventive*: judged on one resource's inputs, at preview and before it is made. *Detective*: judged over the whole
stack, at preview as far as the program's dependencies tell, and after the update.
"""


def catalogue() -> str:
    """All controls by group, as Markdown."""
    groups = sorted({control.group for control in CONTROLS.values()})
    return "\n".join([INTRODUCTION, *(line for group in groups for line in _group(group))])


def _group(name: str) -> Iterator[str]:
    yield f"## {name.capitalize()}\n"
    yield "| control | what must hold | mode | severity | see |"
    yield "|---|---|---|---|---|"
    for control in CONTROLS.values():
        if control.group == name:
            yield _row(control)
    yield ""


def _row(control: Control) -> str:
    mode = "**detective**" if control.mode is Mode.DETECTIVE else "preventive"
    references = "; ".join(map(str, control.references))
    return f"| `{control.id}` | {control.title} | {mode} | {control.severity} | {references} |"


if __name__ == "__main__":
    print(catalogue(), end="")
