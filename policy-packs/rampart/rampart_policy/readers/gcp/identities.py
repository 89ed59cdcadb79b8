"""The service accounts that Google makes by itself, and that machines and services get when nothing is said."""

import re

from rampart_policy.facts import Role, RoleGrant, Scope
from rampart_policy.readers.table import Aspect, set_
from rampart_policy.values import Field, Node

_DEFAULT = re.compile(
    r"^(?:default|\d+-compute@developer\.gserviceaccount\.com|[^@]+@appspot\.gserviceaccount\.com)$", re.I
)
"""IAM documentation, "Default service accounts"."""


def default_identity(account: Node) -> RoleGrant:
    """What acts as a default service account acts with the role Editor on the whole project."""
    name = account.text(default="default")
    return RoleGrant(
        role=name.map(lambda text: Role(f"{text}: an editor of the project by default", bool(_DEFAULT.match(text)))),
        scope=Field(Scope("the whole project", broad=False), account.path),
    )


def identity(path: str) -> Aspect:
    """The service account that something runs as, where leaving it out means a default one."""
    return lambda place: (default_identity(place.at(path)),)


def said_identity(path: str) -> Aspect:
    """Likewise, where it is judged only if it is said."""
    return set_(path, identity(path))
