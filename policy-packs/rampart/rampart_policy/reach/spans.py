"""Sets of addresses, and sets of protocols and ports, as intervals on a number line.

One line holds every IPv4 address, then every IPv6 address, then a point for each name that a cloud has for addresses
which nobody can list (a service tag, a security group). Another holds TCP ports, UDP ports, and one point for all other
protocols.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network, summarize_address_range

_V6 = 1 << 40
_NAMES = 1 << 200
_UDP = 1 << 17
_OTHER = 1 << 18
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Spans:
    """A set of whole numbers: intervals, both ends in it, in order and apart from each other."""

    intervals: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[int, int]]) -> "Spans":
        merged: list[tuple[int, int]] = []
        for first, last in sorted(intervals):
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = merged[-1][0], max(last, merged[-1][1])
            else:
                merged.append((first, last))
        return cls(tuple(merged))

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __or__(self, other: "Spans") -> "Spans":
        return Spans.of((*self.intervals, *other.intervals))

    def __and__(self, other: "Spans") -> "Spans":
        return Spans.of(
            (max(a, c), min(b, d)) for a, b in self.intervals for c, d in other.intervals if a <= d and c <= b
        )

    def __sub__(self, other: "Spans") -> "Spans":
        left = list(self.intervals)
        for first, last in other.intervals:
            left = [
                piece
                for a, b in left
                for piece in ((a, min(b, first - 1)), (max(a, last + 1), b))
                if piece[0] <= piece[1]
            ]
        return Spans.of(left)

    def __le__(self, other: "Spans") -> bool:
        return not self - other

    @property
    def size(self) -> int:
        return sum(last - first + 1 for first, last in self.intervals)

    def cut(self, along: Iterable["Spans"]) -> Iterator["Spans"]:
        """The largest parts of this set that lie wholly inside or wholly outside each of the sets `along`."""
        edges = sorted({edge for spans in along for a, b in spans.intervals for edge in (a, b + 1)})
        for first, last in self.intervals:
            inside = [edge for edge in edges if first < edge <= last]
            for a, b in zip([first, *inside], [*(edge - 1 for edge in inside), last], strict=True):
                yield Spans(((a, b),))


def everything(text: str) -> Spans:
    """The addresses of a range in CIDR notation, or one address. Raises ValueError for anything else."""
    network = ip_network(text.strip(), strict=False)
    base = 0 if network.version == 4 else _V6
    return Spans(((base + int(network.network_address), base + int(network.broadcast_address)),))


IPV4, IPV6 = everything("0.0.0.0/0"), everything("::/0")
PRIVATE = Spans()
for _range in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"):
    PRIVATE |= everything(_range)
MULTICAST = everything("224.0.0.0/3")
INTERNET = ((IPV4 - PRIVATE - MULTICAST) - everything("0.0.0.0/8")) | everything("2000::/3")
"""Every address of the internet (IANA IPv4 and IPv6 Special-Purpose Address Registries)."""


NAMED = Spans(((_NAMES, _NAMES + (1 << 20)),))
"""Every name that `Names` can give a point."""

ANYWHERE = IPV4 | IPV6 | NAMED


class Names:
    """Points for names, given in the order in which they are asked for."""

    def __init__(self) -> None:
        self._points: dict[str, int] = {}

    def point(self, name: str) -> Spans:
        at = self._points.setdefault(name, _NAMES + 2 * len(self._points))
        return Spans(((at, at),))

    def every(self) -> Spans:
        return Spans.of((at, at) for at in self._points.values())

    def show(self, spans: Spans) -> list[str]:
        """The addresses in words: names, ranges, `anywhere`."""
        words = [name for name, at in self._points.items() if Spans(((at, at),)) <= spans]
        for label, whole in (("anywhere", INTERNET & IPV4), ("anywhere (IPv6)", INTERNET & IPV6)):
            part = spans & whole
            if part.size * 2 > whole.size:
                words.append(label)
                spans -= whole
        return words + [str(network) for network in _networks(spans)]


def _networks(spans: Spans) -> Iterator[IPv4Network | IPv6Network]:
    for first, last in spans.intervals:
        if last <= IPV4.intervals[0][1]:
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        elif last < _NAMES:
            yield ip_network((first - _V6, 128 - (last - first).bit_length()), strict=False)


def ports(protocol: str, *ranges: tuple[int, int]) -> Spans:
    """What goes by a protocol (`tcp`, `udp`, IANA number, `*`, another) to ports; to all, where none are given."""
    word = protocol.strip().lower()
    ranges = ranges or ((0, _LAST_PORT),)
    tcp = Spans.of(ranges)
    udp = Spans.of((_UDP + first, _UDP + last) for first, last in ranges)
    if word in ("*", "all", "any", "-1", ""):
        return ALL if ranges == ((0, _LAST_PORT),) else tcp | udp
    return {"tcp": tcp, "6": tcp, "udp": udp, "17": udp}.get(word, Spans(((_OTHER, _OTHER),)))


ALL = Spans.of([(0, _LAST_PORT), (_UDP, _UDP + _LAST_PORT), (_OTHER, _OTHER)])
"""Every protocol and port."""


def show_traffic(traffic: Spans) -> str:
    """Protocols and ports in words: `tcp 443`, `tcp 80-90 and udp`, `everything`."""
    if traffic == ALL:
        return "everything"
    words = []
    for name, base in (("tcp", 0), ("udp", _UDP)):
        part = traffic & Spans(((base, base + _LAST_PORT),))
        if part.size == _LAST_PORT + 1:
            words.append(name)
        elif part:
            listed = (f"{a - base}-{b - base}" if b > a else str(a - base) for a, b in part.intervals)
            words.append(f"{name} {','.join(listed)}")
    if traffic & Spans(((_OTHER, _OTHER),)):
        words.append("other protocols")
    return " and ".join(words)
