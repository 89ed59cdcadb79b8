"""Aspects of AWS's services: what many of them say, each with a property or two.

Paths are dotted; `default` is what AWS does when nothing is said.
"""

from collections.abc import Iterator

from rampart_policy.facts import (
    Backups,
    EncryptionAtRest,
    Fact,
    FinalBackup,
    ForcedDeletion,
    ServiceEndpoint,
    StorageEncryption,
    Versioning,
    ZoneRedundancy,
)
from rampart_policy.readers.table import Aspect, Test, always, customer_key, gives, negated, on, where
from rampart_policy.values import Field, Node

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


def backed_up(path: str, *, default: float, any_moment: bool = True) -> Aspect:
    """Days that backups are kept. any_moment: with them, any moment of those days can be restored."""

    def aspect(place: Node) -> Iterator[Fact]:
        days = place.at(path).number(default=default)
        yield Backups(kept=days, any_moment=days if any_moment else Field(float("inf")))

    return aspect
