import pulumi

from components.prerequisites import Prerequisites
from components.site import Location


class AccountPrerequisites(Prerequisites):
    def __init__(self, name: str, location: Location, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.scope = pulumi.Output.from_input(location.account)
        self.done()
