"""What a network is made of, in words that hold on every cloud, and the paths that follow from it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from rampart_policy.reach.spans import ALL, INTERNET, Names, Spans, show_traffic


class Kind(StrEnum):
    """What a place is."""

    INTERNET = "internet"
    SUBNET = "subnet"
    STORE = "store"
    PEER = "peer"
    SERVICE = "service"
    GROUP = "group"


class Hop(StrEnum):
    """Where a route leads."""

    LOCAL = "local"
    INTERNET = "internet"
    NAT = "nat"
    PEER = "peer"
    SERVICE = "service"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Route:
    """target: addresses it is for. The smallest set that holds an address wins, then the lowest priority."""

    urn: str
    target: Spans
    hop: Hop
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a filter. Among rules of one priority what allows wins: that errs towards a path."""

    urn: str
    allows: bool
    source: Spans
    target: Spans
    traffic: Spans
    priority: int = 0


@dataclass(frozen=True)
class Filter:
    """Rules in the order in which they decide, and what happens to traffic that none of them speaks of."""

    rules: tuple[Rule, ...]
    default: bool

    @cached_property
    def ordered(self) -> Sequence[Rule]:
        return sorted(self.rules, key=lambda rule: (rule.priority, not rule.allows))

    def lets(self, source: Spans, target: Spans) -> tuple[Spans, list[str]]:
        """The traffic that passes between two sets that no rule divides, and the rules that let it."""
        left, passed, by = ALL, Spans(), []
        for rule in self.ordered:
            if not (source <= rule.source and target <= rule.target):
                continue
            hit = left & rule.traffic
            if hit and rule.allows:
                passed |= hit
                by.append(rule.urn)
            left -= hit
        return (passed | left, by) if self.default else (passed, by)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where traffic starts or ends.

    spans: its addresses. out, into: filters that traffic must pass, all of them. routes: where it can send to; none,
    where it only takes in. addressed: what stands in it may have a public address. listens: what it takes in.
    """

    name: str
    kind: Kind
    urn: str = ""
    spans: Spans
    out: tuple[Filter, ...] = ()
    into: tuple[Filter, ...] = ()
    routes: tuple[Route, ...] = ()
    addressed: bool = False
    listens: Spans = ALL

    def route(self, target: Spans) -> Route | None:
        fits = [route for route in self.routes if target <= route.target]
        return min(fits, key=lambda route: (route.target.size, route.priority), default=None)


@dataclass(frozen=True, slots=True)
class Path:
    """Traffic that gets from one place to another. to: where exactly, for the internet. via: URNs of what lets it.

    No traffic: whatever it is that the target listens for.
    """

    source: str
    target: str
    traffic: Spans
    to: tuple[str, ...] = ()
    via: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"{self.target} ({', '.join(self.to[:4])})" if self.to else self.target
        through = ", ".join(dict.fromkeys(urn.rpartition("::")[2] for urn in self.via))
        what = show_traffic(self.traffic) or "what it listens for"
        return f"{self.source} -> {where}: {what}" + (f", through {through}" if through else "")


@dataclass
class Topology:
    """A stack's networks.

    direct: paths that need no network, as a listener of a service on the internet is. incomplete: something that
    matters is not known yet. members_decide: between its own subnets, only what stands in them filters.
    """

    places: list[Place] = field(default_factory=list)
    names: Names = field(default_factory=Names)
    direct: list[Path] = field(default_factory=list)
    incomplete: bool = False
    members_decide: bool = False

    def paths(self) -> list[Path]:
        """Every path between two places, in a fixed order."""
        outside = Place(name="internet", kind=Kind.INTERNET, spans=INTERNET | self._outside_names())
        everywhere = [outside, *self.places]
        found = [path for source in everywhere for target in everywhere for path in self._between(source, target)]
        return sorted([*self.direct, *found], key=str)

    def _outside_names(self) -> Spans:
        inside = Spans()
        for place in self.places:
            inside |= place.spans
        return self.names.every() - inside

    def _between(self, source: Place, target: Place) -> Iterator[Path]:
        if source is target or not self._worth(source, target):
            return
        traffic, reached, via = Spans(), Spans(), []
        for a, b in _pieces(source, target):
            route = _way(source, target, a, b)
            if route is None:
                continue
            passed, by = target.listens, [route.urn] if route.urn else []
            for filter_ in (*source.out, *target.into):
                let, rules = filter_.lets(a, b)
                passed &= let
                by += rules
            if passed:
                traffic, reached = traffic | passed, reached | b
                via += by
        if traffic:
            to = tuple(self.names.show(reached)) if target.kind is Kind.INTERNET else ()
            yield Path(source.name, target.name, traffic, to, tuple(dict.fromkeys([*via, *_own(target)])))

    def _worth(self, source: Place, target: Place) -> bool:
        """A store starts nothing, nobody is asked what others can reach, and subnets may have nothing to say."""
        if source.kind in (Kind.STORE, Kind.SERVICE) or target.kind in (Kind.PEER, Kind.GROUP):
            return False
        outsiders = (Kind.INTERNET, Kind.PEER)
        if source.kind in outsiders and target.kind in (*outsiders, Kind.SERVICE):
            return False
        return not (self.members_decide and {source.kind, target.kind} <= {Kind.SUBNET, Kind.GROUP})


def _own(target: Place) -> Iterable[str]:
    return [target.urn] if target.urn and target.kind is Kind.STORE else []


def _pieces(source: Place, target: Place) -> Iterator[tuple[Spans, Spans]]:
    """The sources and targets, cut so that no rule and no route divides a piece."""
    rules = [rule for filter_ in (*source.out, *target.into) for rule in filter_.rules]
    routes = [route.target for route in (*source.routes, *target.routes)]
    sources = list(source.spans.cut([*(rule.source for rule in rules), *(route.target for route in target.routes)]))
    for b in target.spans.cut([*(rule.target for rule in rules), *routes]):
        for a in sources:
            yield a, b


def _way(source: Place, target: Place, a: Spans, b: Spans) -> Route | None:
    """The route by which it gets there; the way back counts for who comes from outside."""
    if source.kind is Kind.INTERNET:
        back = target.route(a) if target.addressed else None
        return back if back and back.hop is Hop.INTERNET else None
    if source.kind is Kind.PEER:
        back = target.route(a) if target.routes else None
        return back if back and back.hop is Hop.PEER else None
    if source.kind is Kind.GROUP:
        return Route("", b, Hop.LOCAL)
    route = source.route(b)
    if route is None or route.hop is Hop.DROP:
        return None
    fitting = {Kind.INTERNET: (Hop.NAT, Hop.INTERNET), Kind.SERVICE: (Hop.SERVICE,)}
    return route if route.hop in fitting.get(target.kind, (Hop.LOCAL,)) else None
