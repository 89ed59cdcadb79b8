"""Secrets in the clear: in a container's environment and command, in a ConfigMap, a Secret that is not marked."""

from collections.abc import Iterator

from rampart_policy.facts import ClearTextSecret, ExportedKey, Fact, SecretEnvironment, SecretMarking
from rampart_policy.readers import plaintext, secrets
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.readers.secret_words import (
    called_secret,
    decoded,
    holds_secret,
    is_literal,
    is_secret,
    may_hold_secret,
)
from rampart_policy.values import UNKNOWN, Field, Node, Secret, Unknown

SHOWN = "a text that is or holds a secret"
TOKEN = "kubernetes.io/service-account-token"  # noqa: S105 - a type of Secret


def of_container(container: Node) -> Iterator[Fact]:
    for variable in container.key("env").items():
        yield from _variable(variable)
    for key in ("command", "args"):
        yield from _command(container.key(key))
    for handler in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop"):
        place = container.at(handler)
        yield from _command(place.at("exec.command"))
        for header in place.at("httpGet.httpHeaders").items():
            yield from _variable(header)
    for source in container.key("envFrom").items():
        yield SecretEnvironment(whole=source.key("secretRef").given)


def _variable(variable: Node) -> Iterator[Fact]:
    """A name with a value; with a ConfigMap's value, the name alone says what it is."""
    name, value = variable.key("name").text(default=""), variable.key("value")
    if isinstance(variable.raw, Unknown):
        yield from secrets.unknown(variable)
        return
    known = name.value if isinstance(name.value, str) else ""
    configured = variable.at("valueFrom.configMapKeyRef")
    if isinstance(configured.raw, Unknown) and called_secret(known):
        yield ClearTextSecret(present=Field(configured.raw, configured.path))
    if isinstance(configured.raw, dict):
        source = f"{known} from a ConfigMap"
        yield ClearTextSecret(present=Field(called_secret(known), configured.path, source=source))
    elif not value.missing:
        judged = _judged(variable, "value", known)
        hidden = not name.known and judged.present.value is False
        yield ClearTextSecret(present=Field(UNKNOWN, name.path)) if hidden else judged
        yield plaintext.connection(name, value)


def _judged(parent: Node, key: str, name: str) -> ClearTextSecret:
    """One text under a name. What the program marks secret is one; what is not known may be, if it is called so."""
    place = parent.key(key)
    if isinstance(parent.raw, dict) and isinstance(parent.raw.get(key), Secret):
        return ClearTextSecret(present=Field(True, place.path, source="a value that the program marks secret"))
    text = place.text(default="").value
    if isinstance(text, Unknown):
        return ClearTextSecret(present=Field(UNKNOWN if may_hold_secret(name) else False, place.path))
    return ClearTextSecret(present=Field(is_secret(name, text), place.path, source=SHOWN))


def _command(words: Node) -> Iterator[Fact]:
    """The words of a command: each by itself, and an option with the word after it."""
    option = ""
    if isinstance(words.raw, Unknown):
        yield from secrets.unknown(words)
        return
    for position, word in enumerate(words.items()):
        marked = isinstance(words.raw, list) and isinstance(words.raw[position], Secret)
        text = word.text(default="").value
        if marked:
            yield ClearTextSecret(present=Field(True, word.path, source="a value that the program marks secret"))
        elif isinstance(text, str):
            given = bool(option) and not text.startswith("-") and is_literal(option, text)
            yield ClearTextSecret(present=Field(given or holds_secret(text), word.path, source=SHOWN))
            yield plaintext.connection(Field(""), word)
        elif option:
            yield ClearTextSecret(present=Field(UNKNOWN, word.path))
        option = text if isinstance(text, str) and text.startswith("-") and called_secret(text) else ""


@manifest("core:ConfigMap")
def config_map(made: Manifest) -> Iterator[Fact]:
    data = made.at("data")
    annotations = made.at("metadata.annotations")
    for name, _ in annotations.entries():
        yield _judged(annotations, name, name)
    for part in (data, made.at("binaryData")):
        if isinstance(part.raw, Unknown):
            yield from secrets.unknown(part)
    for key, value in data.entries():
        yield _judged(data, key, key)
        yield plaintext.connection(Field(key), value)
    for _, place in made.at("binaryData").entries():
        text = place.text(default="")
        yield ClearTextSecret(present=Field(text.map(decoded).map(holds_secret).value, place.path, source=SHOWN))


@manifest("core:Secret")
def secret(made: Manifest) -> Iterator[SecretMarking | ExportedKey]:
    for name in ("data", "stringData"):
        part = made.at(name)
        if isinstance(part.raw, Unknown) and not part.secret:
            yield SecretMarking(marked=Field(UNKNOWN, name))
        for _, place in part.entries():
            if not place.missing and place.raw != "":
                known = place.secret or not isinstance(place.raw, Unknown)
                marked = place.secret if known else UNKNOWN
                yield SecretMarking(marked=Field(marked, place.path, source="a text that is not marked secret"))
    kind = made.at("type").text(default="Opaque")
    yield ExportedKey(exported=kind.map(lambda text: text == TOKEN))
