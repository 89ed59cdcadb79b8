"""pulumi-gcp (`gcp`): one module per service. Property names are the provider's, as the engine sends them."""

from rampart_policy.readers.gcp import firewall, iam, kms, network, storage

__all__ = ["firewall", "iam", "kms", "network", "storage"]
