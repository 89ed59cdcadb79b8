"""DNS: the data plane's own private names, and the private ways to the cloud's APIs."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.network import Network
from components.site import Site


@dataclass(frozen=True, kw_only=True)
class DnsArgs:
    """network: whose names these are; nothing outside it resolves them."""

    site: Site
    network: Network


class Dns(Capability, token="rampart:dns:Dns"):
    """Private zones, and the endpoints through which what runs inside reaches the cloud's APIs with no way out.

    - AWS: interface endpoints, which bring hidden zones of their own, for the APIs in use; S3 through the network's
      gateway endpoint.
    - Google Cloud: the names of all Google APIs, of the registries and of Cloud SQL lead to the restricted API range
      or to private addresses; Memorystore has addresses and no names.
    - Azure: one zone per service, which the private endpoint of each store writes its name into.
    """

    domain: pulumi.Output[str]
    """The domain of the data plane's own names: `<stack>.rampart.internal`; known once the APIs are reached."""

    zones: pulumi.Output[dict[str, str]]
    """The cloud's zones that stores write into, by service (`blob`, `postgres`, ...); empty where there are none."""
