"""Types of Google Cloud that nobody has reviewed."""

from rampart_policy.readers.generic import judged
from rampart_policy.registry import fallback

fallback("gcp")(judged)
