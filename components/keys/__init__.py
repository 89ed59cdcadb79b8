"""Keys: one customer-managed key per purpose, rotated by the cloud every 90 days, usable by one service."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.network import Network
from components.site import Site

ROTATION_DAYS = 90
"""A constant, not a setting. It is also the shortest period that AWS KMS takes (`aws.kms.Key`: 90 to 2560)."""

DELETION_DAYS = 30
"""How long a key that is deleted can be brought back: the longest that AWS KMS takes (`aws.kms.Key`: 7 to 30)."""

VAULT_DAYS = 90
"""The same for a vault of Azure and the keys in it: the longest that Key Vault takes (`azure_native.keyvault.Vault`:
7 to 90)."""


class Purpose(StrEnum):
    """What a key encrypts. A key serves one purpose, so that losing or revoking one says exactly what is lost."""

    BUCKET = "bucket"
    CACHE = "cache"
    CLUSTER = "cluster"  # Kubernetes secrets
    FIELDS = "fields"  # single fields of records, by the workloads themselves
    LOGS = "logs"
    POSTGRES = "postgres"
    REGISTRY = "registry"
    SECRETS = "secrets"
    VOLUMES = "volumes"  # node disks and persistent volumes
    # Of the first day's program, `bootstrap`, and of no data plane:
    AUDIT = "audit"  # who called which API of the account
    STATE = "state"  # Pulumi's state
    STATE_SECRETS = "state-secrets"  # the secrets in it, by Pulumi itself


DATA_PLANE = tuple(
    purpose for purpose in Purpose if purpose not in (Purpose.AUDIT, Purpose.STATE, Purpose.STATE_SECRETS)
)
"""The purposes of a data plane's keys."""


@dataclass(frozen=True, kw_only=True)
class KeysArgs:
    """What the keys need.

    network, dns: where the keys of single fields and of Kubernetes secrets are used from, and by which private names.
    purposes: one key is made for each.
    """

    site: Site
    network: Network
    dns: Dns
    purposes: tuple[Purpose, ...]


class Key(Capability, token="rampart:keys:Key"):
    """A key for one purpose, granted to the one service identity that uses it, if there is one.

    The same strength everywhere: held in a hardware security module, rotated by the cloud every 90 days, deleted only
    after the longest waiting time the cloud offers. AWS and Google Cloud use AES-256; Azure wraps with RSA 3072,
    because that is what its stores accept.
    """

    id: pulumi.Output[str]
    """What a store is given: key ARN, CryptoKey id, versionless key URI. Known only once the service may use it."""

    version: pulumi.Output[str]
    """The same for a store that takes one version only: on Azure the URI of the version that is current, which a
    rotation changes (see the store's contract); elsewhere the same as `id`."""

    user: pulumi.Output[str]
    """Who uses the key for the store: the AWS service as the caller's proxy (`s3.<region>.amazonaws.com`), the e-mail
    of Google's service agent, the id of an Azure user-assigned identity. Empty for `fields` and
    `state-secrets`: whoever is granted it."""


class Keys(Capability, token="rampart:keys:Keys"):
    """All keys of a data plane, by purpose, in what the cloud keeps them in (a key ring, a vault)."""

    ids: pulumi.Output[dict[str, str]]
    """Key ids by purpose."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._keys: dict[Purpose, Key] = {}

    def __getitem__(self, purpose: Purpose) -> Key:
        """The key for a purpose; `KeyError` for one that was not asked for."""
        return self._keys[purpose]

    def hold(self, keys: Mapping[Purpose, Key]) -> None:
        """For implementations: take the keys that were made, and register."""
        self._keys = dict(keys)
        self.ids = pulumi.Output.all(**{str(purpose): key.id for purpose, key in keys.items()})
        self.done()
