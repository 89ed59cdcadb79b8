"""Aspects of AWS's services: what many of them say, each with a property or two.

Paths are dotted; `default` is what AWS does when nothing is said.
"""

import json
import re
from collections.abc import Iterator

from rampart_policy.facts import (
    Backups,
    EncryptionAtRest,
    Fact,
    FinalBackup,
    ForcedDeletion,
    ProtocolVersion,
    ServiceEndpoint,
    StorageEncryption,
    Versioning,
    ZoneRedundancy,
)
from rampart_policy.readers import secrets
from rampart_policy.readers.table import (
    Aspect,
    Test,
    always,
    customer_key,
    declared_password,
    gives,
    negated,
    on,
    where,
)
from rampart_policy.values import Field, Node, Unknown

across_zones = gives(ZoneRedundancy, "enabled")
encrypted = gives(StorageEncryption, "enabled")
forced = gives(ForcedDeletion, "allowed")
leaves_backup = gives(FinalBackup, "kept")
versioned = gives(Versioning, "enabled")


def is_own(name: str) -> bool:
    """Whether a key is the customer's: `alias/aws/...` are AWS's own, and so is none."""
    return bool(name) and ":alias/aws/" not in f":{name}" and name.upper() not in ("AWS_OWNED_KMS_KEY", "AWS_OWNED_KEY")


def own_key(path: str) -> Test:
    """Whether a property names a key of the customer's."""
    return lambda place: place.at(path).text(default="").map(is_own)


def keyed(*paths: str) -> Aspect:
    """The keys that a store is encrypted under."""
    return lambda place: (EncryptionAtRest(customer_key=own_key(path)(place)) for path in paths)


def keyed_where(used: Test, path: str) -> Aspect:
    """The key of something that is stored only where a test holds."""
    return where(used, keyed(path))


def stored(switch: str, key: str, *, default: bool = False) -> Aspect:
    """A store that encrypts only when told to, and its key."""

    def aspect(place: Node) -> Iterator[Fact]:
        yield StorageEncryption(enabled=on(switch, default)(place))
        yield EncryptionAtRest(customer_key=own_key(key)(place))

    return aspect


unkeyed: Aspect = customer_key(negated(always))
"""A store that takes no key of the customer's."""


def public(path: str, *, default: bool = False) -> Aspect:
    """Whether a service listens on the internet. Who gets through is then the security groups' to say."""
    return lambda place: (ServiceEndpoint(public=on(path, default)(place), admits=Field(False)),)


def exposed(place: Node) -> Iterator[Fact]:
    """What is on the internet because of what it is."""
    yield ServiceEndpoint(public=always(place), admits=Field(True))


def document(place: Node) -> Node:
    """What a text in JSON says, at the text's own place; the place itself where it is no text."""
    raw = place.raw
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raw = Unknown("should be a JSON document and is not one")
    return Node(raw, place.path, place.secret)


def given(path: str) -> Test:
    """Whether a property is set; what is not known yet may turn out to be nothing."""
    return lambda place: place.at(path).given


def passwords(*paths: str) -> Aspect:
    """Properties in which the program would say a password."""
    return lambda place: (fact for path in paths for fact in declared_password(given(path))(place))


def variables(path: str, *, marks: bool = True) -> Aspect:
    """Environment variables; see `secrets.variables`."""
    return lambda place: secrets.variables(place.at(path), marks=marks)


def scripts(*paths: str) -> Aspect:
    """Start scripts and documents that are no secret store."""
    return lambda place: (secrets.script(place.at(path)) for path in paths if not place.at(path).missing)


def backed_up(path: str, *, default: float, any_moment: bool = True) -> Aspect:
    """Days that backups are kept. any_moment: with them, any moment of those days can be restored."""

    def aspect(place: Node) -> Iterator[Fact]:
        days = place.at(path).number(default=default)
        yield Backups(kept=days, any_moment=days if any_moment else Field(float("inf")))

    return aspect


_VERSION = re.compile(r"(?<!\d)1[-._]([0-3])(?!\d)")

FIRST = 1.0
"""The TLS version of a policy that names none: `ELBSecurityPolicy-2016-08`, `TLSv1`."""


def tls_policy(path: str, *, default: str) -> Aspect:
    """The oldest version of a security policy by its name: `ELBSecurityPolicy-TLS13-1-2-2021-06`, `TLSv1.2_2021`."""
    return lambda place: (ProtocolVersion(minimum=place.at(path).text(default=default).map(oldest)),)


def oldest(policy: str) -> float:
    return min((1 + int(minor) / 10 for minor in _VERSION.findall(policy)), default=FIRST)
