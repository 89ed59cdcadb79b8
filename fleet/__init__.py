"""Many stacks at once, over Pulumi's Automation API.

The environment is the caller's: `pulumi` on PATH, the backend, credentials. `fleet` selects stacks, runs them side by
side, and says what came of each.
"""

from fleet.outcome import Outcome, Violation, failures
from fleet.runner import Fleet

__all__ = ["Fleet", "Outcome", "Violation", "failures"]
