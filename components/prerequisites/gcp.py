import pulumi
import pulumi_gcp as gcp

from components.prerequisites import Prerequisites
from components.site import Location

SERVICES = ("cloudkms", "compute", "dns", "iam", "logging", "sqladmin", "storage")
"""The Google APIs that the components call, without `.googleapis.com`."""


class ProjectPrerequisites(Prerequisites):
    def __init__(self, name: str, location: Location, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        enabled = [
            gcp.projects.Service(
                f"{name}-{service}",
                project=location.account,
                service=f"{service}.googleapis.com",
                disable_on_destroy=False,
                opts=self.inside,
            )
            for service in SERVICES
        ]
        # Whoever uses the scope waits for the services, without naming them.
        projects = pulumi.Output.all(*(service.project for service in enabled))
        self.scope = projects.apply(lambda names: str(names[0]))
        self.done()
