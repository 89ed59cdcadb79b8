"""Microsoft.ContainerService and the disk encryption sets of its nodes: clusters, pools, maintenance windows."""

import re
from typing import Any

from simulator.azure.arm import FACTS, IN_GROUP, MET, MISSING, PACKAGE, TIMES, each, existing, row
from simulator.azure.dns import ENDPOINT, NAMES, ZONE
from simulator.azure.identity import IDENTITY, Identified, granted, users
from simulator.azure.keys import ENCRYPTERS, VAULT, encrypted
from simulator.azure.network import SUBNET, VNET
from simulator.azure.registry import MIRROR, REGISTRY
from simulator.cloud import Operation, Ref, Source
from simulator.regions import regions
from simulator.rules import between, network, outside, overlap, rule, unchanged
from simulator.values import Props, at

CLUSTER, POOL, WINDOW = (
    f"{PACKAGE}:containerservice:{name}" for name in ("ManagedCluster", "AgentPool", "MaintenanceConfiguration")
)
DISKS = f"{PACKAGE}:compute:DiskEncryptionSet"
_AKS = Source("AKS documentation", "D")
_ID = IN_GROUP + "/providers/Microsoft.ContainerService/managedClusters/{resourceName}"
_DISKS_ID = IN_GROUP + "/providers/Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}"
_MADE: Props = {"provisioningState": "Succeeded"}


def _own_name(operation: Operation) -> str:
    zone = str(operation.one(_ZONE)).rpartition("/")[2]
    return f"{operation.one('fqdnSubdomain') or operation.one('dnsPrefix')}.{zone}"


_ZONE, _API_SUBNET = "apiServerAccessProfile.privateDNSZone", "apiServerAccessProfile.subnetId"
_OUTPUTS: Props = _MADE | {
    **{
        "privateFQDN": _own_name,
        "currentKubernetesVersion": "{kubernetesVersion}.2",
        "powerState": {"code": "Running"},
    },
    "oidcIssuerProfile": lambda o: {"issuerURL": o.text("https://{region}.oic.prod-aks.azure.com/{tenant}/{hex}/")},
}
_FORM = ("[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9_-]{0,61}[A-Za-z0-9]", "InvalidParameter", FACTS)
_POOL_FORM = ("[a-z][a-z0-9]{0,11}", "InvalidParameter", FACTS)
_WINDOWS = ("default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule", "InvalidParameter", _AKS)
_REFS = (
    Ref("diskEncryptionSetID", DISKS, MISSING, MET, "DiskEncryptionSetInUse", anywhere=True),
    Ref("bootstrapProfile.containerRegistryId", REGISTRY, MISSING, MET, anywhere=True),
    Ref("agentPoolProfiles.vnetSubnetID", SUBNET, MISSING, MET, "InUseSubnetCannotBeDeleted", anywhere=True),
    Ref(_API_SUBNET, SUBNET, MISSING, MET, anywhere=True),
    Ref("identityProfile.kubeletidentity.resourceId", IDENTITY, MISSING, MET, anywhere=True),
)
_IN_POOL = Ref("vnetSubnetID", SUBNET, MISSING, MET, "InUseSubnetCannotBeDeleted", anywhere=True)
_CLUSTER_REPLACE = ("location", "dnsPrefix", "fqdnSubdomain", "nodeResourceGroup")
TYPES = (
    row(
        DISKS,
        _DISKS_ID,
        20,
        (".{1,80}", "InvalidParameter", FACTS),
        kind=Identified,
        timed=TIMES,
        outputs=_MADE,
        replace=("location", "encryptionType"),
    ),
    row(CLUSTER, _ID, 420, _FORM, kind=Identified, timed=TIMES, outputs=_OUTPUTS, refs=_REFS, replace=_CLUSTER_REPLACE),
    row(
        POOL,
        _ID + "/agentPools/{agentPoolName}",
        210,
        _POOL_FORM,
        within=CLUSTER,
        timed=TIMES,
        outputs=_MADE,
        refs=(_IN_POOL,),
    ),
    row(WINDOW, _ID + "/maintenanceConfigurations/{configName}", 5, _WINDOWS, within=CLUSTER, timed=TIMES),
)


def _disks_key(operation: Operation) -> tuple[Any, Any] | None:
    return operation.one("activeKey.keyUrl"), next(iter(users(operation)), "")


def _secrets_key(operation: Operation) -> tuple[Any, Any] | None:
    kms = "securityProfile.azureKeyVaultKms"
    return (
        (operation.one(f"{kms}.keyId"), next(iter(users(operation)), "")) if operation.one(f"{kms}.enabled") else None
    )


def _principal(operation: Operation) -> Any:
    user = existing(operation, IDENTITY, next(iter(users(operation)), ""))
    return user and user.get("principalId")


@rule(CLUSTER, "CustomPrivateDNSZoneInvalid", _AKS)
def _zone(operation: Operation) -> str | None:
    """Its own DNS zone is private.<region>.azmk8s.io with an API server subnet, privatelink.<region>... without."""
    id_, api = operation.one(_ZONE), "apiServerAccessProfile"
    if id_ in (None, "system", "none"):
        hidden = id_ == "none" and not operation.one(f"{api}.enablePrivateClusterPublicFQDN")
        return "there is no name left: the public one is off" if hidden else None
    kind = "private" if operation.one(f"{api}.enableVnetIntegration") else "privatelink"
    right = re.fullmatch(rf"([\w-]+\.)?{kind}\.{operation.region}\.azmk8s\.io", id_.rpartition("/")[2])
    if not right or not existing(operation, ZONE, id_):
        return f"{id_} does not exist, or is not named {kind}.{operation.region}.azmk8s.io"
    return None if operation.one("fqdnSubdomain") else "it wants `fqdnSubdomain`, not `dnsPrefix`"


@rule(CLUSTER, "ControlPlaneIdentityMissingPermission", FACTS)
def _allowed(operation: Operation) -> str | None:
    """Its identity has the roles that AKS acts by: on the network, the DNS zone, the nodes' identity, the disks."""
    me, kubelet = _principal(operation), operation.one("identityProfile.kubeletidentity.resourceId")
    subnets = operation.at(_API_SUBNET) + operation.at("agentPoolProfiles.vnetSubnetID")
    wants = [("Network Contributor", subnet) for subnet in subnets]
    if (zone := operation.one(_ZONE)) not in (None, "system", "none"):
        wants += [("Private DNS Zone Contributor", zone)]
        wants += [("Network Contributor", subnet.partition("/subnets/")[0]) for subnet in subnets]
    wants += [("Managed Identity Operator", kubelet)] if kubelet else []
    wants += [("Reader", id_) for id_ in operation.at("diskEncryptionSetID")]
    return next((wrong for role, id_ in wants if (wrong := granted(operation, me, role, id_))), None)


@rule(CLUSTER, "APIServerSubnetNotDelegated", FACTS)
def _delegated(operation: Operation) -> str | None:
    """The subnet of its API server is delegated to AKS, and a /28 or larger."""
    subnet = existing(operation, SUBNET, operation.one(_API_SUBNET))
    services = at(subnet and subnet.inputs, "delegations.serviceName")
    block = network(next(iter(at(subnet and subnet.inputs, "addressPrefix")), ""))
    if subnet and ("Microsoft.ContainerService/managedClusters" not in services or (block and block.prefixlen > 28)):
        return f"{subnet.id} is delegated to {services or 'nothing'}"
    wanted = operation.one("apiServerAccessProfile.enableVnetIntegration") and subnet is None
    return "API Server VNet Integration wants a subnet" if wanted and at(operation.inputs, _NODES) else None


@rule(CLUSTER, "NetworkIsolatedClusterInvalid", FACTS)
def _isolated(operation: Operation) -> str | None:
    """Without a way out nodes boot from a registry of one's own, which they can reach and pull from."""
    if operation.one("networkProfile.outboundType") != "none":
        return None
    if operation.one("bootstrapProfile.artifactSource") != "Cache":
        return "`bootstrapProfile.artifactSource` is not Cache"
    if operation.one("autoUpgradeProfile.nodeOSUpgradeChannel") not in ("NodeImage", "None"):
        return "`autoUpgradeProfile.nodeOSUpgradeChannel` wants packages from outside"
    registry = existing(operation, REGISTRY, operation.one("bootstrapProfile.containerRegistryId"))
    if registry is None:
        return None  # AKS manages one
    mirrors = {r.get("cacheRuleName"): r for r in operation.others(MIRROR) if r.id.startswith(f"{registry.id}/")}
    copies = mirrors.get("aks-managed-mcr")
    if not copies or copies.get("targetRepository") != "aks-managed-repository/*":
        return f"{registry.id} has no cache rule aks-managed-mcr to aks-managed-repository/*"
    to = "privateLinkServiceConnections.privateLinkServiceId"
    ways = [e.id for e in operation.others(ENDPOINT) if registry.id in at(e.inputs, to)]
    if not any(n.id.startswith(f"{way}/") for way in ways for n in operation.others(NAMES)):
        return f"nodes do not reach {registry.id}: it has no private endpoint with names in a zone"
    if "disabled" in at(registry.inputs, "policies.azureADAuthenticationAsArmPolicy.status"):
        return f"{registry.id} takes no tokens of Azure Resource Manager"
    kubelet = existing(operation, IDENTITY, operation.one("identityProfile.kubeletidentity.resourceId"))
    return granted(operation, kubelet and kubelet.get("principalId"), "AcrPull", registry.id)


@rule(CLUSTER, "AADProfileRequired", FACTS, "check")
def _accounts(operation: Operation) -> str | None:
    """Local accounts are off only where Entra lets people in."""
    off = operation.one("disableLocalAccounts") and not operation.one("aadProfile.managed")
    return "nobody could log in" if off else None


@rule(CLUSTER, "KeyVaultKmsInvalid", FACTS)
def _private(operation: Operation) -> str | None:
    """The vault of its secrets' key is named if private, and then has the API server in a subnet and a role for it."""
    kms = "securityProfile.azureKeyVaultKms"
    private, id_ = (
        operation.one(f"{kms}.keyVaultNetworkAccess") == "Private",
        operation.one(f"{kms}.keyVaultResourceId"),
    )
    if not operation.one(f"{kms}.enabled") or not (private or id_):
        return None
    if not (private and id_ and operation.one("apiServerAccessProfile.enableVnetIntegration")):
        return "a private vault is named, and wants API Server VNet Integration; another is not named"
    vault, uri = existing(operation, VAULT, id_), str(operation.one(f"{kms}.keyId")).lower()
    if not vault or not uri.startswith(f"https://{vault.get('name')}.".lower()):
        return f"{id_} is not the vault of {uri}"
    return granted(operation, _principal(operation), "Key Vault Contributor", id_)


@rule(CLUSTER, "InvalidCIDR", FACTS)
def _ranges(operation: Operation) -> str | None:
    """Ranges of pods and services overlap neither each other nor the network; the DNS address is a service's."""
    pods, services = (operation.at(f"networkProfile.{kind}Cidr") for kind in ("pod", "service"))
    ids = {str(id_).partition("/subnets/")[0].lower() for id_ in operation.at("agentPoolProfiles.vnetSubnetID")}
    spaces = [s for vnet in operation.others(VNET) if vnet.id.lower() in ids for s in at(vnet.inputs, _SPACE)]
    if pair := overlap(pods, services) or overlap(pods + services, spaces):
        return f"{pair[0]} overlaps {pair[1]}"
    stray = outside([f"{ip}/32" for ip in operation.at("networkProfile.dnsServiceIP")], services)
    return f"{stray} is not in {services}" if stray else None


def _pools(operation: Operation) -> list[Props]:
    return [operation.inputs] if operation.type.token == POOL else at(operation.inputs, _NODES)


@rule((CLUSTER, POOL), "InvalidAgentPool", FACTS, "check")
def _pool(operation: Operation) -> str | None:
    """A pool's zones are of the region, and its nodes count from the least to the most."""
    have = regions("azure").get(operation.region, ())
    for pool in _pools(operation):
        low, count, high = (next(iter(at(pool, path)), 1) for path in ("minCount", "count", "maxCount"))
        if at(pool, "maxCount") and not low <= count <= high:
            return f"{count} nodes are not between {low} and {high}"
        if have and (strange := [zone for zone in at(pool, "availabilityZones") if zone not in have]):
            return f"{operation.region} has no zone {strange[0]}"
    return None


@rule((CLUSTER, POOL), "PodSandboxingInvalid", _AKS, "check")
def _sandboxed(operation: Operation) -> str | None:
    """Pod sandboxing wants Azure Linux and a size that nests virtual machines, and goes without trusted launch."""
    for pool in _pools(operation):
        if "KataVmIsolation" not in at(pool, "workloadRuntime"):
            continue
        if at(pool, "osSKU") != ["AzureLinux"]:
            return f"`osSKU` is {at(pool, 'osSKU')}"
        if not all(re.fullmatch(r"Standard_[DE]\d+d?s_v[345]", str(size)) for size in at(pool, "vmSize")):
            return f"{at(pool, 'vmSize')} nests no virtual machines"
        if True in at(pool, "securityProfile.enableSecureBoot") + at(pool, "securityProfile.enableVTPM"):
            return "secure boot or vTPM is on"
    return None


@rule(CLUSTER, "SystemPoolRequired", FACTS, "create")
def _system(operation: Operation) -> str | None:
    """It is made with a pool of mode System."""
    return None if "System" in operation.at(f"{_NODES}.mode") else f"`{_NODES}` has none"


_NODES, _SPACE = "agentPoolProfiles", "addressSpace.addressPrefixes"
_CODES = ("KeyVaultKeyNotFound", "KeyVaultNotPurgeProtected", "KeyVaultAccessForbidden")
_CHOSEN = (
    *("diskEncryptionSetID", "networkProfile.podCidr", "networkProfile.serviceCidr", "networkProfile.dnsServiceIP"),
    *("networkProfile.networkPlugin", _ZONE, "apiServerAccessProfile.enableVnetIntegration"),
    "identityProfile.kubeletidentity.resourceId",
)
_BUILT = (
    "vmSize",
    "osDiskType",
    "osDiskSizeGB",
    "vnetSubnetID",
    "availabilityZones",
    "maxPods",
    "enableEncryptionAtHost",
)
RULES = (
    *encrypted(DISKS, _disks_key, _CODES, versioned=True),
    *encrypted(CLUSTER, _secrets_key, _CODES, ENCRYPTERS, versioned=True),
    *(_zone, _allowed, _delegated, _isolated, _accounts, _private, _ranges, _pool, _sandboxed, _system),
    *(unchanged(CLUSTER, path, "PropertyChangeNotAllowed", FACTS) for path in _CHOSEN),
    *(unchanged(POOL, path, "PropertyChangeNotAllowed", FACTS) for path in _BUILT),
    between(WINDOW, "maintenanceWindow.durationHours", 4, 24, "InvalidParameter", _AKS),
    each(
        WINDOW,
        "maintenanceWindow.startTime",
        lambda text: bool(re.fullmatch(r"\d\d:\d\d", text)),
        "InvalidParameter",
        _AKS,
        "it is hh:mm",
    ),
)
