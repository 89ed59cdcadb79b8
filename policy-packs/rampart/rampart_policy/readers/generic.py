"""Types that nobody has reviewed, by what their properties are called: the clouds' words for the same things are few.

What is found is judged like that of a reviewed type; what is not found says nothing, so the type stays unreviewed.
"""

import re
from collections.abc import Callable, Iterator

from rampart_policy.facts import (
    AnonymousAccess,
    Authentication,
    ClientConnection,
    CrossOrigin,
    DeletionProtection,
    Direction,
    Fact,
    ForcedDeletion,
    LocalCredentials,
    NetworkRule,
    ProtocolVersion,
    Review,
    ServiceEndpoint,
    StorageEncryption,
    Transport,
)
from rampart_policy.readers import addresses, plaintext, secrets
from rampart_policy.readers.secret_words import words
from rampart_policy.readers.table import version
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node

DEEPEST = 12
"""How far into the properties of a resource it is looked."""

Switch = Callable[[Field[bool]], Fact]


def _public(on: Field[bool]) -> Fact:
    return ServiceEndpoint(public=on, admits=Field(False))


def _not(make: Switch) -> Switch:
    return lambda on: make(on.map(lambda is_on: not is_on))


SWITCHES: tuple[tuple[re.Pattern[str], Switch], ...] = (
    (re.compile(r"publicly_accessible|(?:enable|assign|associate)_public_ip\w*|public_ip_enabled?|is_public"), _public),
    (re.compile(r"(?:enable_)?public_(?:access|endpoint)(?:_enabled)?|external_access_enabled"), _public),
    (
        re.compile(r"(?:allow|enable)_(?:anonymous|unauthenticated)\w*|anonymous\w*_enabled|allow_blob_public_access"),
        lambda on: AnonymousAccess(possible=on),
    ),
    (re.compile(r"disable_local_auth\w*|disable_access_key\w*"), _not(lambda on: LocalCredentials(accepted=on))),
    (
        re.compile(r"(?:admin_user|local_auth|key_based_auth\w*)_enabled|enable_local_auth\w*"),
        lambda on: LocalCredentials(accepted=on),
    ),
    (
        re.compile(
            r"(?:requires?_)?(?:client_)?(?:authentication|authorization)(?:_enabled|_required)?|auth_enabled|"
            r"require_authentication|requires_client_authorization"
        ),
        lambda on: Authentication(required=on),
    ),
    (
        re.compile(
            r"https_only|enforce_https|require_https|(?:require|enforce|enable)_(?:ssl|tls)|(?:ssl|tls)_enabled|"
            r"(?:in_)?transit_encryption(?:_enabled)?|enable_https_traffic_only"
        ),
        _not(lambda on: Transport(plaintext=on)),
    ),
    (re.compile(r"enable_non_ssl_port|allow_insecure|allow_http|is_http_allowed"), lambda on: Transport(plaintext=on)),
    (
        re.compile(
            r"(?:storage_)?encrypted|(?:storage_)?encryption_enabled|enable_encryption\w*|"
            r"encryption_at_rest_enabled"
        ),
        lambda on: StorageEncryption(enabled=on),
    ),
    (
        re.compile(r"(?:enable_)?deletion_protection(?:_enabled)?|enable_deletion_protection"),
        lambda on: DeletionProtection(enabled=on),
    ),
    (re.compile(r"force_(?:destroy|delete)"), lambda on: ForcedDeletion(allowed=on)),
    (
        re.compile(r"skip_tls_verif\w*|insecure_skip_(?:tls_)?verify|disable_ssl"),
        lambda on: ClientConnection(plaintext=on),
    ),
)
"""Switches by name, in small letters with underscores, and what they say when they are on."""

_NETWORK_ACCESS = re.compile(r"public_network_access(?:_for_\w+)?|public_access|internet")
_OPEN_WORDS = frozenset({"enabled", "enable", "allowed", "public", "allow"})
_TLS = re.compile(r"min(?:imum|imal)?_?tls\w*|tls_(?:min\w*|version)|min_protocol_version|ssl_min\w*")
_PROTOCOL = re.compile(r"(?:\w+_)?protocol")
_ORIGINS = re.compile(r"(?:cors_)?allowed?_origins?|allow_origins?")
_AUTHENTICATION = re.compile(r"auth(?:entication|orization)?_(?:type|mode)|auth_type")
_NO_AUTHENTICATION = frozenset({"none", "anonymous", "no_auth", "disabled"})


def judged(made: Resource) -> Iterator[Fact]:
    """All that the names of properties say of a type without a reader. Components have no provider and make nothing."""
    if made.provider is None:
        return
    yield Review(reviewed=made.is_such().map(lambda _: False))
    for name, value in made.properties.entries():
        yield from _inside(words(name), value, 0)


def _inside(name: str, place: Node, depth: int) -> Iterator[Fact]:
    if isinstance(place.raw, dict) and depth < DEEPEST:
        for key, value in place.entries():
            yield from _inside(words(key), value, depth + 1)
    elif isinstance(place.raw, list) and depth < DEEPEST:
        for item in place.items():
            yield from _inside(name, item, depth + 1)
    elif isinstance(place.raw, bool | str) or not place.given.known:
        yield from _switch(name, place)
        if not isinstance(place.raw, bool):
            yield from _text(name, place)


def _switch(name: str, place: Node) -> Iterator[Fact]:
    """A word that is no switch's position is another's business."""
    if isinstance(place.raw, str) and place.raw.lower() not in ("true", "false"):
        return
    for called, make in SWITCHES:
        if called.fullmatch(name):
            yield make(place.flag(default=False))


def _text(name: str, place: Node) -> Iterator[Fact]:
    text = place.text(default="")
    said = text.map(lambda value: value.strip().lower())
    if not place.secret:  # a property of that name is where the service wants it
        yield secrets.setting(Field(name), place)
    yield plaintext.connection(Field(name), place)
    if _NETWORK_ACCESS.fullmatch(name):
        yield _public(said.map(_OPEN_WORDS.__contains__))
    if _TLS.fullmatch(name):
        yield ProtocolVersion(minimum=said.map(lambda value: version(value) or float("inf")))
    if _PROTOCOL.fullmatch(name):
        yield Transport(plaintext=said.map(lambda value: value in ("http", "plaintext", "ws")))
    if _ORIGINS.fullmatch(name):
        yield CrossOrigin(open=said.map(lambda value: value == "*"))
    if _AUTHENTICATION.fullmatch(name):
        yield Authentication(required=said.map(lambda value: value not in _NO_AUTHENTICATION))
    if addresses.networks(str(text.value)) and "/" in str(text.value):
        yield NetworkRule(direction=Field(Direction.INGRESS), allows=Field(True), peer=addresses.peer_field(place))
