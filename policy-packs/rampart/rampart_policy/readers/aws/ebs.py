"""Amazon EBS volumes, snapshots, and machine images: encrypted, and shared with nobody."""

from rampart_policy.readers.aws.aspects import encrypted, keyed, stored
from rampart_policy.readers.aws.machines import volumes
from rampart_policy.readers.aws.policies import shared
from rampart_policy.readers.table import anonymous, on, says, service
from rampart_policy.registry import no_surface

no_surface(
    {
        "aws:ebs/fastSnapshotRestore:FastSnapshotRestore": "how fast a snapshot becomes a volume",
        "aws:ebs/snapshot:Snapshot": "encrypted as the volume that it is of; whom it is shared with is judged",
        "aws:ebs/volumeCopy:VolumeCopy": "encrypted as the volume that it is of",
        "aws:ec2/amiFromInstance:AmiFromInstance": "encrypted as the machine's volumes are",
        "aws:ec2/volumeAttachment:VolumeAttachment": "joins a volume with a machine; both are judged",
    }
)


service(
    (
        "aws:ebs/volume:Volume",
        "aws:ebs/snapshotImport:SnapshotImport",
        "aws:ebs/snapshotCopy:SnapshotCopy",
        "aws:ec2/amiCopy:AmiCopy",
    ),
    stored("encrypted", "kmsKeyId"),
)
service("aws:ec2/ami:Ami", volumes("ebsBlockDevices"))
service("aws:ebs/encryptionByDefault:EncryptionByDefault", encrypted(on("enabled", default=True)))
service("aws:ebs/defaultKmsKey:DefaultKmsKey", keyed("keyArn"))
service("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", also=(shared("accountId"),))
service(
    "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
    also=(shared("accountId", "group", "organizationArn", "organizationalUnitArn"),),
)
service(
    (
        "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
        "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    ),
    anonymous(says("state", "unblocked")),
)
