"""Facts about logs: whether there are any, of all there is, and for how long."""

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@fact
class FlowLogging(Fact):
    """A log of a network's flows. complete: it is on, and records every flow that there is."""

    complete: Field[bool]


@fact
class NetworkFlows(StackFact):
    """Whether a network's flows are logged at all."""

    logged: Field[bool]


@fact
class LogRetention(Fact):
    """How many days a log is kept; infinite if it is never deleted."""

    days: Field[float]


@fact
class LogExpiry(StackFact):
    """After how many days a rule of the store that a log is written to deletes it."""

    days: Field[float]


@fact
class AuditLog(Fact):
    """A record of who did what. complete: it is on, and leaves out no one and nothing."""

    complete: Field[bool]


@fact
class ThreatDetection(Fact):
    """Whether the cloud's own watch over a service, or an account, is on."""

    enabled: Field[bool]
