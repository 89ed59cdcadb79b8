"""Microsoft.Network: records of private zones."""

from simulator.azure.arm import IN_GROUP, PACKAGE, SDK, row
from simulator.azure.dns import ZONE
from simulator.cloud import Operation
from simulator.rules import rule

RECORD = f"{PACKAGE}:privatedns:PrivateRecordSet"
_IN = f"{IN_GROUP}/providers/Microsoft.Network"
_ZONED = _IN + "/privateDnsZones/{privateZoneName}/{recordType}/{relativeRecordSetName}"
TYPES = (
    row(
        RECORD, _ZONED, 5, within=ZONE, outputs={"etag": "{hex}", "fqdn": "{relativeRecordSetName}.{privateZoneName}."}
    ),
)


@rule(RECORD, "BadRequest", SDK, "check")
def _answers(operation: Operation) -> str | None:
    """A record set has records of its type."""
    kind = str(operation.one("recordType"))
    wanted = f"{kind.lower()}Record" + ("" if kind in ("CNAME", "SOA") else "s")
    return None if wanted in operation.inputs else f"it is of type {kind}, and has no `{wanted}`"


RULES = (_answers,)
