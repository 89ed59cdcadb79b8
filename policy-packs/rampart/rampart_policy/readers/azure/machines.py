"""Azure machines, scale sets, disks, and what runs on machines."""

from collections.abc import Iterator

from rampart_policy.facts import (
    AccessGrant,
    Audience,
    EncryptionKey,
    Fact,
    Principal,
    StorageEncryption,
)
from rampart_policy.readers import secrets
from rampart_policy.readers.azure.endpoints import CLOSED
from rampart_policy.readers.table import (
    Aspect,
    at,
    automatic_address,
    both,
    customer_key,
    each,
    empty,
    filled,
    forwards_packets,
    gives,
    local_credentials,
    off,
    on,
    one_of,
    patched,
    plaintext,
    public_endpoint,
    says,
    script,
    service,
    set_,
    unless,
    verified_boot,
    where,
)
from rampart_policy.registry import no_surface
from rampart_policy.values import Field, Node

encrypted = gives(StorageEncryption, "enabled")

no_surface(
    {
        "azure-native:compute:AvailabilitySet": "where machines stand, which are judged",
        "azure-native:compute:CapacityReservation": "capacity",
        "azure-native:compute:CapacityReservationGroup": "capacity",
        "azure-native:compute:DedicatedHost": "hardware for machines, which are judged",
        "azure-native:compute:DedicatedHostGroup": "hardware for machines, which are judged",
        "azure-native:compute:DiskAccess": "a private way to disks",
        "azure-native:compute:GalleryApplication": "a name in a gallery, which is judged",
        "azure-native:compute:GalleryImage": "a name in a gallery, which is judged",
        "azure-native:compute:ProximityPlacementGroup": "where machines stand, which are judged",
        "azure-native:compute:RestorePointCollection": "copies of a machine's disks, under their keys",
        "azure-native:compute:SshPublicKey": "a public key; who may log in is the machine's",
        "azure-native:maintenance:MaintenanceConfiguration": "when machines are patched",
    }
)

NETWORK: tuple[Aspect, ...] = (
    each(
        "networkInterfaceConfigurations",
        forwards_packets(on("enableIPForwarding")),
        each("ipConfigurations", automatic_address(filled("publicIPAddressConfiguration"))),
    ),
)

SYSTEM: tuple[Aspect, ...] = (
    where(filled("linuxConfiguration"), local_credentials(off("linuxConfiguration.disablePasswordAuthentication"))),
    where(both(empty("linuxConfiguration"), empty("windowsConfiguration")), local_credentials(filled("adminPassword"))),
    script("customData"),
    set_("windowsConfiguration.enableAutomaticUpdates", patched(on("windowsConfiguration.enableAutomaticUpdates"))),
    set_(
        "windowsConfiguration.patchSettings.patchMode",
        patched(unless("windowsConfiguration.patchSettings.patchMode", "Manual")),
    ),
    each("windowsConfiguration.winRM.listeners", plaintext(says("protocol", "Http"))),
)
"""`osProfile`. A Linux machine takes passwords unless told otherwise (`disablePasswordAuthentication`)."""

BOOT: tuple[Aspect, ...] = (
    set_("securityType", verified_boot(says("securityType", "TrustedLaunch", "ConfidentialVM"))),
    *(
        set_(f"uefiSettings.{guard}", verified_boot(on(f"uefiSettings.{guard}")))
        for guard in ("secureBootEnabled", "vTpmEnabled")
    ),
    set_("encryptionAtHost", encrypted(on("encryptionAtHost"))),
)
"""`securityProfile`."""

KEY = customer_key(
    one_of(filled("managedDisk.diskEncryptionSet"), filled("managedDisk.securityProfile.diskEncryptionSet"))
)
NEW = unless("createOption", "Attach")
STORAGE: tuple[Aspect, ...] = (
    at("osDisk", where(NEW, KEY)),
    each("dataDisks", where(NEW, KEY)),
)
"""`storageProfile`. What is attached is judged where it is made."""


def _extension(place: Node) -> Iterator[Fact]:
    """Settings that are not protected are kept and shown in the clear."""
    settings = place.key("settings")
    yield from secrets.inside(settings)
    command = settings.key("commandToExecute")
    if not command.missing:
        yield secrets.script(command)
    yield secrets.script(settings.key("script"))


MACHINE: tuple[Aspect, ...] = (
    at("networkProfile", *NETWORK),
    at("osProfile", *SYSTEM),
    at("securityProfile", *BOOT),
    at("storageProfile", *STORAGE),
    script("userData"),
    each("extensionProfile.extensions", _extension),
)

service("azure-native:compute:VirtualMachine", *MACHINE)
service("azure-native:compute:VirtualMachineScaleSet", at("virtualMachineProfile", *MACHINE))
service("azure-native:compute:VirtualMachineScaleSetVM", *MACHINE)
service(
    ("azure-native:compute:VirtualMachineExtension", "azure-native:compute:VirtualMachineScaleSetExtension"),
    _extension,
)
service(
    (
        "azure-native:compute:VirtualMachineRunCommandByVirtualMachine",
        "azure-native:compute:VirtualMachineScaleSetVMRunCommand",
    ),
    script("source.script"),
    lambda place: secrets.variables(place.key("parameters")),
)
EXPORT = public_endpoint(
    both(unless("publicNetworkAccess", *CLOSED), unless("networkAccessPolicy", "DenyAll", "AllowPrivate"))
)
"""Who has a link to a disk copies it from anywhere, unless told otherwise (`networkAccessPolicy`)."""

DISK_KEY = customer_key(
    one_of(
        filled("encryption.diskEncryptionSetId"),
        filled("securityProfile.secureVMDiskEncryptionSetId"),
        says("encryption.type", "EncryptionAtRestWithCustomerKey", "EncryptionAtRestWithPlatformAndCustomerKeys"),
    )
)

service("azure-native:compute:Disk", EXPORT, DISK_KEY)
service("azure-native:compute:Snapshot", EXPORT, set_("encryption", DISK_KEY))
service(
    "azure-native:compute:Image",
    at("storageProfile.osDisk", where(filled("osType"), customer_key(filled("diskEncryptionSet")))),
)


def _rotation(place: Node) -> Iterator[Fact]:
    """A set that does not follow its key's versions keeps encrypting under the first one."""
    yield EncryptionKey(
        rotatable=Field(True),
        enabled=place.key("rotationToLatestKeyVersionEnabled").flag(default=False),
        period=Field(0.0, "rotationToLatestKeyVersionEnabled"),
    )


def _sharing(place: Node) -> Iterator[AccessGrant]:
    kind = place.at("sharingProfile.permissions")
    everyone = kind.text(default="Private").map(lambda name: name.lower() == "community")
    who = everyone.map(lambda _: Principal("everyone in Azure", Audience.EVERYONE))
    yield AccessGrant(allows=everyone, principal=who, narrowed=Field(False, kind.path))


service("azure-native:compute:DiskEncryptionSet", _rotation)
service("azure-native:compute:Gallery", _sharing)
