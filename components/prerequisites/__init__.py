"""Prerequisites: what must exist in an account before anything else can."""

import pulumi

from components.capability import Capability


class Prerequisites(Capability, token="rampart:prerequisites:Prerequisites"):
    """Makes an account, project or subscription ready to hold a data plane.

    AWS: nothing. An account has one service-linked role per service, whatever its stacks, so no stack can own it: those
    of `autoscaling`, `eks`, `eks-nodegroup`, `elasticache` and `rds` must be there, which they are once somebody has
    used the services, or `bootstrap` has made them; KMS refuses the volumes' key without the first. Google Cloud: the
    services (APIs) in use, and audit logs of who used keys, read secrets and called Kubernetes, left on when the stack
    goes, because others in the project may use them. Azure: the resource group that everything is placed in.
    """

    scope: pulumi.Output[str]
    """What resources are placed in; known only when it is ready to take them. See `components.site.Site`."""
