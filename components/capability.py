"""What every capability is: a component whose type token, children and outputs are the same on every cloud."""

import inspect
from typing import ClassVar

import pulumi


class Capability(pulumi.ComponentResource):
    """Base of every contract.

    A contract is a subclass that gives its type token (no cloud in it) and annotates its outputs; each implementation
    extends the contract, sets the outputs, and calls `done()` last. A resource's URN holds the types of its parents
    but not their names, so a child is named after its component and a constant: `f"{name}-objects"`.
    """

    token: ClassVar[str]
    outputs: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, token: str | None = None) -> None:
        super().__init_subclass__()
        if token:
            cls.token = token
            cls.outputs = tuple(inspect.get_annotations(cls))

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(self.token, name, None, opts)
        self.inside = pulumi.ResourceOptions(parent=self)

    def done(self) -> None:
        """Register the contract's outputs. A missing one is an `AttributeError` here, not in another cloud's stack."""
        self.register_outputs({name: getattr(self, name) for name in self.outputs})
