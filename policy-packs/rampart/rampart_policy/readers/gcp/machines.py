"""Google Compute Engine: machines, their templates and disks, and the metadata that is theirs or their project's."""

from collections.abc import Iterator

from rampart_policy.facts import DebugAccess, Fact, LocalCredentials
from rampart_policy.readers import secrets
from rampart_policy.readers.gcp.identities import identity
from rampart_policy.readers.table import (
    Aspect,
    at,
    automatic_address,
    customer_key,
    debug_access,
    each,
    empty,
    filled,
    forwards_packets,
    on,
    one_of,
    says,
    script,
    service,
    set_,
    unless,
    verified_boot,
    where,
)
from rampart_policy.registry import no_surface, reader
from rampart_policy.resources import Resource
from rampart_policy.values import Field, Node, Unknown

SSH_KEYS = frozenset({"ssh-keys", "sshkeys", "windows-keys"})
TRUE = frozenset({"true", "1", "y", "yes"})
SCRIPTS = ("startup-script", "user-data", "cloud-init", "windows-startup-script-ps1", "shutdown-script")

no_surface(
    {
        "gcp:compute/instanceGroup:InstanceGroup": "groups machines, which are judged",
        "gcp:compute/instanceGroupManager:InstanceGroupManager": "makes machines from a template, which is judged",
        "gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort": "a name for a port; firewall rules are judged",
        "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager": "makes machines from a template, which is "
        "judged",
        "gcp:compute/autoscaler:Autoscaler": "how many machines, not which",
        "gcp:compute/regionAutoscaler:RegionAutoscaler": "how many machines, not which",
        "gcp:compute/attachedDisk:AttachedDisk": "joins a machine with a disk; both are judged",
        "gcp:compute/resourcePolicy:ResourcePolicy": "when disks are copied and machines started",
        "gcp:compute/diskResourcePolicyAttachment:DiskResourcePolicyAttachment": "joins a disk with a schedule",
        "gcp:compute/regionDiskResourcePolicyAttachment:RegionDiskResourcePolicyAttachment": "joins a disk with a "
        "schedule",
        "gcp:compute/reservation:Reservation": "capacity that is kept free",
        "gcp:compute/nodeGroup:NodeGroup": "hardware for machines, which are judged",
        "gcp:compute/nodeTemplate:NodeTemplate": "hardware for machines, which are judged",
        "gcp:compute/snapshot:Snapshot": "encrypted like the disk that it is of",
        "gcp:compute/instantSnapshot:InstantSnapshot": "encrypted like the disk that it is of",
        "gcp:compute/regionInstantSnapshot:RegionInstantSnapshot": "encrypted like the disk that it is of",
        "gcp:compute/healthCheck:HealthCheck": "asks whether a backend answers",
        "gcp:compute/regionHealthCheck:RegionHealthCheck": "asks whether a backend answers",
    }
)


def metadata(place: Node) -> Iterator[Fact]:
    """Metadata of a machine, or of a project: keys that open doors, and values that are secrets."""
    for name, value in place.entries():
        yield from item(Field(name), value)
    if not place.given.known:
        yield LocalCredentials(accepted=place.given)
        yield DebugAccess(enabled=place.given)
        yield from secrets.unknown(place)


def item(name: Field[str], value: Node) -> Iterator[Fact]:
    """One key of it (Compute Engine documentation, "Predefined metadata keys")."""
    if isinstance(name.value, Unknown):
        yield DebugAccess(enabled=Field(name.value, name.path))
        yield LocalCredentials(accepted=Field(name.value, name.path))
    key = str(name.value).lower()
    text = value.text(default="")
    switch = text.map(lambda word: word.strip().lower() in TRUE)
    if key == "serial-port-enable":
        yield from debug_access(lambda _: switch)(value)
    elif key in ("enable-oslogin", "block-project-ssh-keys"):
        yield LocalCredentials(accepted=switch.map(lambda on_: not on_))
    elif key in SSH_KEYS:
        yield LocalCredentials(accepted=text.map(bool))
    elif key.endswith(SCRIPTS):
        yield secrets.script(value)
    else:
        yield secrets.setting(name, value)


SHIELDED: tuple[Aspect, ...] = tuple(
    set_(f"shieldedInstanceConfig.{guard}", verified_boot(on(f"shieldedInstanceConfig.{guard}")))
    for guard in ("enableSecureBoot", "enableVtpm", "enableIntegrityMonitoring")
)

MACHINE: tuple[Aspect, ...] = (
    each(
        "networkInterfaces",
        automatic_address(
            one_of(filled("accessConfigs"), filled("ipv6AccessConfigs"), says("ipv6AccessType", "EXTERNAL"))
        ),
    ),
    forwards_packets(on("canIpForward")),
    at("metadata", metadata),
    script("metadataStartupScript"),
    set_("serviceAccount", identity("serviceAccount.email")),
    *SHIELDED,
)
"""What machines and their templates share. The guards of the boot are judged where the program speaks of them: whether
an image can boot securely, only its maker knows."""

KEY = one_of(filled("kmsKeySelfLink"), filled("diskEncryptionKeyRaw"), filled("diskEncryptionKeyRsa"))

service(
    "gcp:compute/instance:Instance",
    *MACHINE,
    at("bootDisk", where(empty("source"), customer_key(KEY))),
)
service(
    (
        "gcp:compute/instanceFromTemplate:InstanceFromTemplate",
        "gcp:compute/instanceFromMachineImage:InstanceFromMachineImage",
    ),
    *MACHINE,
)
service(
    (
        "gcp:compute/instanceTemplate:InstanceTemplate",
        "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
    ),
    *MACHINE,
    each(
        "disks",
        where(
            empty("source"),
            where(unless("type", "SCRATCH"), customer_key(filled("diskEncryptionKey.kmsKeySelfLink"))),
        ),
    ),
)
service(
    ("gcp:compute/disk:Disk", "gcp:compute/regionDisk:RegionDisk"),
    customer_key(
        one_of(
            *(
                filled(f"diskEncryptionKey.{name}")
                for name in (
                    "kmsKeySelfLink",
                    "kmsKeyName",
                    "rawKey",
                    "rawKeyWo",
                    "rsaEncryptedKey",
                    "rsaEncryptedKeyWo",
                )
            ),
        )
    ),
)
service(
    "gcp:compute/image:Image",
    customer_key(one_of(filled("imageEncryptionKey.kmsKeySelfLink"), filled("imageEncryptionKey.rawKey"))),
)
service("gcp:compute/machineImage:MachineImage", customer_key(filled("machineImageEncryptionKey.kmsKeyName")))


@reader("gcp:compute/projectMetadata:ProjectMetadata")
def project_metadata(made: Resource) -> Iterator[Fact]:
    yield from metadata(made.at("metadata"))


@reader("gcp:compute/projectMetadataItem:ProjectMetadataItem")
def project_metadata_item(made: Resource) -> Iterator[Fact]:
    yield from item(made.at("key").text(default=""), made.at("value"))
