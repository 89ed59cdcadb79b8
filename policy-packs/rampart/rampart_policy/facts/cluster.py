"""Facts about a cluster's own rules: who may do what in it, and what it refuses."""

from rampart_policy.facts.base import Fact, fact
from rampart_policy.values import Field


@fact
class ApiWildcard(Fact):
    """One word of a role's rule: a verb, a resource, an API group or a path. wildcard: it stands for more than one."""

    wildcard: Field[bool]


@fact
class SensitiveAccess(Fact):
    """A verb on a resource by which its holder gets more than it says. sensitive: it is such a pair. named: only on the
    objects that the rule names.
    """

    sensitive: Field[bool]
    named: Field[bool]


@fact
class SecretAccess(Fact):
    """A verb that reads secrets. reads: it does. named: only the secrets that the rule names."""

    reads: Field[bool]
    named: Field[bool]


@fact
class RoleAggregation(Fact):
    """A role that takes in the rules of others. everything: of all there are."""

    everything: Field[bool]


@fact
class ClusterSubject(Fact):
    """Whom a binding lets in. superuser: a group that no rule limits. default_account: of pods that name no other."""

    superuser: Field[bool]
    default_account: Field[bool]


@fact
class NamespaceAdmission(Fact):
    """What a namespace refuses. level: the Pod Security profile that it enforces; empty for none."""

    level: Field[str]


@fact
class AdmissionFailure(Fact):
    """Whether a check of what comes in lets everything pass when it fails itself."""

    ignored: Field[bool]


@fact
class AdmissionScope(Fact):
    """Whether a webhook is shown every object of the cluster, secrets too."""

    everything: Field[bool]


@fact
class AdmissionTarget(Fact):
    """Whether a webhook's calls leave the cluster."""

    outside: Field[bool]


@fact
class AdmissionAction(Fact):
    """Whether an admission policy refuses what it finds."""

    denies: Field[bool]


@fact
class PodAllowance(Fact):
    """One thing that a policy on pods (PodSecurityPolicy, SecurityContextConstraints) may let them have."""

    allowed: Field[bool]


@fact
class CertificateCheck(Fact):
    """Whether a client checks the certificate of the server that it talks to."""

    skipped: Field[bool]
