"""Where a data plane stands, and what the things in it are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi

Protection = Literal["production", "development"]
"""`production`: what holds data or keys is neither deleted nor replaced, by Pulumi or by the cloud where it has a lock.
`development`: it goes when the stack goes."""


@dataclass(frozen=True, kw_only=True)
class Location:
    """What is known of a data plane before anything exists.

    stack: the stack's name, in tags and in names that people read (`aws-us-east-1`).
    region: the cloud's own name of the region (`us-east-1`, `us-east4`, `eastus2`).
    zones: three or more zones of the region: AWS zone ids (`use1-az1`: the same place in every account, unlike zone
        names), Google Cloud zone names, Azure logical zone numbers.
    account: AWS account id, Google Cloud project id, Azure subscription id. Nothing is made anywhere else.
    tags: on everything that takes tags or labels; keys and values in `[a-z0-9_-]`, at most 63 characters, which all
        three clouds accept.
    protection: whether what holds data or keys may be lost.
    boundary: what limits every identity that is made, where a cloud knows such a thing: the ARN of the managed policy
        that is the permissions boundary of AWS roles.
    """

    stack: str
    region: str
    zones: tuple[str, ...]
    account: str
    tags: Mapping[str, str]
    protection: Protection = "production"
    boundary: str | None = None

    @property
    def protected(self) -> bool:
        return self.protection == "production"

    def guarded(self, parent: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options for a child that holds data or keys.

        In production Pulumi refuses to delete or replace it (`protect`), and when it leaves the state all the same, it
        stays in the cloud (`retain_on_delete`).
        """
        guard = True if self.protected else None
        return pulumi.ResourceOptions(parent=parent, protect=guard, retain_on_delete=guard)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A location with what only a deployment knows; every component is given one.

    scope: what resources are placed in, ready to take them: AWS account id, Google Cloud project id, Azure resource
        group name. From `Prerequisites`.
    incarnation: eight hexadecimal digits kept in the stack's state. The names of buckets and databases are shared with
        the world or outlive what they named: they end in it.
    """

    location: Location
    scope: pulumi.Input[str]
    incarnation: pulumi.Input[str]

    def physical(self, name: str) -> pulumi.Output[str]:
        """A name for what is unique in an account or in the world: `rampart-<name>-<incarnation>`.

        Only lower-case letters, digits and dashes, at most 63 characters.
        """
        return pulumi.Output.concat("rampart-", name, "-", self.incarnation)

    def compact(self, name: str) -> pulumi.Output[str]:
        """The same for services that allow 24 letters and digits only (Azure storage accounts)."""
        return pulumi.Output.concat("rp", "".join(c for c in name.lower() if c.isalnum())[:14], self.incarnation)
