"""What this package raises."""


class ToolchainError(RuntimeError):
    """No engine could be had. The message says what is missing and what would do."""
