"""Readers: what a resource of each type *is*. One small function per type, one module per service.

`kinds` reads what holds whatever the type; `addresses` says which address ranges are the internet.
"""

from rampart_policy.readers import aws, azure, gcp, kinds, providers, pulumi, random

__all__ = ["aws", "azure", "gcp", "kinds", "providers", "pulumi", "random"]
