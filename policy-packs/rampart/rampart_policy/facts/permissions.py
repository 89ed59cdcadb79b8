"""Facts about permissions: what identities may do, who may become them, and with which credentials."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class Permission(Fact):
    """One statement of what an identity may do. every_action, every_resource: of a service, or of all.

    narrowed: a condition names which resources, or the actions take none (they list, or concern the caller only).
    """

    allows: Field[bool]
    every_action: Field[bool]
    every_resource: Field[bool]
    narrowed: Field[bool]


@fact
class ServiceTrust(Fact):
    """A service of the cloud that may act as an identity. deputy: it does so for any customer's resource, and says
    whose. scoped: a condition names the own account or resource.
    """

    allows: Field[bool]
    deputy: Field[bool]
    scoped: Field[bool]


@fact
class FederatedTrust(Fact):
    """An identity provider whose logins may act as an identity. exact: a condition names the subjects one by one.
    audience: and whom the token was made out to, where the provider has more than one customer.
    """

    allows: Field[bool]
    exact: Field[bool]
    audience: Field[bool] = Field(True)


@fact
class ExportedKey(Fact):
    """Whether a long-lived key leaves the cloud: it is in the state, and in whatever it is copied to."""

    exported: Field[bool]


@fact
class Escalation(Fact):
    """One statement that lets an identity give itself, or another, more than it has. possible: on identities that it
    does not name one by one. bounded: a condition limits what can be given.
    """

    allows: Field[bool]
    possible: Field[bool]
    bounded: Field[bool]
