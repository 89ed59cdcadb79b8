"""A whole stack, and who in it refers to whom; also at preview, when ids are not known yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from rampart_policy.resources import Resource
from rampart_policy.values import UNKNOWN, Field, Secret, Unknown

T = TypeVar("T")

IDENTITIES = (
    "id",
    "arn",
    "name",
    "selfLink",
    "bucket",
    "keyId",
    "allocationId",
    "accountName",
    "clusterIdentifier",
    "serverName",
)
"""Properties by which other resources name a resource."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """That a property was built from a resource: from it alone, or from others of its type too. valued: it has a value,
    which names no resource of the stack.
    """

    resource: Resource
    alone: bool
    valued: bool


@dataclass(frozen=True, slots=True)
class _References:
    """Who refers to whom by one property: by the value, by the program's dependencies, or by nothing one can see."""

    by_value: Mapping[str, Sequence[Resource]]
    by_urn: Mapping[str, Sequence[_Origin]]
    unresolved: Sequence[Resource]


class Stack:
    """The resources of a stack, by type and by reference."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self._names: dict[str, Sequence[str]] = {}
        self._references: dict[tuple[tuple[str, ...], str, str], _References] = {}
        self._made: dict[Callable[[Stack], Any], Any] = {}

    def once(self, make: "Callable[[Stack], T]") -> T:
        """What `make` makes of the stack, made when first asked for."""
        if make not in self._made:
            self._made[make] = make(self)
        found: T = self._made[make]
        return found

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.type, []).append(resource)
        return found

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types (canonical tokens)."""
        for token in types:
            yield from self._by_type.get(token, ())

    def companions(self, of: Resource, by: str, *types: str) -> tuple[list[Resource], list[Resource]]:
        """The resources of `types` whose property `by` names `of`: those that surely do, and those that may.

        At preview a reference is often not known yet. Then what the program built it from decides: a property that
        depends, also by way of others, on `of` and on nothing else of its type, names it. The same goes for a value
        that names nobody, where the provider does not give back ids.
        """
        references = self._index(types, by, of.type)
        certain = {found.urn: found for name in self._identities(of) for found in references.by_value.get(name, ())}
        possible = {found.urn: found for found in references.unresolved}
        has_id = isinstance(of.outputs.key("id").text().value, str)
        for origin in references.by_urn.get(of.urn, ()):
            if not (origin.valued and has_id):
                (certain if origin.alone else possible)[origin.resource.urn] = origin.resource
        return list(certain.values()), [found for urn, found in possible.items() if urn not in certain]

    def has_companion(self, of: Resource, by: str, *types: str) -> Field[bool]:
        """Whether a resource of `types` names `of` by its property `by`."""
        certain, possible = self.companions(of, by, *types)
        kind = types[0].rpartition(":")[2]
        return Field(UNKNOWN if possible and not certain else bool(certain), f"{kind} with this {by}")

    def named(self, by: Resource, place: str, *types: str) -> tuple[list[Resource], list[Resource]]:
        """The resources of `types` that `by` names with its property `place`: those for sure, and those that may be."""
        certain: list[Resource] = []
        possible: list[Resource] = []
        for target in self.of(*types):
            surely, maybe = self.companions(target, place, by.type)
            if any(found.urn == by.urn for found in surely):
                certain.append(target)
            elif any(found.urn == by.urn for found in maybe):
                possible.append(target)
        return certain, possible

    def _identities(self, resource: Resource) -> Sequence[str]:
        """The texts by which others may name a resource."""
        if resource.urn not in self._names:
            places = (resource.properties, resource.outputs)
            found = (place.key(name).raw for place in places for name in IDENTITIES)
            self._names[resource.urn] = tuple(dict.fromkeys(name for name in found if isinstance(name, str)))
        return self._names[resource.urn]

    def _index(self, types: tuple[str, ...], by: str, target: str) -> _References:
        key = (types, by, target)
        if key not in self._references:
            self._references[key] = self._build(types, by, target)
        return self._references[key]

    def _build(self, types: tuple[str, ...], by: str, target: str) -> _References:
        names = {name for resource in self.of(target) for name in self._identities(resource)}
        by_value: dict[str, list[Resource]] = {}
        by_urn: dict[str, list[_Origin]] = {}
        unresolved: list[Resource] = []
        for resource in self.of(*types):
            values, complete = _strings(resource.at(by).raw)
            for value in values:
                by_value.setdefault(value, []).append(resource)
            if complete and (not values or names.intersection(values)):
                continue
            origins = self.origins(resource, by.partition(".")[0], target)
            for urn in origins:
                by_urn.setdefault(urn, []).append(_Origin(resource, len(origins) == 1, complete))
            if not origins and not complete:
                unresolved.append(resource)
        return _References(by_value, by_urn, unresolved)

    def origins(self, resource: Resource, by: str, target: str) -> set[str]:
        """The URNs of the resources of the type `target` that a property's value was built from, directly or by way
        of the property of that name of others.
        """
        found: set[str] = set()
        seen = {resource.urn}
        waiting = list(resource.dependencies.get(by, ()))
        while waiting:
            urn = waiting.pop()
            origin = self.by_urn.get(urn)
            if urn in seen or origin is None:
                continue
            seen.add(urn)
            if origin.type == target:
                found.add(urn)
            else:
                waiting.extend(origin.dependencies.get(by, ()))
        return found


def _strings(raw: Any) -> tuple[list[str], bool]:
    """The strings anywhere in a value, and whether all of it is known."""
    if isinstance(raw, Secret):
        return _strings(raw.value)
    if isinstance(raw, Unknown):
        return [], False
    if isinstance(raw, str):
        return [raw], True
    inner = raw.values() if isinstance(raw, dict) else raw if isinstance(raw, list) else ()
    parts = [_strings(item) for item in inner]
    return [text for texts, _ in parts for text in texts], all(complete for _, complete in parts)
