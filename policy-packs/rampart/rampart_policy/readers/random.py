"""pulumi-random. Identifiers and pets are not secret and judged by nobody; passwords are."""

import math
from collections.abc import Iterator

from rampart_policy.facts import GeneratedPassword
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import combine

SPECIAL = len("!@#$%&*()-_=+[]{}<>:?")
"""How many special characters RandomPassword draws from by default (its `overrideSpecial`)."""

no_surface(
    {
        "random:index/randomId:RandomId": "an identifier, not a secret",
        "random:index/randomInteger:RandomInteger": "a number, not a secret",
        "random:index/randomPet:RandomPet": "a name, not a secret",
        "random:index/randomShuffle:RandomShuffle": "an order, not a secret",
        "random:index/randomString:RandomString": "a text that is not marked secret: no password may be one",
        "random:index/randomUuid:RandomUuid": "an identifier, not a secret",
    }
)


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
