"""Facts about what a cluster's services are reached by, and where they lead."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class ServiceExposure(Fact):
    """Whether a service or an ingress gets a load balancer with a public address."""

    public: Field[bool]


@fact
class NodePort(Fact):
    """Whether a service takes a port of every node."""

    taken: Field[bool]


@fact
class ExternalAddress(Fact):
    """An address outside the cluster's own that a service answers on."""

    address: Field[str]


@fact
class ExternalBackend(Fact):
    """Where a service sends its clients, outside the cluster. private: the name or address is not the internet's."""

    private: Field[bool]


@fact
class PolicyPeer(Fact):
    """A peer that a network policy names by labels. everything: any pod of any namespace."""

    everything: Field[bool]
