"""Cases of logs, DNS zones and private endpoints."""

from typing import Any

from rampart_policy.testing import UNKNOWN, Declared, passes, resource, undecided, violates

AWS_FLOW_LOG, AZURE_FLOW_LOG = "aws:ec2/flowLog:FlowLog", "azure-native:network:FlowLog"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig"
SUBNETWORK = "gcp:compute/subnetwork:Subnetwork"
VPC = resource("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}, outputs={"id": "vpc-1"}, name="vpc")
VNET = resource("azure-native:network:VirtualNetwork", {}, outputs={"id": "/vnet"}, name="vnet")
ACCOUNT = resource("azure-native:storage:StorageAccount", {}, outputs={"id": "/account"}, name="account")
ENDPOINT = "azure-native:network:PrivateEndpoint"


def aws_flow_log(vpc: Any, *depends: Declared, **properties: Any) -> Declared:
    return resource(AWS_FLOW_LOG, {"vpcId": vpc, **properties}, depends={"vpcId": depends}, name="flows")


def azure_flow_log(*depends: Declared, **properties: Any) -> Declared:
    declared = {"targetResourceId": UNKNOWN, "enabled": True, **properties}
    return resource(AZURE_FLOW_LOG, declared, depends={"targetResourceId": depends}, name="flows")


def subnetwork(**properties: Any) -> Declared:
    return resource(SUBNETWORK, properties)


def retention(**policy: Any) -> Declared:
    return resource(AZURE_FLOW_LOG, {"enabled": True, "retentionPolicy": policy})


def archive(days: Any, enabled: Any = True, writes: bool = True) -> tuple[Declared, ...]:
    """A storage account that a flow log is written to, with a lifecycle rule."""
    delete = {"baseBlob": {"delete": {"daysAfterModificationGreaterThan": days}}}
    rule = {"name": "expire", "enabled": enabled, "definition": {"actions": delete}}
    policy = resource(
        "azure-native:storage:ManagementPolicy",
        {"accountName": UNKNOWN, "policy": {"rules": [rule]}},
        depends={"accountName": ACCOUNT},
        name="expiry",
    )
    log = resource(AZURE_FLOW_LOG, {"storageId": UNKNOWN}, depends={"storageId": ACCOUNT}, name="flows")
    return (ACCOUNT, policy, log) if writes else (ACCOUNT, policy)


def endpoint(**properties: Any) -> Declared:
    connection = {"privateLinkServiceId": "/store", "groupIds": ["blob"], **properties}
    return resource(ENDPOINT, {"privateLinkServiceConnections": [connection]}, outputs={"name": "pe"}, name="pe")


def zone_group(*depends: Declared) -> Declared:
    token = "azure-native:network:PrivateDnsZoneGroup"
    return resource(token, {"privateEndpointName": UNKNOWN}, depends={"privateEndpointName": depends}, name="names")


FLOWS, COMPLETE, KEPT = "network-logs-its-flows", "flow-log-is-complete", "logs-kept-365-days"
EXPIRES, NAMES, ZONE = "log-store-expires-after-365-days", "private-endpoint-has-names", "no-public-zone"
KEYED, VERSIONED = "store-uses-customer-key", "bucket-has-versioning"
ADDRESS = "no-public-address"
RULE = "gcp:compute/forwardingRule:ForwardingRule"
ROUTE_53, CLOUD_DNS = "aws:route53/zone:Zone", "gcp:dns/managedZone:ManagedZone"

CASES = [
    violates(FLOWS, VPC, at="FlowLog with this vpcId"),
    violates(FLOWS, VPC, aws_flow_log("vpc-2"), at="FlowLog"),
    violates(FLOWS, VNET, at="FlowLog with this targetResourceId"),
    violates(FLOWS, subnetwork(), at="logConfig"),
    passes(FLOWS, VPC, aws_flow_log(UNKNOWN, VPC)),
    passes(FLOWS, VNET, azure_flow_log(VNET)),
    passes(FLOWS, subnetwork(logConfig={"flowSampling": 1})),
    passes(FLOWS, subnetwork(purpose="REGIONAL_MANAGED_PROXY")),
    undecided(FLOWS, VPC, aws_flow_log(UNKNOWN)),
    undecided(FLOWS, subnetwork(logConfig=UNKNOWN)),
    violates(COMPLETE, aws_flow_log("vpc-1", trafficType="REJECT"), at="trafficType"),
    violates(COMPLETE, azure_flow_log(enabled=False), at="enabled"),
    violates(COMPLETE, subnetwork(logConfig={"aggregationInterval": "INTERVAL_1_MIN"}), at="logConfig.flowSampling"),
    passes(COMPLETE, aws_flow_log("vpc-1", trafficType="ALL")),
    passes(COMPLETE, subnetwork(logConfig={"flowSampling": 1.0})),
    undecided(COMPLETE, aws_flow_log("vpc-1", trafficType=UNKNOWN)),
    violates(KEPT, resource(LOG_GROUP, {"retentionInDays": 90}), at="retentionInDays"),
    violates(KEPT, resource(LOG_BUCKET), at="retentionDays is 30"),
    violates(KEPT, retention(enabled=True, days=90), at="retentionPolicy.days"),
    passes(KEPT, resource(LOG_GROUP)),
    passes(KEPT, resource(LOG_BUCKET, {"retentionDays": 365})),
    passes(KEPT, retention(enabled=True, days=0)),
    passes(KEPT, retention(enabled=False, days=7)),
    undecided(KEPT, resource(LOG_GROUP, {"retentionInDays": UNKNOWN})),
    undecided(KEPT, retention(enabled=UNKNOWN, days=7)),
    violates(EXPIRES, *archive(30), at="expiry.policy.rules[0].definition.actions.baseBlob"),
    passes(EXPIRES, *archive(365)),
    passes(EXPIRES, *archive(30, enabled=False)),
    passes(EXPIRES, *archive(30, writes=False)),
    undecided(EXPIRES, *archive(UNKNOWN)),
    violates(KEYED, resource(LOG_GROUP), at="kmsKeyId"),
    violates(KEYED, resource(LOG_BUCKET), at="cmekSettings.kmsKeyName"),
    passes(KEYED, resource(LOG_GROUP), plan="managed"),
    passes(KEYED, resource(LOG_BUCKET, {"cmekSettings": {"kmsKeyName": "k"}})),
    undecided(KEYED, resource(LOG_GROUP, {"kmsKeyId": UNKNOWN})),
    passes(VERSIONED, *archive(365)),
    violates(VERSIONED, *archive(365, writes=False), at="BlobServiceProperties"),
    violates(NAMES, endpoint(), at="PrivateDnsZoneGroup"),
    passes(NAMES, endpoint(), zone_group(endpoint())),
    passes(NAMES, endpoint(groupIds=None)),
    undecided(NAMES, endpoint(), zone_group()),
    undecided(NAMES, endpoint(groupIds=UNKNOWN)),
    violates(ZONE, resource(ROUTE_53, {"name": "example.com"}), at="vpcs"),
    violates(ZONE, resource(CLOUD_DNS, {"dnsName": "example.com."}), at="visibility"),
    violates(ZONE, resource("azure-native:dns:Zone", {"zoneName": "example.com"}), at="zoneType"),
    passes(ZONE, resource(ROUTE_53, {"vpcs": [{"vpcId": UNKNOWN}]})),
    passes(ZONE, resource(CLOUD_DNS, {"visibility": "private"})),
    passes(ZONE, resource("azure-native:privatedns:PrivateZone", {"privateZoneName": "example.com"})),
    undecided(ZONE, resource(ROUTE_53, {"vpcs": UNKNOWN})),
    violates(ADDRESS, resource(RULE, {"target": "t"}), at="loadBalancingScheme"),
    violates(ADDRESS, resource(RULE, {"loadBalancingScheme": "EXTERNAL_MANAGED"}), at="loadBalancingScheme"),
    passes(ADDRESS, resource(RULE, {"loadBalancingScheme": "", "target": "attachment"})),
    passes(ADDRESS, resource(RULE, {"loadBalancingScheme": "INTERNAL"})),
    undecided(ADDRESS, resource(RULE, {"loadBalancingScheme": UNKNOWN})),
]
