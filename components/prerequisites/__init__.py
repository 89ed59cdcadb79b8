"""Prerequisites: what must exist in an account before anything else can."""

import pulumi

from components.capability import Capability


class Prerequisites(Capability, token="rampart:prerequisites:Prerequisites"):
    """Makes an account, project or subscription ready to hold a data plane.

    AWS: nothing; the service-linked roles that an account may lack are for the preflight to find. Google Cloud: the
    services (APIs) in use, left on when the stack goes, because others in the project may use them. Azure: the resource
    group that everything is placed in.
    """

    scope: pulumi.Output[str]
    """What resources are placed in; known only when it is ready to take them. See `components.site.Site`."""
