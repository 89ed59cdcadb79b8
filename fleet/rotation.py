"""After a key's rotation: what brings a store under the new version where it does not go there by itself.

`components.keys.rotation` says for every store and cloud whether it does.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.keys import Purpose
from fleet.commands import Run

Resource = Mapping[str, Any]

VERSIONED = ("azure-native:keyvault:Key",)
"""Types of keys whose current version some stores name: it is read anew, and the next update gives it to them."""


@dataclass(frozen=True)
class Task:
    """One command.

    purpose: whose store it is for. inside: it reaches the Kubernetes API, so it runs inside the network only.
    """

    purpose: Purpose
    command: tuple[str, ...]
    inside: bool = False

    def __str__(self) -> str:
        return " ".join(self.command)


def versioned(resources: Sequence[Resource]) -> list[str]:
    """The URNs of keys that are to be read anew before the update."""
    return [resource["urn"] for resource in resources if resource["type"] in VERSIONED]


def tasks(resources: Sequence[Resource], run: Run) -> Iterator[Task]:
    """What is left to do for the stores of a stack's state after that. `run` is asked what the state does not know."""
    for resource in resources:
        if found := _TASKS.get(resource["type"]):
            yield from found(resource["outputs"], run)


def _server(outputs: Mapping[str, Any], _: Run) -> Iterator[Task]:
    """Cloud SQL re-encrypts with the primary version (Cloud SQL Admin API, instances.reencrypt)."""
    if outputs.get("encryptionKeyName"):
        where = ("--project", outputs["project"], "--quiet")
        yield Task(Purpose.POSTGRES, ("gcloud", "sql", "instances", "reencrypt", outputs["name"], *where))


def _gke(outputs: Mapping[str, Any], run: Run) -> Iterator[Task]:
    """GKE writes every secret anew when its encryption is set (GKE documentation, application-layer encryption)."""
    if key := (outputs.get("databaseEncryption") or {}).get("keyName"):
        where = ("--location", outputs["location"], "--project", outputs["project"], "--quiet")
        update = ("gcloud", "container", "clusters", "update", outputs["name"], "--database-encryption-key", key)
        yield Task(Purpose.CLUSTER, (*update, *where))
    disk = ((outputs.get("nodeConfig") or {}).get("bootDiskKmsKey")) or ""
    if disk:
        yield from _volumes(disk, outputs["project"], run)


def _volumes(key: str, project: str, run: Run) -> Iterator[Task]:
    """Each disk under the key goes over to the primary version in place (Compute Engine API, disks.updateKmsKey)."""
    wanted = f"diskEncryptionKey.kmsKeyName~^{key}(/|$)"
    found = run(("gcloud", "compute", "disks", "list", "--project", project, "--filter", wanted, "--format", "json"))
    for disk in json.loads(found):
        kind = "zone" if "zone" in disk else "region"
        where = (f"--{kind}", disk[kind].rpartition("/")[2], "--project", project, "--quiet")
        yield Task(Purpose.VOLUMES, ("gcloud", "compute", "disks", "update-kms-key", disk["name"], *where))


def _aks(outputs: Mapping[str, Any], _: Run) -> Iterator[Task]:
    """Secrets are under the version that they were last written with (AKS documentation, KMS)."""
    kms = ((outputs.get("securityProfile") or {}).get("azureKeyVaultKms")) or {}
    if kms.get("enabled"):
        rewrite = "kubectl get secrets --all-namespaces -o json | kubectl replace -f -"
        yield Task(Purpose.CLUSTER, ("sh", "-c", rewrite), inside=True)


_TASKS: Mapping[str, Callable[[Mapping[str, Any], Run], Iterator[Task]]] = {
    "gcp:sql/databaseInstance:DatabaseInstance": _server,
    "gcp:container/cluster:Cluster": _gke,
    "azure-native:containerservice:ManagedCluster": _aks,
}
