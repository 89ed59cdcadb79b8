"""Where Azure's managed services listen: the two properties that nearly all of them share."""

from rampart_policy.facts import ServiceEndpoint
from rampart_policy.readers.table import Aspect
from rampart_policy.values import Field, Node

CLOSED = frozenset({"disabled", "securedbyperimeter"})
"""Values of `publicNetworkAccess` that close the public endpoint, to all or to all but a perimeter."""


def endpoint(place: Node, acl: Node) -> ServiceEndpoint:
    """A service that says nothing listens in public, and its firewall, if it says nothing, lets everyone in.

    place: holds `publicNetworkAccess`. acl: the firewall, with `defaultAction`.
    """
    public = place.key("publicNetworkAccess").text(default="Enabled").map(lambda access: access.lower() not in CLOSED)
    action = acl.key("defaultAction").text(default="Allow")
    return ServiceEndpoint(public=public, admits=action.map(lambda name: name.lower() != "deny"))


def listens(path: str = "publicNetworkAccess", acl: str = "", default: str = "Enabled") -> Aspect:
    """The public endpoint of a service, as an aspect. acl: where its firewall stands, if it has one."""

    def aspect(place: Node) -> tuple[ServiceEndpoint]:
        public = place.at(path).text(default=default).map(lambda access: access.strip().lower() not in CLOSED)
        admits = place.at(acl).key("defaultAction").text(default="Allow").map(lambda name: name.lower() != "deny")
        return (ServiceEndpoint(public=public, admits=admits if acl else Field(False)),)

    return aspect
