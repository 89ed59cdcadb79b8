"""Simulated clouds: resource providers that the real Pulumi engine attaches to, strict where real clouds are.

Test tooling, never imported by the product. docs/fidelity.md says what they check and what they do not.
"""

from simulator.client import Clouds, start

__all__ = ["Clouds", "start"]
