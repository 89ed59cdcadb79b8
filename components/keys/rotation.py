"""What a key's rotation does to what is under it: for every purpose and cloud, in one table.

The contracts say the same in words. `fleet rotate` does what is an action here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.keys import Purpose


class Following(StrEnum):
    """Whether what is under a key goes over to its new version."""

    BY_ITSELF = "follows by itself"
    ACTION = "needs an action"
    CANNOT = "cannot"


@dataclass(frozen=True)
class Rotation:
    """following: whether. how: what happens, what is to be done, or why it cannot be; and where that is known from."""

    following: Following
    how: str


def _follows(how: str) -> Rotation:
    return Rotation(Following.BY_ITSELF, how)


def _needs(how: str) -> Rotation:
    return Rotation(Following.ACTION, how)


def _cannot(how: str) -> Rotation:
    return Rotation(Following.CANNOT, how)


_AWS = _follows("the key's ARN stays; new data keys are under the new material, old ones stay readable (KMS guide)")
_GOING_FORWARD = _follows("what is new is under the new version; what is there stays under its own, which must be kept")
_REWRAPPED = _follows("the key is given without a version; the service looks daily and rewraps its own key")

ROTATIONS: Mapping[Purpose, Mapping[str, Rotation]] = {
    Purpose.AUDIT: {"aws": _AWS, "gcp": _GOING_FORWARD, "azure": _REWRAPPED},
    Purpose.BUCKET: {"aws": _AWS, "gcp": _GOING_FORWARD, "azure": _REWRAPPED},
    Purpose.CACHE: {
        "aws": _AWS,
        "gcp": _cannot(
            "the key is fixed at creation, and whether its new versions are taken is not documented: keep all"
        ),
        "azure": _needs("the cache takes one version of the key: give it the current one (refresh the key, and up)"),
    },
    Purpose.CLUSTER: {
        "aws": _AWS,
        "gcp": _needs("set the same database encryption key again: GKE then writes every secret anew"),
        "azure": _needs(
            "the cluster takes one version of the key: give it the current one, then write every secret anew"
        ),
    },
    Purpose.FIELDS: {
        "aws": _AWS,
        "gcp": _follows("new fields are under the new version; each ciphertext says which one it needs"),
        "azure": _follows("new fields are under the new version; the application keeps each one's version beside it"),
    },
    Purpose.LOGS: {"aws": _AWS, "gcp": _GOING_FORWARD, "azure": _REWRAPPED},
    Purpose.POSTGRES: {
        "aws": _AWS,
        "gcp": _needs("instances.reencrypt: the server stays under the version it was made or last re-encrypted with"),
        "azure": _REWRAPPED,
    },
    Purpose.REGISTRY: {"aws": _AWS, "gcp": _GOING_FORWARD, "azure": _REWRAPPED},
    Purpose.SECRETS: {
        "aws": _AWS,
        "gcp": _GOING_FORWARD,
        "azure": _cannot("a vault's contents are under Azure's own keys: there is no customer-managed key to rotate"),
    },
    Purpose.STATE: {"aws": _AWS, "gcp": _GOING_FORWARD, "azure": _REWRAPPED},
    Purpose.STATE_SECRETS: {
        "aws": _AWS,
        "gcp": _follows("a ciphertext says which version it needs; what is wrapped anew is under the new one"),
        "azure": _needs(
            "Pulumi decrypts with the one version that a stack's provider names, or else with the newest: name one, "
            "and give each stack the next by pulumi stack change-secrets-provider"
        ),
    },
    Purpose.VOLUMES: {
        "aws": _AWS,
        "gcp": _needs("disks.updateKmsKey for each volume; nodes take the new version when they are renewed"),
        "azure": _follows("the disk encryption set moves its disks within the hour, but for ephemeral ones"),
    },
}
