"""What all facts have in common."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that is true of one resource by itself; judged at preview and at update, on its inputs (preventive)
    and again, over the deployed stack, on its outputs.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFact(Fact):
    """Something that is true of a resource together with the others in its stack; judged over the whole stack, at
    preview as far as the references are known, and after the update (detective).
    """
