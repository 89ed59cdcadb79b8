"""The rules that follow from a type's row, and ready-made checks for the kinds of rule that recur."""

import functools
import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any

from simulator import values
from simulator.cloud import At, Cloud, Operation, Ref, Refusal, ResourceType, Rule, Source

Check = Callable[[Operation], str | None]
Types = str | tuple[str, ...]


def refuse(operation: Operation, at: At) -> None:
    """Raise the first refusal that the operation earns, if any."""
    for refusal in refusals(operation, at):
        raise refusal


def refusals(operation: Operation, at: At) -> Iterator[Refusal]:
    """Every refusal that the operation earns at one moment."""
    for rule in of_type(operation.cloud, operation.type.token):
        now = rule.at == at or (rule.at == "write" and at in ("create", "update"))
        if now and (refusal := rule.refuse(operation)):
            yield refusal


@functools.cache
def of_cloud(cloud: Cloud) -> tuple[Rule, ...]:
    """All rules of a cloud: those that its rows state, then its own."""
    return (*(rule for row in cloud.types.values() for rule in _of_row(row)), *cloud.rules)


@functools.cache
def of_type(cloud: Cloud, token: str) -> tuple[Rule, ...]:
    """The rules that hold for a resource type."""
    return tuple(rule for rule in of_cloud(cloud) if token in rule.tokens)


def _of_row(row: ResourceType) -> Iterator[Rule]:
    short, name = _short(row.token), row.name
    if name and name.pattern:
        yield matches(row.token, name.property, name.pattern, name.invalid, name.source)
    if name and name.taken:
        says = f"no two have the same `{name.unique or row.id}`"
        says += f", deleted ones included ({row.keeps_name})" if row.keeps_name else ""
        id_, fix = f"{short}-name-taken", "choose another name, or import what exists"
        yield Rule(id_, row.token, says, name.taken, name.source, _taken, "create", name.property, fix)
    for ref in row.refs:
        target = _short(ref.to)
        where = ", in any account" if ref.abroad else "" if ref.anywhere else " of the same region"
        says = f"`{ref.path}` names an existing {target}{where}"
        check, fix = functools.partial(_missing, ref), f"create the {target} first, in the same account"
        yield Rule(f"{short}-{ref.path}", row.token, says, ref.code, ref.source, check, "write", ref.path, fix)
        if ref.blocks:
            says, fix = f"is not deleted while a {short} names it (`{ref.path}`)", "delete that first"
            check = functools.partial(_depended, ref, row.token)
            yield Rule(f"{target}-of-{short}", ref.to, says, ref.blocks, ref.source, check, "delete", "", fix)


def unique_key(operation: Operation) -> str:
    """What no second resource of the operation's type may have."""
    row = operation.type
    return operation.text((row.name and row.name.unique) or row.id or "{id}")


def _taken(operation: Operation) -> str | None:
    holder = operation.store.holder(operation.cloud.package, operation.type.token, unique_key(operation))
    if holder is None:
        return None
    return f"{holder.key!r} " + ("already exists" if holder.alive else f"is still taken: {operation.type.keeps_name}")


def _missing(ref: Ref, operation: Operation) -> str | None:
    where = "" if ref.anywhere or not operation.region else f" in {operation.region}"
    wanted = (v for v in operation.at(ref.path) if not operation.find(ref.to, v, ref.by, ref.anywhere, ref.abroad))
    return next((f"{value!r} (`{ref.path}`) does not exist{where}" for value in wanted), None)


def _depended(ref: Ref, token: str, operation: Operation) -> str | None:
    target = operation.record
    own = {target.get(name) for name in ref.by} if target else set()
    for record in operation.others(token):
        same_place = ref.anywhere or (target and record.region == target.region)
        if same_place and own.intersection(values.at(record.inputs, ref.path)):
            return f"{operation.id!r} is in use by {token.rpartition(':')[2]} {record.id!r}"
    return None


_TWICE = {"aws:elasticache/subnetGroup:SubnetGroup": "CacheSubnetGroup"}


def _short(token: str) -> str:
    """What a type is called in ids and sentences, where it is not alone in its package with the SDK's name for it."""
    return _TWICE.get(token) or token.rpartition(":")[2]


def _id(types: Types, *rest: str) -> str:
    return "-".join([_short(types if isinstance(types, str) else types[0]), *rest])


def rule(
    types: Types, code: str, source: Source, at: At = "write", property_: str = "", fix: str = ""
) -> Callable[[Check], Rule]:
    """Make a rule of its check: the name is the check's, and the docstring is what it says."""

    def made(check: Check) -> Rule:
        name, says = check.__name__.strip("_"), (check.__doc__ or "").rstrip(".")
        return Rule(_id(types, name), types, says[0].lower() + says[1:], code, source, check, at, property_, fix)

    return made


def of_inputs(
    kind: str, types: Types, path: str, wrong: Callable[[Any], bool], says: str, fix: str, code: str, source: Source
) -> Rule:
    """No value at `path` is `wrong`; `says` goes on after the path, and `kind` ends the rule's id."""
    what = "out of range" if kind == "range" else "not valid"

    def check(operation: Operation) -> str | None:
        return next((f"{v!r} (`{path}`) is {what}" for v in operation.at(path) if wrong(v)), None)

    return Rule(_id(types, path, kind), types, f"`{path}` {says}", code, source, check, "check", path, fix)


def matches(types: Types, path: str, pattern: str, code: str, source: Source) -> Rule:
    """Every text at `path` fits the whole pattern."""
    fits, fix = re.compile(pattern).fullmatch, f"it must fit {pattern}"
    return of_inputs("form", types, path, lambda value: not fits(str(value)), f"fits `{pattern}`", fix, code, source)


def between(types: Types, path: str, low: int, high: int, code: str, source: Source) -> Rule:
    """Every number at `path` is from `low` to `high`, both allowed."""
    says, fix = f"is from {low} to {high}", f"use {low} to {high}"
    return of_inputs("range", types, path, lambda value: not low <= value <= high, says, fix, code, source)


def one_of(types: Types, path: str, known: tuple[str, ...], code: str, source: Source) -> Rule:
    """Every value at `path` is one of `known`; for what the SDK types as plain text."""
    says, fix = f"is one of {', '.join(known)}", f"use one of {', '.join(known)}"
    return of_inputs("choice", types, path, lambda value: value not in known, says, fix, code, source)


def unchanged(types: Types, path: str, code: str, source: Source) -> Rule:
    """The cloud refuses an update of this input (where its provider does not plan a replacement)."""

    def check(operation: Operation) -> str | None:
        had = values.at(operation.record.inputs, path) if operation.record else operation.at(path)
        return None if had == operation.at(path) else f"`{path}` cannot be changed"

    says, fix = f"`{path}` is not changed after creation", "replace the resource, or keep the value"
    return Rule(_id(types, path, "fixed"), types, says, code, source, check, "update", path, fix)


def network(text: str) -> ipaddress.IPv4Network | None:
    """An IPv4 block without host bits, or None if the text is none."""
    try:
        return ipaddress.IPv4Network(text)
    except ValueError:
        return None


def outside(ranges: list[str], parents: list[str]) -> str | None:
    """The first of `ranges` that lies in none of `parents`."""
    outer = [block for block in map(network, parents) if block]
    blocks = ((text, network(text)) for text in ranges)
    return next((text for text, block in blocks if block and not any(block.subnet_of(o) for o in outer)), None)


def overlap(ranges: list[str], others: list[str]) -> tuple[str, str] | None:
    """The first pair, one of each, that overlap."""
    pairs = ((text, other, network(text), network(other)) for text in ranges for other in others)
    return next(((text, other) for text, other, a, b in pairs if a and b and a.overlaps(b)), None)


def key_use(types: Types, path: str, denied: Callable[[Operation, str], str | None], code: str, source: Source) -> Rule:
    """The service may use the key named at `path`: `denied(operation, key)` says who lacks what, or None."""

    def check(operation: Operation) -> str | None:
        return next((wrong for key in operation.at(path) if (wrong := denied(operation, key))), None)

    says = f"the key in `{path}` exists, and the service's identity was granted its use"
    return Rule(_id(types, path, "granted"), types, says, code, source, check, "write", path, "grant the key first")
