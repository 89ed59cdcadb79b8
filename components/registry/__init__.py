"""Registry: the private home of every image that runs, under the data plane's own key."""

from dataclasses import dataclass

import pulumi

from components.capability import Capability
from components.dns import Dns
from components.keys import Key
from components.network import Network
from components.site import Site

UNDELETED_DAYS = 7
"""For how long an image that nothing names any more is kept: the shortest that all three clouds can say."""

MIRRORED = ("registry.k8s.io", "quay.io")
"""Registries of others whose images are found in here: those that all three clouds mirror without a login."""


@dataclass(frozen=True, kw_only=True)
class RegistryArgs:
    """What a registry needs; the fields mean the same on every cloud.

    network, dns: where it is pulled from, and by which private names.
    key: encrypts every layer; `None` on the managed plan. It cannot be set, changed or removed later.
    """

    site: Site
    network: Network
    dns: Dns
    key: Key | None


class Registry(Capability, token="rampart:registry:Registry"):
    """Images that only the data plane's own nodes pull, with no way out: what is not in here does not run.

    Tags cannot be moved to another image once they are set, images are pulled by digest, and each is scanned when it
    is pushed where the cloud has a scanner of its own. What comes from elsewhere is mirrored into it.

    - AWS: one ECR repository per image, made by the first push or mirrored pull under the registry's prefix. ECR serves
      what it has mirrored to a network with no way out, but the first pull of each image needs one (ECR User Guide): a
      pipeline outside makes it. Nodes and add-ons run AWS's own images, which are pulled through the endpoints.
      Scanning is a setting of the whole account's registry. When the registry goes, its repositories and images stay.
    - Google Cloud: one repository for images, one per mirror. A mirror fetches through Google what it does not have
      yet, so that nodes with no way out can pull what nobody pulled before. In a VPC Service Controls perimeter that is
      refused until it is allowed for the region (`gcloud artifacts vpcsc-config allow`): a decision of the
      organization's, not made here. Images that no tag names are deleted after `UNDELETED_DAYS`.
    - Azure: a registry cannot forbid that tags move, only each single image can (`az acr repository update
      --write-enabled false`, by who pushes it). What runs is named by digest, and so stays. An image is scanned by
      Defender for Containers, if the subscription has it.

    **Key rotation**: AWS, *follows by itself*: new layers use the new version, old ones stay readable. Google Cloud,
    likewise: keep every old version enabled. Azure, *follows by itself*: the key is given without a version, and the
    registry rewraps its own.
    """

    id: pulumi.Output[str]
    """What a grant to pull or push names: ARN of ECR repositories (`.../*`), Artifact Registry repository name, ACR
    registry id."""

    host: pulumi.Output[str]
    """What an image's name begins with, without a slash at the end."""

    mirrors: pulumi.Output[dict[str, str]]
    """Where images of others are found in here, by the registry that they come from (`registry.k8s.io`)."""
