import pulumi
import pulumi_gcp as gcp

from components.prerequisites import Prerequisites
from components.site import Location

SERVICES = (
    "artifactregistry",
    "cloudkms",
    "cloudresourcemanager",  # grants on the project, and its number
    "compute",
    "container",
    "containerscanning",  # images are scanned where it is on
    "dns",
    "iam",
    "iamcredentials",  # workloads take on their service accounts through it
    "logging",
    "memorystore",
    "monitoring",
    "networkconnectivity",
    "secretmanager",
    "serviceconsumermanagement",
    "sqladmin",
    "storage",
    "sts",
)
"""The Google APIs that the components and what runs in them call, without `.googleapis.com`."""

AUDITED = {
    "cloudkms": ("DATA_READ",),  # who used a key, and who was denied it
    "container": ("ADMIN_READ", "DATA_READ", "DATA_WRITE"),  # every call to Kubernetes
    "secretmanager": ("DATA_READ",),  # who read a secret
}
"""APIs whose audit log has more than changes, which are always in it, and what more."""


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
        for service, kinds in AUDITED.items():
            gcp.projects.IAMAuditConfig(
                f"{name}-audit-{service}",
                project=self.scope,
                service=f"{service}.googleapis.com",
                audit_log_configs=[gcp.projects.IAMAuditConfigAuditLogConfigArgs(log_type=kind) for kind in kinds],
                # It is the project's, and stays on as its services do.
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            )
        self.done()
