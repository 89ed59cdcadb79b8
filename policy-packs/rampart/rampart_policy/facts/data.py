"""Facts about data: how it is encrypted, under whose key, how it travels, and how it comes back."""

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@fact
class EncryptionKey(Fact):
    """A key that others encrypt with.

    rotatable: the cloud can rotate this kind of key. enabled: it is asked to. period: days between rotations.
    """

    rotatable: Field[bool]
    enabled: Field[bool]
    period: Field[float]


@fact
class KeyDeletion(Fact):
    """How a key, or the vault it is in, goes. window: days in which a deleted one can be brought back."""

    window: Field[float]


@fact
class PurgeProtection(Fact):
    """Whether nobody can shorten the time in which a deleted key can be brought back."""

    enabled: Field[bool]


@fact
class EncryptionAtRest(Fact):
    """How a store encrypts. customer_key: under a key that the customer manages."""

    customer_key: Field[bool]


@fact
class StorageEncryption(Fact):
    """Whether a store encrypts at all, where the cloud leaves that open."""

    enabled: Field[bool]


@fact
class Transport(Fact):
    """Whether clients may speak to a service without encryption."""

    plaintext: Field[bool]


@fact
class ClientConnection(Fact):
    """Whether a program is told to connect without encryption, or to believe any server."""

    plaintext: Field[bool]


@fact
class ProtocolVersion(Fact):
    """The oldest TLS version that a service takes (1.2)."""

    minimum: Field[float]


@fact
class Versioning(Fact):
    """Whether a store keeps what is overwritten or deleted."""

    enabled: Field[bool]


@fact
class StoreEncryption(StackFact):
    """Whether a store's encryption is configured at all, where that is another resource."""

    configured: Field[bool]


@fact
class StoreTransport(StackFact):
    """Whether a store's policy refuses plain HTTP."""

    refuses_plaintext: Field[bool]


@fact
class StoreVersioning(StackFact):
    """Whether a store's versioning is configured at all, where that is another resource."""

    configured: Field[bool]


@fact
class CipherStrength(Fact):
    """Whether a service takes cipher suites without forward secrecy or authenticated encryption."""

    weak: Field[bool]


@fact
class ListenerTransport(StackFact):
    """Whether a listener answers plain HTTP, where what it does with it is another resource."""

    plaintext: Field[bool]
