"""pulumi-random. Passwords and bytes are secret; the rest is in the clear, and no secret may be made of it."""

import math
from collections.abc import Iterator

from rampart_policy.facts import GeneratedPassword, GeneratedSecret
from rampart_policy.readers.secret_words import called_secret
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, combine

SPECIAL = len("!@#$%&*()-_=+[]{}<>:?")
"""How many special characters RandomPassword draws from by default (its `overrideSpecial`)."""

no_surface(
    {
        "random:index/randomPet:RandomPet": "a name, not a secret",
        "random:index/randomShuffle:RandomShuffle": "an order, not a secret",
    }
)


@reader(
    "random:index/randomId:RandomId",
    "random:index/randomInteger:RandomInteger",
    "random:index/randomString:RandomString",
    "random:index/randomUuid:RandomUuid",
    "random:index/randomUuid4:RandomUuid4",
    "random:index/randomUuid7:RandomUuid7",
)
def in_the_clear(made: Resource) -> Iterator[GeneratedSecret]:
    """What is not marked secret is no secret, unless its name says that it is one."""
    yield GeneratedSecret(marked=Field(not called_secret(made.name), "name", source=made.name))


@reader("random:index/randomBytes:RandomBytes")
def random_bytes(made: Resource) -> Iterator[GeneratedPassword]:
    yield GeneratedPassword(entropy=made.at("length").number(default=0).map(lambda length: length * 8))


@reader("random:index/randomPassword:RandomPassword")
def password(made: Resource) -> Iterator[GeneratedPassword]:
    """Length times the bits of one character, as if each were drawn from the whole alphabet."""
    special = made.at("overrideSpecial").text(default="")
    yield GeneratedPassword(
        entropy=combine(
            _entropy,
            made.at("length").number(default=0),
            special.map(lambda own: len(set(own)) or SPECIAL),
            *(made.at(kind).flag(default=True) for kind in ("special", "lower", "upper", "numeric", "number")),
        )
    )


def _entropy(length: float, own: int, special: bool, lower: bool, upper: bool, numeric: bool, number: bool) -> float:
    size = own * special + 26 * lower + 26 * upper + 10 * (numeric and number)
    return round(length * math.log2(size)) if size else 0
