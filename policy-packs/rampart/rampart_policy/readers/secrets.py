"""Settings that hold secrets in clear text, or say to connect without encryption: facts of named values and texts.

What a secret looks like and is called is in `secret_words`.
"""

import re
from collections.abc import Iterator

from rampart_policy.facts import ClearTextSecret, ClientConnection, Fact
from rampart_policy.readers import plaintext
from rampart_policy.readers.secret_words import decoded, holds_secret, is_reference, is_secret, may_hold_secret
from rampart_policy.values import UNKNOWN, Field, Node, Unknown, combine

_ASSIGNED = re.compile(
    r"(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key)[\"']?\s*[=:]\s*[\"']?[^\s\"'$<{(`\\/]"
    r"[^\s\"']{4,}"
    r"|(?:--password[ =]|\bbearer |\baws_secret_access_key )[\"']?[^\s\"'$<{(`]{4,}",
    re.IGNORECASE,
)
"""What a script assigns in clear text, and does not read from elsewhere."""


def setting(name: Field[str], value: Node, *, marks: bool = True) -> ClearTextSecret:
    """Of a named value. What the program marks as secret is one, unless it only says where the secret is; one that is
    not known yet decides nothing under an innocent name. marks: False where the SDK marks all values, whatever they
    are.
    """
    text, marked = value.text(default=""), value.secret and marks
    if not text.known and isinstance(name.value, str) and (marked or not may_hold_secret(name.value)):
        return ClearTextSecret(present=Field(marked, value.path, marked))
    return ClearTextSecret(
        present=combine(
            lambda found, named: is_secret(named, found) or (marked and not is_reference(found)), text, name
        )
    )


def named(name: Field[str], value: Node, *, marks: bool = True) -> Iterator[Fact]:
    """All that a named value is judged for: a secret in it, and a connection without encryption."""
    yield setting(name, value, marks=marks)
    yield plaintext.connection(name, value)


def unknown(place: Node) -> Iterator[Fact]:
    """Of a place of which nobody knows yet what it holds."""
    field: Field[bool] = Field(place.raw if isinstance(place.raw, Unknown) else UNKNOWN, place.path)
    yield ClearTextSecret(present=field)
    yield ClientConnection(plaintext=field)


def unmarked(value: Node) -> ClearTextSecret:
    """Of a secret itself: what the program does not mark secret, the state and every preview show."""
    text = value.text(default="")
    return ClearTextSecret(present=text.map(lambda said: bool(said) and not text.secret))


def variables(place: Node, *, marks: bool = True) -> Iterator[Fact]:
    """Of an object from names to values, or of a list of `name` and `value`. marks: as for `setting`."""
    if isinstance(place.raw, list):
        for item in place.items():
            value = item.key("value")
            if not value.missing:
                yield from named(item.key("name").text(default=""), value, marks=marks)
        return
    for name, value in place.entries():
        yield from named(Field(name), value, marks=marks)
    if not place.given.known:
        yield from unknown(place)


def inside(place: Node, name: str = "") -> Iterator[Fact]:
    """Of every text below a place, under the name that it has there."""
    if isinstance(place.raw, dict):
        for key, value in place.entries():
            yield from inside(value, key)
    elif isinstance(place.raw, list):
        for item in place.items():
            yield from inside(item, name)
    elif isinstance(place.raw, str):
        yield from named(Field(name), place)
    elif not place.given.known:
        yield from unknown(place) if not name else named(Field(name), place)


def script(place: Node) -> ClearTextSecret:
    """Of a start script, in the clear or in Base64."""
    return ClearTextSecret(present=place.text(default="").map(_in_script))


def _in_script(text: str) -> bool:
    return any(holds_secret(part) or _ASSIGNED.search(part) for part in (text, decoded(text)))
