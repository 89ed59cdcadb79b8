"""Memorystore for Valkey, and the policy that lets it make its endpoints in a network."""

import ipaddress
from typing import Any

from simulator.cloud import Name, Operation
from simulator.gcp.identity import CACHE, encrypts
from simulator.gcp.network import FORMS, LOWER, NETWORK, SUBNET, ref
from simulator.gcp.resource import FACTS, MET, SDK, never, row, tokens
from simulator.rules import matches, one_of
from simulator.state import Record
from simulator.values import Props, at

(POLICY,) = tokens("networkconnectivity", "ServiceConnectionPolicy")
(INSTANCE,) = tokens("memorystore", "Instance")
_INVALID, _WANTED, _CLASS = "400 INVALID_ARGUMENT", "desiredAutoCreatedEndpoints.network", "gcp-memorystore"
_NODES = "SHARED_CORE_NANO CUSTOM_PICO CUSTOM_MICRO CUSTOM_MINI HIGHMEM_MEDIUM HIGHCPU_MEDIUM HIGHMEM_XLARGE"
_NODES += " STANDARD_SMALL STANDARD_LARGE HIGHMEM_2XLARGE"


def _policy(instance: Operation, network: str) -> Record | None:
    """The policy that lets Memorystore into the network."""
    here = instance.find(NETWORK, network, FORMS)
    for policy in instance.others(POLICY):
        same = here and instance.find(NETWORK, policy.inputs.get("network"), FORMS) is here
        if same and policy.region == instance.region and policy.get("serviceClass") == _CLASS:
            return policy
    return None


def _endpoints(instance: Operation) -> list[Props]:
    """Two in each network, from the top of the policy's subnetwork: for the primary, and for reading."""
    made: list[Props] = []
    for network in instance.at(_WANTED):
        policy = _policy(instance, network)
        subnets = at(policy.inputs, "pscConfig.subnetworks") if policy else []
        found = instance.find(SUBNET, subnets[0], FORMS) if subnets else None
        top = int(ipaddress.IPv4Network(str(found.get("ipCidrRange")) if found else "10.0.0.0/24").broadcast_address)
        at_ = 3 + 2 * (instance.seed % 100)
        kinds = ("CONNECTION_TYPE_PRIMARY", "CONNECTION_TYPE_READER")
        addresses = {kind: str(ipaddress.IPv4Address(top - at_ - step)) for step, kind in enumerate(kinds)}
        about = {"network": network, "projectId": instance.account, "port": 6379}
        one = [{"pscAutoConnection": {**about, "connectionType": k, "ipAddress": ip}} for k, ip in addresses.items()]
        made.append({"connections": one})
    return made


_PEM = "-----BEGIN CERTIFICATE-----\n{hex}\n-----END CERTIFICATE-----"


def _authorities(instance: Operation) -> list[Props]:
    """One of the instance's own, where it has TLS."""
    own = instance.one("transitEncryptionMode") == "SERVER_AUTHENTICATION"
    return [{"caCerts": [{"certificates": [instance.text(_PEM)]}]}] if own else []


_OUTPUTS: dict[str, Any] = {
    "endpoints": _endpoints,
    "managedServerCas": _authorities,
    "state": "ACTIVE",
    "name": "{id}",
    "uid": "{number}",
}
_FORM = "[a-z0-9][a-z0-9-]{2,61}[a-z0-9]"
_NAME = Name("instanceId", SDK, _FORM, _INVALID, taken="409 ALREADY_EXISTS", auto=None)
_FIXED = "authorizationMode transitEncryptionMode desiredAutoCreatedEndpoints kmsKey mode zoneDistributionConfig"
_FIXED += " serverCaMode serverCaPool gcsSource managedBackupSource"
_REFS = (ref("network", NETWORK), ref("pscConfig.subnetworks", SUBNET, blocks=""))
_DEFAULTS = {"deletionProtectionEnabled": True}
_AT = "locations/{location}"
TYPES = (
    row(POLICY, 30, f"{_AT}/serviceConnectionPolicies/{{name}}", "network serviceClass", name=LOWER, refs=_REFS),
    row(INSTANCE, 600, f"{_AT}/instances/{{instanceId}}", _FIXED, name=_NAME, outputs=_OUTPUTS, defaults=_DEFAULTS),
)


def _shut_out(instance: Operation) -> bool:
    return any(_policy(instance, network) is None for network in instance.at(_WANTED))


def _several(instance: Operation) -> bool:
    return bool(instance.one("mode") == "CLUSTER_DISABLED" and instance.one("shardCount") != 1)


def _held(instance: Operation) -> bool:
    return bool(instance.record and at(instance.record.inputs, "deletionProtectionEnabled") == [True])


_FIRST = f"a ServiceConnectionPolicy for {_CLASS} in the same network and location exists"
RULES = (
    one_of(INSTANCE, "authorizationMode", ("AUTH_DISABLED", "IAM_AUTH"), _INVALID, SDK),
    one_of(INSTANCE, "transitEncryptionMode", ("TRANSIT_ENCRYPTION_DISABLED", "SERVER_AUTHENTICATION"), _INVALID, SDK),
    one_of(INSTANCE, "mode", ("CLUSTER", "CLUSTER_DISABLED"), _INVALID, SDK),
    one_of(INSTANCE, "nodeType", tuple(_NODES.split()), _INVALID, SDK),
    matches(INSTANCE, "engineVersion", "VALKEY_[0-9_]+", _INVALID, FACTS),
    *encrypts(INSTANCE, "kmsKey", CACHE, (_INVALID, "403 PERMISSION_DENIED")),
    *never(INSTANCE, "400 FAILED_PRECONDITION", FACTS, (_WANTED, _FIRST, _shut_out, "create")),
    *never(INSTANCE, _INVALID, MET, ("shardCount", "CLUSTER_DISABLED has one shard", _several, "write")),
    *never(
        *(INSTANCE, "400 FAILED_PRECONDITION", SDK),
        ("deletionProtectionEnabled", "it is false before Memorystore deletes", _held, "delete"),
    ),
)
