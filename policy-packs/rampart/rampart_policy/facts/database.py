"""Facts about databases: who logs in, and what brings their data back."""

from rampart_policy.facts.base import Fact, StackFact, fact
from rampart_policy.values import Field


@fact
class IdentityLogin(Fact):
    """Whether a database takes the cloud's identities, with tokens that expire."""

    enabled: Field[bool]


@fact
class DeclaredPassword(Fact):
    """Whether the program says a database's password, and the state therefore keeps it."""

    declared: Field[bool]


@fact
class DataApi(Fact):
    """Whether a database answers SQL over an API of the cloud, past its network."""

    enabled: Field[bool]


@fact
class Backups(Fact):
    """How far back a database can be brought. kept: days that a backup is kept, 0 if none is made.

    any_moment: days back to which any moment, not only a backup's, can be restored.
    """

    kept: Field[float]
    any_moment: Field[float]


@fact
class ZoneRedundancy(Fact):
    """Whether a database has a standby in another zone."""

    enabled: Field[bool]


@fact
class ClusterStandby(StackFact):
    """Whether a cluster of servers has a second one to fail over to. servers: how many the program declares."""

    servers: Field[float]


@fact
class ServerTransport(StackFact):
    """How clients may speak to a server whose settings are another resource. minimum: the oldest TLS version (1.2)."""

    refuses_plaintext: Field[bool]
    minimum: Field[float]


@fact
class ServerPort(StackFact):
    """One rule of a firewall before a database. own: it admits the database's port, and no other."""

    own: Field[bool]
