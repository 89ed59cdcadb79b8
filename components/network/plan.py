"""How a region's /16 is divided. The same on every cloud and never changed: a range that moves is a subnet replaced."""

from enum import StrEnum
from ipaddress import IPv4Network

PRIVATE = tuple(IPv4Network(cidr) for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
"""What the addresses of networks are from (RFC 1918)."""


class Range(StrEnum):
    """A part of the region's /16, named after what stands in it."""

    WORKLOADS = "workloads"
    PODS = "pods"
    SERVICES = "services"
    ENDPOINTS = "endpoints"
    EGRESS = "egress"
    INGEST = "ingest"
    DATABASES = "databases"
    CONTROL = "control"


_PLAN = {
    # range: offset in the /16 in addresses, prefix length
    Range.WORKLOADS: (0 << 8, 18),
    Range.PODS: (64 << 8, 18),
    Range.SERVICES: (128 << 8, 20),
    Range.ENDPOINTS: (144 << 8, 20),
    Range.EGRESS: (160 << 8, 20),
    Range.INGEST: (176 << 8, 20),
    Range.DATABASES: (192 << 8, 20),
    Range.CONTROL: (208 << 8, 24),
}


def part(cidr: IPv4Network, name: Range) -> IPv4Network:
    """The range that stands under `name` in the region's `cidr`, a /16; `ValueError` for another size."""
    if cidr.prefixlen != 16:
        raise ValueError(f"{cidr}: a region's network is a /16, because the plan of its ranges is fixed")
    offset, length = _PLAN[name]
    return IPv4Network((int(cidr.network_address) + offset, length))


def zonal(cidr: IPv4Network, name: Range, zone: int) -> IPv4Network:
    """The quarter of a range that the zone at position `zone` (0 to 3) has, for clouds whose subnets lie in a zone."""
    return list(part(cidr, name).subnets(prefixlen_diff=2))[zone]
