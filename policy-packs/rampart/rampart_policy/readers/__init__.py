"""Readers: what a resource of each type *is*. One small function per type, one module per service.

`addresses` says which address ranges are the internet; `kinds` reads what holds whatever the type. A provider's readers
are imported when the first resource of its package arrives: a stack needs those of its own cloud only.
"""

from functools import cache
from importlib import import_module

PACKAGES = {
    "aws": "aws",
    "gcp": "gcp",
    "azure-native": "azure",
    "kubernetes": "kubernetes",
    "random": "random",
    "pulumi": "pulumi",
}
"""The module here that holds the readers of each package of resource types."""


@cache
def load(package: str) -> None:
    """Have the readers of a package declare themselves; nothing for a package without."""
    if package in PACKAGES:
        import_module(f"{__name__}.{PACKAGES[package]}")


def load_all() -> None:
    """Have all readers declare themselves, for catalogues and tests."""
    for package in PACKAGES:
        load(package)
