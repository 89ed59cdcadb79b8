"""Types of Azure that nobody has reviewed."""

from rampart_policy.readers.generic import judged
from rampart_policy.registry import fallback

fallback("azure-native")(judged)
