"""Durations as Google Cloud writes them."""

from rampart_policy.values import Field, Node

DAY = 86_400


def days(node: Node, default: str) -> Field[float]:
    """Days of a duration in seconds (`7776000s`)."""
    return node.text(default=default).parse(lambda text: float(text.removesuffix("s")) / DAY, "a duration (7776000s)")
