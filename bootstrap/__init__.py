"""A team's first day: what must stand in an account before the first region, and what pipelines act as."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, NamedTuple, Protocol, cast

import pulumi
import pulumi_random as random

from components.capability import Capability
from components.site import Location, Site

CloudName = Literal["aws", "gcp", "azure"]
RECOVERY_DAYS = 90
"""For how long a state that was overwritten or deleted can be brought back: the longest that the three clouds share."""

PULUMI = ".pulumi/"
"""What every object of a state begins with (Pulumi's self-managed backends)."""

OWN = "bootstrap"
"""Where in the bucket this program's own state is kept, apart: no pipeline reads or writes it."""


class Pipeline(NamedTuple):
    """Whose tokens are believed: an OIDC issuer, as a URL, and two subjects of its tokens, letter by letter."""

    issuer: str
    preview: str
    deploy: str


@dataclass(frozen=True, kw_only=True)
class BootstrapArgs:
    """What the first day needs; the fields mean the same on every cloud.

    pipeline: who previews and who deploys. reach: ranges of public addresses from which the state and the key of its
    secrets are reached. AWS and Google Cloud ask for an identity and take no heed of it. present: services whose
    service-linked role the account has already; of AWS only, where the account's first user makes them.
    """

    location: Location
    pipeline: Pipeline
    reach: Sequence[str] = ()
    present: Sequence[str] = ()


class Bootstrap(Capability, token="rampart:bootstrap:Bootstrap"):
    """The state of Pulumi's stacks, the key of the secrets in it, and two identities for pipelines without a key of
    their own.

    - **State**: private, versioned, under a key of its own that rotates every 90 days, and TLS only. Every read and
      write of it is logged: AWS by the account's trail, which is made too; Google Cloud by the audit logs of Cloud
      Storage and Cloud KMS; Azure by diagnostic settings, into a storage account.
    - **The key of secrets** is another one. Pulumi encrypts with it; the state bucket's service cannot.
    - **preview** reads the state, decrypts the secrets in it, and looks at the account; it changes nothing. Pulumi
      takes no lock for a preview, so that it need not write the state either.
    - **deploy** reads and writes the state, and makes what the components make.

    How far *deploy* can be held to that differs:

    - AWS: things of the data planes are known by tag and name; roles are made below one path, with a permissions
      boundary that *deploy* cannot change.
    - Google Cloud: the project is what holds it. Which roles it may give on the project is limited by a condition; on
      single resources there is no such condition, and it may act as the service accounts that it makes.
    - Azure: the subscription is what holds it. It gives no role that gives roles, but defines roles of its own.
    """

    backend: pulumi.Output[str]
    """What `pulumi login` takes, for the stacks of data planes."""

    own_backend: pulumi.Output[str]
    """The same for this program's own stack."""

    secrets_provider: pulumi.Output[str]
    """What `pulumi stack init --secrets-provider` takes."""

    preview: pulumi.Output[str]
    """Who previews: role ARN, principal, client id."""

    deploy: pulumi.Output[str]
    """Who deploys, likewise."""

    variables: pulumi.Output[dict[str, str]]
    """The variables that `.github/workflows` read, by name."""

    team: pulumi.Output[dict[str, str]]
    """What goes into team.yaml, by key: `boundaries.aws` is `aws` under `boundaries`."""

    def __init__(self, name: str, location: Location, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._location = location
        self._incarnation = random.RandomId(f"{name}-incarnation", byte_length=4, opts=self.inside).hex

    def site(self, scope: pulumi.Input[str]) -> Site:
        """For implementations: where things are made, in this scope."""
        return Site(location=self._location, scope=scope, incarnation=self._incarnation)


class Implementation(Protocol):
    """What a cloud must offer."""

    def Bootstrap(self, name: str, args: BootstrapArgs, opts: pulumi.ResourceOptions) -> Bootstrap: ...


def load(name: CloudName) -> Implementation:
    """The implementation of one cloud."""
    return cast(Implementation, import_module(f"bootstrap.{name}.program"))
