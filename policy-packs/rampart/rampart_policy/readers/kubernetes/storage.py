"""Volumes: where they come from, and how classes of them are encrypted.

CSI drivers' documentation: aws-ebs-csi-driver, gcp-compute-persistent-disk-csi-driver, azuredisk-csi-driver, and the
in-tree plugins that they replace.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rampart_policy.facts import EncryptionAtRest, Fact, PodVolume, StorageEncryption
from rampart_policy.readers.kubernetes.objects import Manifest, manifest
from rampart_policy.values import UNKNOWN, Field, Node, Unknown


@dataclass(frozen=True, slots=True)
class Driver:
    """How a driver is asked for encryption. switch: parameter that must be `true`; empty where disks always are.
    key: parameter that names the customer's key.
    """

    switch: str
    key: str


_EBS = Driver("encrypted", "kmskeyid")
_PD = Driver("", "disk-encryption-kms-key")
_DISK = Driver("", "diskencryptionsetid")

DRIVERS = {
    "ebs.csi.aws.com": _EBS,
    "ebs.csi.eks.amazonaws.com": _EBS,
    "kubernetes.io/aws-ebs": _EBS,
    "pd.csi.storage.gke.io": _PD,
    "kubernetes.io/gce-pd": _PD,
    "disk.csi.azure.com": _DISK,
    "kubernetes.io/azure-disk": _DISK,
    "filestore.csi.storage.gke.io": Driver("", "instance-encryption-kms-key"),
    "fsx.csi.aws.com": Driver("", "kmskeyid"),
}
"""By provisioner. Drivers take names of parameters in any casing, and `true` in small letters only."""


@manifest("storage.k8s.io:StorageClass")
def storage_class(made: Manifest) -> Iterator[StorageEncryption | EncryptionAtRest]:
    provisioner, parameters = made.at("provisioner"), made.at("parameters")
    if isinstance(provisioner.raw, Unknown):
        yield StorageEncryption(enabled=Field(UNKNOWN, provisioner.path))
        return
    driver = DRIVERS.get(str(provisioner.raw))
    if driver is None or made.partial:
        return
    if driver.switch:
        enabled = _parameter(parameters, driver.switch)
        yield StorageEncryption(enabled=enabled.text(default="").map(lambda text: text == "true"))
    yield EncryptionAtRest(customer_key=_parameter(parameters, driver.key).text(default="").map(bool))


def _parameter(parameters: Node, name: str) -> Node:
    """A parameter by its name in any casing."""
    found = [place for key, place in parameters.entries() if key.lower() == name]
    return found[0] if found else parameters.key(name)


@manifest("core:PersistentVolume")
def persistent_volume(made: Manifest) -> Iterator[Fact]:
    """A volume from the node's own files shows them to whoever claims it."""
    host = made.at("spec.hostPath")
    if not host.missing:
        yield PodVolume(kind=Field(host.raw if isinstance(host.raw, Unknown) else "hostPath", host.path))
