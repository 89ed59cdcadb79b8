"""One stack is one region: read its settings, build its data plane, export what the next program needs."""

import gc
import sys
from pathlib import Path

import pulumi

# Pulumi runs this folder, and its parent holds the packages.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from components import clouds
from components.dataplane import DataPlane, DataPlaneArgs
from infra import sources
from infra.problems import SettingsError

stack = pulumi.get_stack()
folder = sources.config_dir(Path(pulumi.get_root_directory()))
try:
    settings = sources.read(stack, folder, pulumi.runtime.get_config_env())
except SettingsError as error:
    raise pulumi.RunError(str(error)) from None

# An SDK is a hundred thousand objects that stay until the end: looking for garbage among them costs a fifth of the
# program's time, and it does not run long enough to need it.
gc.disable()
location = settings.location(stack)
cloud = clouds.load(settings.cloud)
plane = DataPlane(
    "plane",
    cloud,
    DataPlaneArgs(
        location=location,
        cidr=settings.cidr,
        plan=settings.plan,
        postgres=settings.postgres,
        cache=settings.cache.size,
        kubernetes=settings.kubernetes,
        operators=settings.operators,
        receivers=settings.receivers,
        domains=settings.egress.domains,
        consumers=settings.ingest.consumers,
        peers=settings.peers,
    ),
    pulumi.ResourceOptions(providers=list(cloud.providers(location))),
)
for output in DataPlane.outputs:
    pulumi.export(output, getattr(plane, output))
