"""The random provider: real random values, kept where the real one keeps them, in the engine's state only."""

import base64
import secrets
import string
import uuid
from random import SystemRandom
from typing import ClassVar

from simulator.cloud import Cloud, Operation, ResourceType, Scope, Source
from simulator.rules import rule
from simulator.values import Props

_SDK = Source("pulumi-random SDK text", "S")
_CLASSES = {"Lower": string.ascii_lowercase, "Upper": string.ascii_uppercase, "Numeric": string.digits}
_SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
_SHOWN: Props = dict.fromkeys(("lower", "upper", "numeric", "number", "special"), True)
_SHOWN |= {f"min{name}": 0 for name in (*_CLASSES, "Special")}


class _Id(ResourceType):
    def create(self, operation: Operation) -> Props:
        made = secrets.token_bytes(operation.inputs["byteLength"])
        prefix = operation.inputs.get("prefix", "")
        operation.id = base64.urlsafe_b64encode(made).decode().rstrip("=")
        forms = {"b64Url": operation.id, "b64Std": base64.b64encode(made).decode()}
        forms |= {"dec": str(int.from_bytes(made)), "hex": made.hex()}
        return self.describe(operation) | {name: prefix + form for name, form in forms.items()}


class _Text(ResourceType):
    def create(self, operation: Operation) -> Props:
        wanted = {**_SHOWN, **operation.inputs}
        classes = {**_CLASSES, "Special": wanted.get("overrideSpecial") or _SPECIAL}
        allowed = "".join(letters for name, letters in classes.items() if wanted[name.lower()])
        least = [letters for name, letters in classes.items() for _ in range(wanted[f"min{name}"])]
        chosen = [secrets.choice(letters) for letters in least]
        chosen += [secrets.choice(allowed) for _ in range(wanted["length"] - len(chosen))]
        SystemRandom().shuffle(chosen)
        result = "".join(chosen)
        operation.id = "none" if self.token.endswith("Password") else result
        return {**_SHOWN, **self.describe(operation), "result": result}


class _Uuid(ResourceType):
    def create(self, operation: Operation) -> Props:
        operation.id = str(uuid.uuid4())
        return {**self.describe(operation), "result": operation.id}


_KINDS_OF = {"Id": _Id, "Password": _Text, "String": _Text, "Uuid": _Uuid}
_ROWS = [kind(f"random:index/random{name}:Random{name}", 0, replace=("*",)) for name, kind in _KINDS_OF.items()]
_TEXTS = (_ROWS[1].token, _ROWS[2].token)


@rule(_TEXTS, "Invalid Attribute Value", _SDK, "check", "length")
def _length(operation: Operation) -> str | None:
    """`length` is at least 1, and at least the sum of the minima."""
    least = max(1, sum(operation.one(f"min{name}") or 0 for name in (*_CLASSES, "Special")))
    return next((f"length {length} is less than {least}" for length in operation.at("length") if length < least), None)


@rule(_TEXTS, "Invalid Attribute Combination", _SDK, "check", "lower")
def _kinds(operation: Operation) -> str | None:
    """One of `lower`, `upper`, `numeric`, `special` is true."""
    left = any({**_SHOWN, **operation.inputs}[name] for name in ("lower", "upper", "numeric", "special"))
    return None if left else "no kind of character is allowed"


class Random(Cloud):
    """The package `random`; it has no settings."""

    package: ClassVar[str] = "random"
    fixed_settings: ClassVar[tuple[str, ...]] = ()
    keeps_records: ClassVar[bool] = False
    gaps = ("`bcryptHash` of a password; RandomBytes, RandomInteger, RandomPet and RandomShuffle",)
    types = {row.token: row for row in _ROWS}  # noqa: RUF012  (never changed)
    rules = (_length, _kinds)

    def configure(self, settings: Props) -> Scope:
        return Scope(account="")


CLOUD = Random()
