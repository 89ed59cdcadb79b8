"""Conditions in CEL, read as far as a pack needs: alternatives, parts that hold together, brackets and quotes.

Common Expression Language specification; IAM documentation, "Overview of IAM Conditions".
"""

import re
from collections.abc import Callable, Iterator

TEXT = r"'[^']*'|\"[^\"]*\""
"""A text in either kind of quotes."""

_PIECE = re.compile(rf"{TEXT}|&&|\|\||[()\[\]]|[^'\"&|()\[\]]+|.", re.DOTALL)


def narrows(condition: str, names: Callable[[str], bool]) -> bool:
    """Whether a condition holds only where one comparison that `names` takes does.

    Every alternative must (`||`), one part of each is enough (`&&`). What is negated names nothing.
    """
    text = _unwrapped(condition)
    for operator, decide in (("||", all), ("&&", any)):
        parts = [*_split(text, operator)]
        if len(parts) > 1:
            return decide(narrows(part, names) for part in parts)
    return not text.startswith("!") and names(text)


def _split(text: str, operator: str) -> Iterator[str]:
    """The parts of a text between the operators that stand in no brackets and no quotes."""
    depth, part = 0, ""
    for piece in _PIECE.findall(text):
        depth += (piece in "([") - (piece in ")]")
        if piece == operator and depth == 0:
            yield part.strip()
            part = ""
        else:
            part += piece
    yield part.strip()


def _unwrapped(text: str) -> str:
    """The text without brackets around the whole of it."""
    text = text.strip()
    while text.startswith("(") and text.endswith(")"):
        depth = 0
        pieces = _PIECE.findall(text)
        for position, piece in enumerate(pieces):
            depth += (piece == "(") - (piece == ")")
            if depth == 0 and position < len(pieces) - 1:
                return text
        text = text[1:-1].strip()
    return text
