"""IAM actions: which of them a pattern takes in, and what each can do.

The table is AWS's Service Authorization Reference, in `data/aws_actions.json`; it is read when the first wildcard or
the first `Resource: *` is.
"""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

WRITES = frozenset({"write", "permissions", "tagging"})

MANY = 10
"""Writing actions that a wildcard may take in: `dynamodb:*Item` and `s3:PutObject*` take in fewer."""

LITERALS = 3
"""Letters that a wildcard which writes must have beside it: `kms:D*` says nothing."""

_HARMLESS = re.compile(r"putobject(?:version)?acl|(?:batch)?get\w*")
"""Actions of the level that gives out permissions, and give none: access lists of objects count for nothing where a
bucket has them turned off; Glue's sessions only read.
"""

LISTS = re.compile(r"(?:describe|list)[a-z0-9*?]*")
"""Names of actions that only list what there is."""

ESCALATING = frozenset(
    {
        "iam:addusertogroup",
        "iam:attachgrouppolicy",
        "iam:attachrolepolicy",
        "iam:attachuserpolicy",
        "iam:createpolicyversion",
        "iam:putgrouppolicy",
        "iam:putrolepolicy",
        "iam:putuserpolicy",
        "iam:setdefaultpolicyversion",
        "iam:updateassumerolepolicy",
        "iam:deleterolepermissionsboundary",
        "iam:deleteuserpermissionsboundary",
        "iam:putrolepermissionsboundary",
        "iam:putuserpermissionsboundary",
        "sso:attachmanagedpolicytopermissionset",
        "sso:createaccountassignment",
        "sso:putinlinepolicytopermissionset",
    }
)
"""Actions that give permissions to identities."""

CREDENTIALS = frozenset({"iam:createaccesskey", "iam:createloginprofile", "iam:updateloginprofile"})
"""Actions that make credentials: of others, unless the resource is the caller."""

ASSUMING = frozenset({"iam:passrole", "sts:assumerole"})
"""Actions that become, or hand on, a role."""


Test = Callable[[str], bool]


class Action(NamedTuple):
    """An action in lower case, with its access level. resourced: a policy can say on which resources."""

    service: str
    name: str
    level: str
    resourced: bool

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


@cache
def _services() -> dict[str, dict[str, str]]:
    path = Path(__file__).parents[2] / "data" / "aws_actions.json"
    services: dict[str, dict[str, str]] = json.loads(path.read_text())["services"]
    return services


@cache
def of_service(service: str) -> tuple[Action, ...]:
    """All actions of a service; none for a service that is not known."""
    return tuple(
        Action(service, name, level.rstrip("*"), not level.endswith("*"))
        for level, names in _services().get(service, {}).items()
        for name in names.lower().split()
    )


@lru_cache(maxsize=4096)
def matched(pattern: str) -> tuple[Action, ...]:
    """The actions that `s3:Get*` stands for; none for a pattern of every service, or of one not known."""
    service, _, name = pattern.lower().partition(":")
    known = re.compile(wildcards(name))
    return tuple(action for action in of_service(service) if known.fullmatch(action.name))


def wildcards(text: str) -> str:
    """A regular expression for IAM's two wildcards."""
    return "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in text)


def has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text


def is_whole(pattern: str) -> bool:
    """Whether a pattern takes in all that a service can do: `*`, `s3:*`, `s3:?*`."""
    service, _, name = pattern.partition(":")
    return has_wildcard(pattern) and (has_wildcard(service) or not name.strip("*?"))


@lru_cache(maxsize=4096)
def is_wide(pattern: str) -> bool:
    """Whether a pattern takes in a whole service, or writing actions that nobody has listed.

    Wildcards over actions that read or list are narrow, and so are those over a few actions of one kind, unless one of
    them gives out permissions.
    """
    service, _, name = pattern.lower().partition(":")
    if not has_wildcard(pattern):
        return False
    if is_whole(pattern):
        return True
    found = matched(pattern)
    writing = [action for action in found if action.level in WRITES and not _HARMLESS.fullmatch(action.name)]
    if any(action.level == "permissions" for action in writing):
        return True
    unsaid = len(re.sub(r"[*?]", "", name)) < LITERALS
    most = 2 * len(found) > len(of_service(service))
    return bool(writing) and (unsaid or most or len(writing) > MANY)


@lru_cache(maxsize=4096)
def takes_resource(pattern: str) -> bool:
    """Whether a policy could say on which resources: some action that it stands for takes one, and does more than list.

    Actions that are not in the table do, unless their name says that they list.
    """
    service, _, name = pattern.lower().partition(":")
    if has_wildcard(service) or not name:
        return True
    if LISTS.fullmatch(name):
        return False
    found = matched(pattern)
    return not found or any(action.resourced and not LISTS.fullmatch(action.name) for action in found)


def among(pattern: str, wanted: frozenset[str]) -> Iterator[str]:
    """Those of some actions (`iam:passrole`) that a pattern takes in."""
    known = re.compile(wildcards(pattern.lower() if ":" in pattern else f"{pattern.lower()}:*"))
    return (action for action in wanted if pattern == "*" or known.fullmatch(action))
