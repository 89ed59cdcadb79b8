"""What a change would lose: how that is said, and how it is refused where protection keeps it."""

from collections.abc import Sequence

from fleet.holds import HOLDS
from fleet.outcome import Outcome, Step

WAY = (
    "Nothing was changed: protection is production. docs/changes.md says how to keep what they hold. To lose it, set "
    "protection to development for this stack, run up, and make this change then."
)


class LossError(Exception):
    """A change would lose what protection keeps; nothing has been changed."""

    def __init__(self, lost: Sequence[Step]) -> None:
        self.lost = lost
        super().__init__("\n".join([*map(says, lost), WAY]))


def says(step: Step) -> str:
    """One loss in words."""
    held = HOLDS.get(step.type, "what it is")
    if step.operation == "delete":
        return f"{step.name} would be deleted, and with it {held}"
    why = f" ({', '.join(step.keys)})" if step.keys else ""
    return f"{step.name}{why} would be made anew and lose what it holds: {held}"


def check(outcome: Outcome) -> None:
    """Raise `LossError` if a preview found that what protection keeps would be deleted or made anew."""
    if any(step.kept for step in outcome.lost):
        raise LossError(outcome.lost)
