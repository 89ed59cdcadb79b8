"""Readers as tables, for services whose security is a handful of properties.

    service(
        "gcp:redis/instance:Instance",
        customer_key(filled("customerManagedKey")),
        plaintext(unless("transitEncryptionMode", "SERVER_AUTHENTICATION", default="DISABLED")),
    )

A *test* answers one yes-or-no question about a place in the properties, or says that it is unknown. An *aspect* makes
facts of a place, mostly of a test's answer. `service` declares the reader that gives all facts of a row.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rampart_policy.facts import (
    AnonymousAccess,
    AuditLog,
    Authentication,
    AutomaticAddressing,
    AutomaticPatching,
    BootIntegrity,
    CipherStrength,
    ClearTextSecret,
    CrossOrigin,
    DebugAccess,
    DeclaredPassword,
    DeletionProtection,
    Direction,
    EncryptionAtRest,
    ExportedKey,
    Fact,
    ForcedDeletion,
    Guardrail,
    IdentityLogin,
    LocalCredentials,
    LogRetention,
    NetworkRule,
    OpaqueManifest,
    PacketForwarding,
    ProtocolVersion,
    ServiceEndpoint,
    ThreatDetection,
    Transport,
)
from rampart_policy.readers import addresses, secrets
from rampart_policy.registry import Reader, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, either, every

Test = Callable[[Node], Field[bool]]
Aspect = Callable[[Node], Iterable[Fact]]

_VERSION = re.compile(r"1[._]?([0-3])(?!\d)")


def service(types: str | tuple[str, ...], *aspects: Aspect, also: tuple[Reader, ...] = ()) -> None:
    """Declare the reader of these types: it gives the facts of all aspects. also: readers of what takes more than the
    properties to say, its provider's account for one.
    """

    def read(made: Resource) -> Iterator[Fact]:
        for aspect in aspects:
            yield from aspect(made.properties)
        for other in also:
            yield from other(made)

    read.__module__ = sys._getframe(1).f_globals["__name__"]  # the table it is a row of
    reader(*((types,) if isinstance(types, str) else types))(read)


# Tests


def on(path: str, default: bool = False) -> Test:
    """Whether a switch is on. default: what the cloud does when nothing is said."""
    return lambda place: place.at(path).flag(default=default)


def off(path: str, default: bool = False) -> Test:
    """Whether a switch is off. default: whether it is *on* when nothing is said."""
    return negated(on(path, default))


def says(path: str, *words: str, default: str = "") -> Test:
    """Whether a property is one of the words, in any casing. default: what the cloud takes when nothing is said."""
    wanted = frozenset(word.lower() for word in words)
    return lambda place: place.at(path).text(default=default).map(lambda text: text.strip().lower() in wanted)


def unless(path: str, *words: str, default: str = "") -> Test:
    """Whether a property is none of the words."""
    return negated(says(path, *words, default=default))


def filled(path: str) -> Test:
    """Whether something is there: a text that is not empty, a list or an object with something in it."""
    return lambda place: place.at(path).any().map(bool)


def empty(path: str) -> Test:
    """Whether nothing is there."""
    return negated(filled(path))


def includes(path: str, *words: str) -> Test:
    """Whether one item of a list is one of the words, in any casing."""
    wanted = frozenset(word.lower() for word in words)

    def test(place: Node) -> Field[bool]:
        found = [item.text(default="").map(lambda text: text.lower() in wanted) for item in place.at(path).items()]
        return either(*found) if found else Field(False, place.at(path).path, default=True)

    return test


def plain_url(path: str) -> Test:
    """Whether an address is one of plain HTTP."""
    return lambda place: place.at(path).text(default="").map(lambda url: url.strip().lower().startswith("http://"))


def always(_: Node) -> Field[bool]:
    """Because of what type the resource is."""
    return Field(True, "type")


def negated(test: Test) -> Test:
    return lambda place: test(place).map(lambda holds: not holds)


def one_of(*tests: Test) -> Test:
    """Whether any of the tests holds."""
    return lambda place: either(*(test(place) for test in tests))


def both(*tests: Test) -> Test:
    """Whether all of the tests hold."""
    return lambda place: every(*(test(place) for test in tests))


# Aspects


def gives(kind: Callable[..., Fact], name: str) -> Callable[[Test], Aspect]:
    """The aspect that puts a test's answer into a fact's one field."""
    return lambda test: lambda place: (kind(**{name: test(place)}),)


anonymous = gives(AnonymousAccess, "possible")
audited = gives(AuditLog, "complete")
authenticated = gives(Authentication, "required")
automatic_address = gives(AutomaticAddressing, "public")
cross_origin = gives(CrossOrigin, "open")
customer_key = gives(EncryptionAtRest, "customer_key")
debug_access = gives(DebugAccess, "enabled")
declared_password = gives(DeclaredPassword, "declared")
deletion_protected = gives(DeletionProtection, "enabled")
exported_key = gives(ExportedKey, "exported")
forwards_packets = gives(PacketForwarding, "enabled")
forced_deletion = gives(ForcedDeletion, "allowed")
guard_rail = gives(Guardrail, "enforced")
identity_login = gives(IdentityLogin, "enabled")
local_credentials = gives(LocalCredentials, "accepted")
opaque = gives(OpaqueManifest, "opaque")
"""What a template makes, no policy pack sees."""
patched = gives(AutomaticPatching, "enabled")
plaintext = gives(Transport, "plaintext")
secret_in_clear = gives(ClearTextSecret, "present")
threat_detection = gives(ThreatDetection, "enabled")
verified_boot = gives(BootIntegrity, "enabled")
weak_cipher = gives(CipherStrength, "weak")


def public_endpoint(test: Test, admits: Test | None = None) -> Aspect:
    """Where a service listens. admits: whether its own firewall lets everyone through; nobody unless said."""
    return lambda place: (ServiceEndpoint(public=test(place), admits=admits(place) if admits else Field(False)),)


def oldest_tls(path: str, default: str = "1.2") -> Aspect:
    """The oldest TLS version, however the cloud spells it (`TLS1_2`, `1.2`, `Tls12`, `TLSv1.2`)."""
    return lambda place: (ProtocolVersion(minimum=place.at(path).text(default=default).map(version)),)


def kept_for(path: str, default: float) -> Aspect:
    """How many days a log is kept."""
    return lambda place: (LogRetention(days=place.at(path).number(default=default)),)


def admits(path: str, key: str = "") -> Aspect:
    """Ranges that a service's own firewall lets in. key: where in each item of the list the range stands."""

    def aspect(place: Node) -> Iterator[Fact]:
        for item in place.at(path).items():
            node = item.at(key) if key else item
            yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=addresses.peer_field(node))

    return aspect


def variables(path: str) -> Aspect:
    """Names and values that a program is started with: an object, or a list of `name` and `value`."""
    return lambda place: secrets.variables(place.at(path))


def script(path: str) -> Aspect:
    """A start script, in the clear or in Base64."""
    return set_(path, lambda place: (secrets.script(place.at(path)),))


def admits_each(path: str) -> Aspect:
    """Ranges that stand in one text (`10.0.0.0/8,10.1.2.3`)."""

    def aspect(place: Node) -> Iterator[Fact]:
        clients = place.at(path)
        for name in clients.raw.split(",") if isinstance(clients.raw, str) else [clients.raw]:
            peer = addresses.peer_field(Node(name, clients.path, clients.secret))
            yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=peer)

    return aspect


def where(test: Test, *aspects: Aspect) -> Aspect:
    """The aspects' facts if the test holds; facts of unknown fields if nobody knows whether it does."""

    def aspect(place: Node) -> Iterator[Fact]:
        answer = test(place)
        if answer.value is False:
            return
        for each_ in aspects:
            for fact in each_(place):
                yield fact if answer.known else _unknown(fact, answer)

    return aspect


def set_(path: str, *aspects: Aspect) -> Aspect:
    """The aspects of the same place, where a property is set."""
    return where(lambda place: place.at(path).given, *aspects)


def at(path: str, *aspects: Aspect) -> Aspect:
    """The aspects of the place at a path."""
    return lambda place: (fact for aspect in aspects for fact in aspect(place.at(path)))


def each(path: str, *aspects: Aspect) -> Aspect:
    """The aspects of each item of a list; none if there is none."""
    return lambda place: (fact for item in place.at(path).items() for aspect in aspects for fact in aspect(item))


def version(text: str) -> float:
    """The oldest TLS version in a text; 0 if it names none."""
    found = [1 + int(minor) / 10 for minor in _VERSION.findall(text)]
    return min(found, default=0.0)


def _unknown(fact: Fact, answer: Field[bool]) -> Fact:
    changes: dict[str, Any] = {
        name: Field(answer.value, answer.path) for name, value in fact.fields().items() if isinstance(value, Field)
    }
    return fact.replaced(**changes)
