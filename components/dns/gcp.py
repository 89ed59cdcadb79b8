import pulumi
import pulumi_gcp as gcp

from components.dns import Dns, DnsArgs
from components.site import Site

RESTRICTED = [f"199.36.153.{host}" for host in range(4, 8)]
"""restricted.googleapis.com (VPC documentation, Private Google Access)."""

APIS = ("googleapis.com", "gcr.io", "pkg.dev")
"""Domains whose every name leads to the restricted range: APIs and image registries."""


class CloudDns(Dns):
    zone: pulumi.Output[str]
    """Name of the zone of the data plane's own names."""

    def __init__(self, name: str, args: DnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        site, region = args.site, args.site.location.region
        own = self._zone(f"{name}-zone", f"{site.location.stack}.rampart.internal", args)
        ready: list[pulumi.Output[str]] = []
        for domain in APIS:
            key = f"{name}-{domain.replace('.', '-')}"
            zone = self._zone(key, domain, args)
            apex = "restricted.googleapis.com." if domain == "googleapis.com" else f"{domain}."
            ready.append(self._record(f"{key}-address", zone, apex, "A", RESTRICTED, site))
            ready.append(self._record(f"{key}-names", zone, f"*.{domain}.", "CNAME", [apex], site))
        sql = self._zone(f"{name}-postgres", f"{region}.sql.goog", args)
        # Through the records: nodes that cannot find the APIs do not register with their cluster.
        self.domain = pulumi.Output.all(own.dns_name, *ready).apply(lambda values: str(values[0]).rstrip("."))
        self.zones = pulumi.Output.all(postgres=sql.name)
        self.zone = own.name
        self.done()

    def _zone(self, key: str, domain: str, args: DnsArgs) -> gcp.dns.ManagedZone:
        return gcp.dns.ManagedZone(
            key,
            project=args.site.scope,
            dns_name=f"{domain}.",
            visibility="private",
            private_visibility_config=gcp.dns.ManagedZonePrivateVisibilityConfigArgs(
                networks=[
                    gcp.dns.ManagedZonePrivateVisibilityConfigNetworkArgs(network_url=args.network.id),
                ]
            ),
            opts=self.inside,
        )

    def _record(
        self, key: str, zone: gcp.dns.ManagedZone, name: str, kind: str, values: list[str], site: Site
    ) -> pulumi.Output[str]:
        return gcp.dns.RecordSet(
            key,
            project=site.scope,
            managed_zone=zone.name,
            name=name,
            type=kind,
            ttl=300,
            rrdatas=values,
            opts=self.inside,
        ).id


def in_cloud_dns(dns: Dns) -> CloudDns:
    """The names as Google Cloud has them; `TypeError` for another cloud's."""
    if not isinstance(dns, CloudDns):
        raise TypeError(f"{type(dns).__name__} is not in Cloud DNS")
    return dns
