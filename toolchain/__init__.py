"""The Pulumi engine that Rampart runs on: found on PATH, or built from Go modules into the user's cache."""

from .engine import Engine, ensure
from .errors import ToolchainError

__all__ = ["Engine", "ToolchainError", "ensure"]
