"""What all facts have in common."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(cls: type[T]) -> type[T]:
    """Make the class a frozen dataclass that takes its fields by name.

    Facts are judged and forgotten: neither compared nor printed. Without the methods for that, the pack starts sooner.
    """
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)


@fact
class Fact:
    """Something that is true of one resource by itself.

    Judged on its inputs, at preview and at update (preventive), and again on its outputs, over the deployed stack.
    """


@fact
class StackFact(Fact):
    """Something that is true of a resource together with the others in its stack.

    Judged over the whole stack: at preview as far as the references are known, and after the update (detective).
    """
