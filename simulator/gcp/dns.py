"""Cloud DNS: zones, private ones for named networks, and their records."""

from simulator.cloud import Name, Operation, Ref
from simulator.gcp.network import FORMS, NETWORK
from simulator.gcp.resource import FACTS, MET, SDK, Adopted, GcpType, never, row, tokens
from simulator.rules import matches
from simulator.state import Record
from simulator.values import Props

ZONE, RECORD = tokens("dns", "ManagedZone", "RecordSet")
_INVALID, _VISIBLE = "400 invalid", "privateVisibilityConfig"
_DOMAIN = r"([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)+"
_SEEN = Ref(f"{_VISIBLE}.networks.networkUrl", NETWORK, "404 notFound", MET, by=FORMS, anywhere=True)
_IN = Ref("managedZone", ZONE, "404 notFound", SDK, by=("name", "id"), anywhere=True)
_ZONE: Props = {
    "name": Name("name", MET, "[a-z]([-a-z0-9]*[a-z0-9])?", _INVALID, taken="409 alreadyExists"),
    "refs": (_SEEN,),
    "outputs": {"managedZoneId": "{number}", "nameServers": ["ns-gcp-private.googledomains.com."]},
    "defaults": {"description": "Managed by Pulumi", "forceDestroy": False, "visibility": "public"},
}
_SET = "projects/{account}/managedZones/{managedZone}/rrsets/{name}/{type}"


def _records(operation: Operation, zone: Record | None) -> list[Record]:
    own = (zone.id, zone.get("name")) if zone else ()
    return [record for record in operation.others(RECORD) if record.get("managedZone") in own]


class _Zone(GcpType):
    def delete(self, operation: Operation) -> None:
        """Take its records with it: only `forceDestroy` lets a zone that has some come this far."""
        for record in _records(operation, operation.record):
            operation.store.remove(record)


TYPES = (
    row(ZONE, 5, "projects/{account}/managedZones/{name}", "project dnsName visibility", _Zone, **_ZONE),
    row(RECORD, 5, _SET, "project", Adopted, refs=(_IN,)),
)


def _unseen(operation: Operation) -> bool:
    seen = operation.inputs.get(_VISIBLE) or {}
    return operation.one("visibility") == "private" and not (seen.get("networks") or seen.get("gkeClusters"))


def _outside(operation: Operation) -> bool:
    zone = operation.find(ZONE, operation.one("managedZone"), _IN.by)
    return zone is not None and not f".{operation.one('name')}".endswith(f".{zone.get('dnsName')}")


def _beside(operation: Operation) -> bool:
    zone, name = operation.find(ZONE, operation.one("managedZone"), _IN.by), operation.one("name")
    kinds = {record.get("type") for record in _records(operation, zone) if record.get("name") == name}
    kinds |= {operation.one("type"), *(["SOA"] if zone and zone.get("dnsName") == name else [])}
    return "CNAME" in kinds and len(kinds) > 1


def _held(operation: Operation) -> bool:
    return not operation.one("forceDestroy") and bool(_records(operation, operation.record))


_ALONE = "a CNAME is the only record of its name, and never of the zone's own, which has SOA and NS"
_FULL = "a zone with records is not deleted without it"
RULES = (
    matches(ZONE, "dnsName", _DOMAIN, _INVALID, SDK),
    matches(RECORD, "name", rf"(\*\.)?{_DOMAIN}", _INVALID, FACTS),
    *never(ZONE, _INVALID, SDK, (_VISIBLE, "a private zone is for at least one network or cluster", _unseen, "write")),
    *never(ZONE, "400 containerNotEmpty", SDK, ("forceDestroy", _FULL, _held, "delete")),
    *never(RECORD, _INVALID, FACTS, ("name", "the name ends in the zone's `dnsName`", _outside, "write")),
    *never(RECORD, _INVALID, MET, ("type", _ALONE, _beside, "write")),
)
