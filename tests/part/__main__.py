"""A part of the data plane, by the same components: for tests that are not about how much of it there is."""

import gc
import sys
from pathlib import Path

import pulumi
import pulumi_random as random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components import clouds
from components.bucket import BucketArgs
from components.capability import Capability
from components.dns import DnsArgs
from components.keys import KeysArgs, Purpose
from components.logs import LogsArgs
from components.network import NetworkArgs
from components.secrets import SecretsArgs
from components.site import Site
from infra import sources

gc.disable()
stack = pulumi.get_stack()
folder = sources.config_dir(Path(pulumi.get_root_directory()))
settings = sources.read(stack, folder, pulumi.runtime.get_config_env())
location, cloud = settings.location(stack), clouds.load(settings.cloud)


class Part(Capability, token="rampart:dataplane:DataPlane"):
    """As much as keeps the policy pack content: under the whole one's type, so that its exceptions hold here, too."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, opts)
        incarnation = random.RandomId(f"{name}-incarnation", byte_length=4, opts=self.inside)
        prerequisites = cloud.Prerequisites("prerequisites", location, self.inside)
        site = Site(location=location, scope=prerequisites.scope, incarnation=incarnation.hex)
        network = cloud.Network("network", NetworkArgs(site=site, cidr=settings.cidr), self.inside)
        dns = cloud.Dns("dns", DnsArgs(site=site, network=network), self.inside)
        purposes = (Purpose.BUCKET, Purpose.LOGS, Purpose.SECRETS)
        wanted = KeysArgs(site=site, network=network, dns=dns, purposes=purposes)
        keys = None if settings.plan == "managed" else cloud.Keys("keys", wanted, self.inside)
        bucket, logs, secrets = [keys[purpose] if keys else None for purpose in purposes]
        cloud.Logs("logs", LogsArgs(site=site, network=network, key=logs), self.inside)
        cloud.Bucket(
            "objects", BucketArgs(site=site, network=network, dns=dns, key=bucket, recovery_days=7), self.inside
        )
        cloud.Secrets(
            "secrets", SecretsArgs(site=site, network=network, dns=dns, key=secrets, names=("signing",)), self.inside
        )
        self.done()


Part("plane", pulumi.ResourceOptions(providers=list(cloud.providers(location))))
