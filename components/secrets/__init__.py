"""Secrets: the cloud's secret store, private, with one entry for each secret that a workload may be given."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.network import Network
from components.site import Site

RECOVERY_DAYS = 30
"""How long a deleted secret can be brought back: the longest that Secrets Manager takes."""


@dataclass(frozen=True, kw_only=True)
class SecretsArgs:
    """What the store needs; the fields mean the same on every cloud.

    network, dns: where it is reached from, and by which private names.
    key: encrypts the secrets; `None` on the managed plan.
    names: one entry is made for each: lower-case letters, digits and dashes. `ValueError` for any other.
    """

    site: Site
    network: Network
    dns: Dns
    key: Key | None
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in self.names:
            if not name.replace("-", "").isalnum() or name != name.lower() or not name[0].isalpha():
                raise ValueError(f"the secret {name!r}: wants lower-case letters, digits and dashes, a letter first")


class Secret(Capability, token="rampart:secrets:Secret"):
    """One entry. Its value never passes through Pulumi: who was granted `write` puts it in, from inside the network."""

    id: pulumi.Output[str]
    """What a grant names: secret ARN, secret id, the id of the secret in its vault."""


class Secrets(Capability, token="rampart:secrets:Secrets"):
    """All secrets of a data plane, by name.

    A value is given to nobody who is not in the network: AWS, by a resource policy; Azure, because
    the vault listens nowhere else. Google Cloud: whoever was granted it, from wherever a perimeter of VPC Service
    Controls, which is the organization's, lets them call.

    - Google Cloud: not regional secrets, whose endpoint of their own the restricted API range does not serve, but ones
      replicated to the region alone. A version that is destroyed can be brought back for `RECOVERY_DAYS`; a secret that
      is deleted cannot, which in production is refused by Pulumi, twice.
    - Azure: a vault apart from that of the keys. Azure encrypts what is in a vault under keys of its own, in its
      hardware security modules, and takes none of the customer's: `key` is not used. An entry that nobody has written
      to yet holds a first version that is disabled, because a vault has no entries without one.

    **Key rotation**: AWS, *follows by itself*: new values under the new material, old ones stay readable. Google
    Cloud, likewise: keep every old version of the key enabled. Azure, *cannot*: the keys are Azure's.
    """

    ids: pulumi.Output[dict[str, str]]
    """Secret ids by name."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._secrets: dict[str, Secret] = {}

    def __getitem__(self, name: str) -> Secret:
        """The entry of that name; `KeyError` for one that was not asked for."""
        return self._secrets[name]

    def hold(self, secrets: Mapping[str, Secret]) -> None:
        """For implementations: take the entries that were made, and register."""
        self._secrets = dict(secrets)
        self.ids = pulumi.Output.all(**{name: secret.id for name, secret in secrets.items()})
        self.done()
