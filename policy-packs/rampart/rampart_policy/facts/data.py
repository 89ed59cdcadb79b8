"""Facts about data: how it is encrypted, under whose key, how it travels, and how it comes back."""

from dataclasses import dataclass

from rampart_policy.facts.base import Fact, StackFact
from rampart_policy.values import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionKey(Fact):
    """A key that others encrypt with.

    rotatable: the cloud can rotate this kind of key. enabled: it is asked to. period: days between rotations.
    """

    rotatable: Field[bool]
    enabled: Field[bool]
    period: Field[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeletion(Fact):
    """How a key, or the vault it is in, goes. window: days in which a deleted one can be brought back."""

    window: Field[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeProtection(Fact):
    """Whether nobody can shorten the time in which a deleted key can be brought back."""

    enabled: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptionAtRest(Fact):
    """How a store encrypts. customer_key: under a key that the customer manages."""

    customer_key: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport(Fact):
    """How clients may speak to a service. minimum: the oldest TLS version it takes (1.2)."""

    plaintext: Field[bool]
    minimum: Field[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versioning(Fact):
    """Whether a store keeps what is overwritten or deleted."""

    enabled: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreEncryption(StackFact):
    """Whether a store's encryption is configured at all, where that is another resource."""

    configured: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTransport(StackFact):
    """Whether a store's policy refuses plain HTTP."""

    refuses_plaintext: Field[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreVersioning(StackFact):
    """Whether a store's versioning is configured at all, where that is another resource."""

    configured: Field[bool]
