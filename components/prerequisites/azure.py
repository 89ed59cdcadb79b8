import pulumi
import pulumi_azure_native as azure

from components.prerequisites import Prerequisites
from components.site import Location


class SubscriptionPrerequisites(Prerequisites):
    def __init__(self, name: str, location: Location, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = azure.resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=f"rampart-{location.stack}",
            location=location.region,
            tags=location.tags,
            # Whoever deletes the group deletes what is in it.
            opts=location.guarded(self),
        )
        self.scope = group.name
        self.done()
