import subprocess
import sys
from pathlib import Path
from typing import cast

import pulumi
import pytest

from components.bucket import BucketArgs
from components.capability import Capability
from components.dns import Dns
from components.network import Network
from components.postgres import Capacity
from components.site import Location, Site

SITE = Site(
    location=Location(stack="aws-us-east-1", region="us-east-1", zones=("a", "b", "c"), account="1", tags={}),
    scope="1",
    incarnation="0a1b2c3d",
)

# Arguments are judged before anything is made of them.
NOWHERE, NAMELESS = cast(Network, None), cast(Dns, None)


@pytest.mark.parametrize(
    ("cloud", "others"), [("aws", "gcp azure_native"), ("gcp", "aws azure_native"), ("azure", "aws gcp")]
)
def test_a_stack_imports_only_its_own_clouds_sdk(cloud: str, others: str) -> None:
    program = (
        "import sys; from components import clouds, dataplane;"
        f"clouds.load({cloud!r}); print(*(m for m in {others.split()!r} if 'pulumi_' + m in sys.modules))"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert run.stdout.strip() == ""


def test_an_output_that_an_implementation_forgot_is_an_error_where_it_was_forgotten() -> None:
    class Contract(Capability, token="test:contract:Contract"):
        given: pulumi.Output[str]
        forgotten: pulumi.Output[str]

    class Implementation(Contract):
        def __init__(self) -> None:
            self.given = pulumi.Output.from_input("x")

    assert Implementation.outputs == ("given", "forgotten")
    with pytest.raises(AttributeError, match="forgotten"):
        Implementation().done()


@pytest.mark.parametrize("days", [6, 91])
def test_a_recovery_time_that_one_cloud_lacks_is_refused(days: int) -> None:
    with pytest.raises(ValueError, match="7 to 90"):
        BucketArgs(site=SITE, network=NOWHERE, dns=NAMELESS, key=None, recovery_days=days)


@pytest.mark.parametrize(("change", "says"), [({"backup_days": 36}, "7 to 35"), ({"storage_gib": 16}, "32 to 16384")])
def test_a_server_that_one_cloud_lacks_is_refused(change: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Capacity(**change)  # type: ignore[arg-type] # by name
