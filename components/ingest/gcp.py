from ipaddress import IPv4Network
from typing import Any

import pulumi
import pulumi_gcp as gcp

from components.dns.gcp import in_cloud_dns
from components.ingest import HOST, PORT, Ingest, IngestArgs, quarter, trust
from components.network import ENTRANCE_PORT

CONNECTIONS = 10
"""How many endpoints a consumer may have: a number is required, and counts forwarding rules (ServiceAttachment)."""


class PublishedService(Ingest):
    def __init__(self, name: str, args: IngestArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._place: dict[str, Any] = {"project": args.site.scope, "region": args.site.location.region}
        front = self._subnet(name, "front", 0, args, private_ip_google_access=True, log_config=_LOGGED)
        # A region and network has one for all its proxies.
        proxies = self._subnet(name, "proxies", 1, args, purpose="REGIONAL_MANAGED_PROXY", role="ACTIVE")
        consumers = self._subnet(name, "consumers", 2, args, purpose="PRIVATE_SERVICE_CONNECT", log_config=_LOGGED)
        targets, rule = self._balancer(name, args, front, proxies)
        service = gcp.compute.ServiceAttachment(
            f"{name}-service",
            description="The entry points, for named consumers",
            target_service=rule.self_link,
            nat_subnets=[consumers],
            connection_preference="ACCEPT_MANUAL",
            consumer_accept_lists=[
                gcp.compute.ServiceAttachmentConsumerAcceptListArgs(
                    project_id_or_num=project, connection_limit=CONNECTIONS
                )
                for project in args.consumers
            ],
            # Otherwise who is taken off the list stays connected.
            reconcile_connections=True,
            # None of a consumer's hubs hands the endpoint on. Zero is the default's word, unless it is sent.
            propagated_connection_limit=0,
            send_propagated_connection_limit_if_zero=True,
            enable_proxy_protocol=False,
            opts=self.inside,
            **self._place,
        )
        record = gcp.dns.RecordSet(
            f"{name}-name",
            project=args.site.scope,
            managed_zone=in_cloud_dns(args.dns).zone,
            name=args.dns.domain.apply(lambda domain: f"{HOST}.{domain}."),
            type="A",
            ttl=300,
            rrdatas=[rule.ip_address],
            opts=self.inside,
        )
        self.name = record.name.apply(lambda name: name.rstrip("."))
        self.service = service.self_link
        self.target = pulumi.Output.all(kind="backend-service", id=targets.id, port=str(ENTRANCE_PORT))
        self.annotations = pulumi.Output.from_input(dict[str, str]())
        self.consumer_needs = pulumi.Output.all(service.self_link, self.name, args.site.location.region).apply(_needs)
        self.done()

    def _subnet(self, name: str, key: str, position: int, args: IngestArgs, **more: Any) -> pulumi.Output[str]:
        return gcp.compute.Subnetwork(
            f"{name}-{key}",
            network=args.network.id,
            ip_cidr_range=args.network.cidr.apply(lambda cidr: str(quarter(IPv4Network(cidr), position))),
            opts=self.inside,
            **more,
            **self._place,
        ).id

    def _balancer(
        self, name: str, args: IngestArgs, front: pulumi.Output[str], proxies: pulumi.Output[str]
    ) -> tuple[gcp.compute.RegionBackendService, gcp.compute.ForwardingRule]:
        """The regional internal proxy load balancer: its back ends, and its front."""
        health = gcp.compute.RegionHealthCheck(
            f"{name}-health",
            tcp_health_check=gcp.compute.RegionHealthCheckTcpHealthCheckArgs(port_specification="USE_SERVING_PORT"),
            opts=self.inside,
            **self._place,
        )
        targets = gcp.compute.RegionBackendService(
            f"{name}-targets",
            load_balancing_scheme="INTERNAL_MANAGED",
            protocol="TCP",
            health_checks=health.id,
            log_config=gcp.compute.RegionBackendServiceLogConfigArgs(enable=True, sample_rate=1.0),
            # What stands behind it is put there from inside the cluster.
            opts=self.inside.merge(pulumi.ResourceOptions(ignore_changes=["backends"])),
            **self._place,
        )
        proxy = gcp.compute.RegionTargetTcpProxy(
            f"{name}-proxy", backend_service=targets.id, opts=self.inside, **self._place
        )
        rule = gcp.compute.ForwardingRule(
            f"{name}-front-door",
            load_balancing_scheme="INTERNAL_MANAGED",
            ip_protocol="TCP",
            port_range=str(PORT),
            # Through the proxies' subnet: without one a rule of this kind is refused.
            target=pulumi.Output.all(proxy.id, proxies).apply(lambda made: str(made[0])),
            network=args.network.id,
            subnetwork=front,
            opts=self.inside,
            **self._place,
        )
        return targets, rule


_LOGGED = gcp.compute.SubnetworkLogConfigArgs(
    aggregation_interval="INTERVAL_1_MIN", flow_sampling=1.0, metadata="INCLUDE_ALL_METADATA"
)


def _needs(known: list[str]) -> list[str]:
    service, name, region = known
    return [
        "Keep an address for the endpoint, in another network than the data plane's: gcloud compute addresses create "
        f"rampart --region {region} --subnet <subnet>",
        "Make the endpoint: gcloud compute forwarding-rules create rampart --load-balancing-scheme '' "
        f"--region {region} --network <network> --address rampart --target-service-attachment {service}. Clients of "
        "other regions reach it with --allow-psc-global-access.",
        f"Let clients out to the address, TCP {PORT}.",
        f"Make a private zone {name}. for that network, with an A record at its top: the address.",
        trust(name),
    ]
