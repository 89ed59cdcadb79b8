"""Azure's private names and ways, flow logs and locks: each rule refuses, and lets its near miss pass."""

import functools

import pytest

from simulator.azure.arm import ASSIGNMENT, GROUP, LOCK
from simulator.azure.dns import ENDPOINT, LINK, NAMES, ZONE
from simulator.azure.identity import DEPLOYER
from simulator.azure.keys import KEY
from simulator.azure.logs import FLOWS
from simulator.azure.network import SUBNET, VNET
from simulator.azure.postgres import PARAMETER, SERVER
from simulator.azure.storage import ACCOUNT, CONTAINER
from simulator.values import Props
from tests.simulator.azure_stage import (
    ACCOUNT_ID,
    BLOBS,
    GUID,
    IN,
    KEY_ID,
    OFFICER,
    ROUTES_ID,
    SERVER_ID,
    VAULT_ID,
    VNET_ID,
    ZONES,
    Case,
    Stage,
    changed,
    leads,
    made,
    refuses,
    twice,
)
from tests.simulator.conftest import Connect

POSTGRES = "privatelink.postgres.database.azure.com"


def _second_network(stage: Stage, name: str, region: str) -> str:
    network = stage.make(VNET, virtualNetworkName=name, location=region)
    edits = {"networkSecurityGroup": None, "routeTable": None}
    stage.make(SUBNET, virtualNetworkName=name, **edits)
    return network


def _endpoint_in(stage: Stage, region: str) -> str:
    subnet = {"id": f"{_second_network(stage, f'net-{region}', region)}/subnets/a"}
    return stage.make(ENDPOINT, privateEndpointName=region, subnet=subnet)


def _linked_to_another_group(stage: Stage, network: str) -> str:
    stage.engine.create(GROUP, "x", {"resourceGroupName": "rg-2"})
    stage.make(ZONE, resourceGroupName="rg-2")
    return stage.make(LINK, resourceGroupName="rg-2", virtualNetwork={"id": network})


def _closed(stage: Stage, bypass: str) -> str:
    stage.change(ACCOUNT, networkRuleSet={"defaultAction": "Deny", "bypass": bypass})
    return stage.make(FLOWS)


CASES: dict[str, Case] = {
    "PrivateZone-privateZoneName-form": made(
        ZONE, "BadRequest", {"privateZoneName": "x.internal."}, {"privateZoneName": "x.internal"}
    ),
    "PrivateZone-location": made(
        ZONE, "LocationNotAvailableForResourceType", {"location": "eastus2"}, {"location": "global"}
    ),
    "PrivateZone-name-taken": twice(ZONE, "AlreadyExists", {"privateZoneName": POSTGRES}),
    "PrivateZone-linked": (
        *(LOCK, "CannotDeleteResource", lambda s: s.drop(ZONE)),
        lambda s: (s.drop(LINK), s.drop(ZONE)),
    ),
    "VirtualNetworkLink-virtualNetwork.id": made(
        LINK, "InvalidResourceReference", {"virtualNetwork": {"id": f"{VNET_ID}-2"}}, {}
    ),
    "VirtualNetworkLink-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: s.make(LINK)),
        lambda s: (s.drop(LINK), s.make(LINK, virtualNetworkLinkName="net-2")),
    ),
    "VirtualNetworkLink-once": (
        *(LOCK, "is linked to a zone", lambda s: _linked_to_another_group(s, VNET_ID)),
        lambda s: s.make(LINK, resourceGroupName="rg-2", virtualNetwork={"id": _second_network(s, "net-2", "eastus2")}),
    ),
    "PrivateEndpoint-name-taken": twice(ENDPOINT, "AlreadyExists", {"privateEndpointName": "more"}),
    "PrivateEndpoint-subnet.id": made(
        ENDPOINT, "InvalidResourceReference", {"subnet": {"id": f"{VNET_ID}/subnets/b"}}, {}
    ),
    "PrivateEndpoint-region": (
        *(LOCK, "is in westus3", lambda s: _endpoint_in(s, "westus3")),
        lambda s: _endpoint_in(s, "eastus2"),
    ),
    "PrivateEndpoint-target": made(
        *(ENDPOINT, "none of its groups", {"privateLinkServiceConnections": leads(SERVER_ID, "blob")}),
        {"privateLinkServiceConnections": leads(SERVER_ID, "postgresqlServer")},
    ),
    "PrivateEndpoint-subnet.id-fixed": (
        *(LOCK, "BadRequest"),
        lambda s: s.change(ENDPOINT, subnet={"id": f"{_second_network(s, 'net-2', 'eastus2')}/subnets/a"}),
        lambda s: s.change(ENDPOINT, tags={"a": "b"}),
    ),
    "PrivateEndpoint-privateLinkServiceConnections.privateLinkServiceId-fixed": (
        *(LOCK, "privateLinkServiceId` cannot be changed"),
        lambda s: s.change(
            ENDPOINT, privateLinkServiceConnections=leads(s.make(ACCOUNT, accountName="ours2", encryption=None))
        ),
        lambda s: s.change(ENDPOINT),
    ),
    "PrivateEndpoint-privateLinkServiceConnections.groupIds-fixed": changed(
        ENDPOINT, "BadRequest", {"privateLinkServiceConnections": leads(ACCOUNT_ID, "dfs")}, {}
    ),
    "Subnet-occupied": (
        *(LOCK, "InUseSubnetCannotBeDeleted", lambda s: s.drop(VNET)),
        lambda s: (s.drop(ENDPOINT), s.drop(SUBNET), s.drop(VNET)),
    ),
    "PrivateDnsZoneGroup-name-taken": twice(NAMES, "AlreadyExists", {"privateDnsZoneGroupName": "more"}),
    "PrivateDnsZoneGroup-privateDnsZoneConfigs.privateDnsZoneId": made(
        NAMES, "InvalidResourceReference", {"privateDnsZoneConfigs": [{"privateDnsZoneId": f"{ZONES}x.internal"}]}, {}
    ),
    "PrivateDnsZoneGroup-zone": (
        *(NAMES, f"is not the zone of ['blob']: {BLOBS}"),
        lambda s: s.make(NAMES, privateDnsZoneConfigs=[{"privateDnsZoneId": s.make(ZONE, privateZoneName=POSTGRES)}]),
        lambda s: s.make(NAMES),
    ),
    "FlowLog-name-taken": twice(FLOWS, "AlreadyExists", {"flowLogName": "more"}),
    "FlowLog-targetResourceId": made(FLOWS, "does not exist in", {"targetResourceId": ROUTES_ID}, {}),
    "FlowLog-storageId": (
        *(FLOWS, "does not exist in eastus2"),
        lambda s: s.make(FLOWS, storageId=s.make(ACCOUNT, accountName="west", location="westus3")),
        lambda s: s.make(FLOWS, storageId=s.make(ACCOUNT, accountName="east")),
    ),
    "FlowLog-watcher": made(
        *(FLOWS, "ResourceNotFound", {"networkWatcherName": "NetworkWatcher_westus3"}),
        {"resourceGroupName": "networkwatcherrg"},
    ),
    "FlowLog-reaches": (
        *(FLOWS, "StorageAccountAccessDenied", lambda s: _closed(s, "None")),
        lambda s: _closed(s, "AzureServices"),
    ),
    "FlowLog-retentionPolicy.days-range": made(
        FLOWS, "InvalidRequestFormat", {"retentionPolicy__days": 366}, {"retentionPolicy__days": 0}
    ),
    "ManagementLockByScope-name-taken": (
        *(LOCK, "AlreadyExists", lambda s: (s.make(LOCK), s.make(LOCK))),
        lambda s: s.make(LOCK, lockName="more"),
    ),
    "ManagementLockByScope-deletes": (
        *(LOCK, "ScopeLocked", lambda s: (s.make(LOCK), s.drop(SERVER))),
        lambda s: (s.change(SERVER, tags={"a": "b"}), s.drop(LOCK), s.drop(SERVER)),
    ),
    "ManagementLockByScope-writes": (
        *(LOCK, "ScopeLocked", lambda s: (s.make(LOCK, level="ReadOnly"), s.change(SERVER))),
        lambda s: (s.change(LOCK, level="CanNotDelete"), s.change(SERVER)),
    ),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_the_rule_names_is_refused_and_its_near_miss_passes(connect: Connect, rule: str) -> None:
    until, code, bad, good = CASES[rule]
    stage = Stage(connect, until)
    refuses(code, lambda: bad(stage))
    good(stage)


def test_an_endpoint_leads_to_what_exists(connect: Connect) -> None:
    stage = Stage(connect, until=ENDPOINT)
    refuses("does not exist", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=leads(f"{ACCOUNT_ID}2")))
    refuses("no private endpoints", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=leads(VNET_ID)))
    refuses("leads nowhere", lambda: stage.make(ENDPOINT, privateLinkServiceConnections=None))
    stage.make(ENDPOINT, privateLinkServiceConnections=leads(VAULT_ID, "vault"))


def test_a_locked_resource_keeps_its_group_and_what_is_in_it(connect: Connect) -> None:
    stage = Stage(connect)
    stage.make(LOCK, scope=ACCOUNT_ID)
    for token in (GROUP, ACCOUNT, CONTAINER):
        refuses("ScopeLocked", functools.partial(stage.drop, token))
    stage.drop(SERVER)
    stage.drop(LOCK)
    stage.drop(CONTAINER)
    stage.drop(GROUP)


def test_a_locked_group_keeps_all_that_is_in_it_but_keys(connect: Connect) -> None:
    stage = Stage(connect)
    deployer: Props = {"principalId": DEPLOYER["objectId"], "roleDefinitionId": OFFICER}
    stage.make(ASSIGNMENT, scope=KEY_ID, roleAssignmentName=f"{GUID}1", **deployer)
    stage.make(LOCK, scope=IN.removesuffix("/providers"))
    for token in (ASSIGNMENT, SERVER, VNET, ENDPOINT):
        refuses("ScopeLocked", functools.partial(stage.drop, token))
    stage.drop(PARAMETER)
    stage.drop(KEY)
    stage.drop(FLOWS)
