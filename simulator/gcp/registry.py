"""Artifact Registry: repositories of images, own ones and mirrors."""

from simulator.cloud import Name, Operation
from simulator.gcp.identity import REGISTRY, encrypts
from simulator.gcp.resource import MET, SDK, never, row, tokens
from simulator.rules import matches, one_of

(REPOSITORY,) = tokens("artifactregistry", "Repository")
_INVALID, _MODES = "400 INVALID_ARGUMENT", ("STANDARD_REPOSITORY", "REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY")
_FORM = "[a-z]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = Name("repositoryId", MET, _FORM, _INVALID, taken="409 ALREADY_EXISTS", auto=None)
_OUTPUTS = {"name": "{repositoryId}", "registryUri": "{location}-docker.pkg.dev/{account}/{repositoryId}"}
_FIXED = "format kmsKeyName mode remoteRepositoryConfig.commonRepository remoteRepositoryConfig.dockerRepository"
_DEFAULTS = {"mode": "STANDARD_REPOSITORY"}
_PATH = "locations/{location}/repositories/{repositoryId}"
TYPES = (row(REPOSITORY, 10, _PATH, _FIXED, name=_NAME, outputs=_OUTPUTS, defaults=_DEFAULTS),)


def _sourceless(repository: Operation) -> bool:
    remote = repository.one("mode") == "REMOTE_REPOSITORY"
    return bool(remote) != bool(repository.inputs.get("remoteRepositoryConfig"))


RULES = (
    one_of(REPOSITORY, "mode", _MODES, _INVALID, SDK),
    one_of(REPOSITORY, "cleanupPolicies.action", ("DELETE", "KEEP"), _INVALID, SDK),
    matches(REPOSITORY, "cleanupPolicies.condition.olderThan", r"[0-9]+[smhd]", _INVALID, SDK),
    *never(
        *(REPOSITORY, _INVALID, SDK),
        ("mode", "a REMOTE_REPOSITORY says of what (`remoteRepositoryConfig`), no other does", _sourceless, "write"),
    ),
    *encrypts(REPOSITORY, "kmsKeyName", REGISTRY, (_INVALID, "403 PERMISSION_DENIED")),
)
