"""What a condition of a workload identity pool provider says of who logs in: CEL, read as far as this needs.

IAM documentation, "Best practices for using Workload Identity Federation"; Common Expression Language specification.
"""

import re
from collections.abc import Iterator, Mapping

SHARED_CLAIMS = frozenset(
    {
        *("actor", "actor_id", "aud", "base_ref", "email_verified", "enterprise", "enterprise_id", "environment"),
        *("event_name", "hd", "head_ref", "iss", "namespace", "namespace_id", "namespace_path", "organization"),
        *("organization_id", "owner", "owner_id", "ref", "ref_protected", "ref_type", "repository_owner"),
        *("repository_owner_id", "repository_visibility", "runner_environment", "root_namespace", "account_id"),
        *("terraform_organization_id", "terraform_organization_name", "user_login", "user_id", "tid"),
    }
)
"""Claims that more than one repository, pipeline or workspace has: an owner's name is on all that is theirs."""

_CLAIM = r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:\[['\"][^'\"]*['\"]\])?"
_TEXT = r"'[^']*'|\"[^\"]*\""
_EQUAL = re.compile(rf"(?P<claim>{_CLAIM})\s*==\s*(?P<text>{_TEXT})")
_EQUAL_TURNED = re.compile(rf"(?P<text>{_TEXT})\s*==\s*(?P<claim>{_CLAIM})")
_AMONG = re.compile(rf"(?P<claim>{_CLAIM})\s+in\s+\[(?P<text>\s*(?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*\s*,?\s*)\]")
_PIECE = re.compile(rf"{_TEXT}|&&|\|\||[()\[\]]|[^'\"&|()\[\]]+|.", re.DOTALL)


def is_exact(condition: str, mapping: Mapping[str, str]) -> bool:
    """Whether a condition holds only for subjects, or repositories, that it names in full.

    Every alternative must (`||`), one part of each is enough (`&&`). mapping: of attributes to the claims that they
    are made of, as the provider declares it.
    """
    text = _unwrapped(condition)
    for operator, decide in (("||", all), ("&&", any)):
        parts = [*_split(text, operator)]
        if len(parts) > 1:
            return decide(is_exact(part, mapping) for part in parts)
    return _names_one(text, mapping)


def _names_one(text: str, mapping: Mapping[str, str]) -> bool:
    found = _EQUAL.fullmatch(text) or _EQUAL_TURNED.fullmatch(text) or _AMONG.fullmatch(text)
    if found is None:
        return False
    claim = mapping.get(found["claim"], found["claim"])
    name = re.findall(r"[A-Za-z_]\w*", claim)[-1:]
    values = [value[1:-1] for value in re.findall(_TEXT, found["text"])]
    return bool(name) and name[0] not in SHARED_CLAIMS and all(value and "*" not in value for value in values)


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
