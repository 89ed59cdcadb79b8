"""A part of the data plane, by the same components: small enough to be interrupted many times in one test run."""

import gc
import sys
from pathlib import Path

import pulumi
import pulumi_random as random

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from components import clouds
from components.bucket import BucketArgs
from components.dns import DnsArgs
from components.keys import KeysArgs, Purpose
from components.network import NetworkArgs
from components.secrets import SecretsArgs
from components.site import Site
from infra import sources

gc.disable()
stack = pulumi.get_stack()
folder = sources.config_dir(Path(pulumi.get_root_directory()))
settings = sources.read(stack, folder, pulumi.runtime.get_config_env())
location, cloud = settings.location(stack), clouds.load(settings.cloud)
options = pulumi.ResourceOptions(providers=list(cloud.providers(location)))

incarnation = random.RandomId("incarnation", byte_length=4, opts=options)
prerequisites = cloud.Prerequisites("prerequisites", location, options)
site = Site(location=location, scope=prerequisites.scope, incarnation=incarnation.hex)
network = cloud.Network("network", NetworkArgs(site=site, cidr=settings.cidr), options)
dns = cloud.Dns("dns", DnsArgs(site=site, network=network), options)
purposes = (Purpose.BUCKET, Purpose.SECRETS)
keys = cloud.Keys("keys", KeysArgs(site=site, network=network, dns=dns, purposes=purposes), options)
bucket = BucketArgs(site=site, network=network, dns=dns, key=keys[Purpose.BUCKET], recovery_days=7)
cloud.Bucket("objects", bucket, options)
secrets = SecretsArgs(site=site, network=network, dns=dns, key=keys[Purpose.SECRETS], names=("signing",))
cloud.Secrets("secrets", secrets, options)
