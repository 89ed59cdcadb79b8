"""What all facts have in common."""

from typing import Any, ClassVar, NoReturn, Self, TypeVar, dataclass_transform

T = TypeVar("T", bound="Fact")


class Fact:
    """Something that is true of one resource by itself. Made with all its fields by name, and never changed.

    Judged on its inputs, at preview and at update (preventive), and again on its outputs, over the deployed stack.

    A plain class, and no dataclass: what a dataclass generates takes nearly a millisecond for each, which a pack of a
    hundred facts pays at every start.
    """

    _required: ClassVar[frozenset[str]] = frozenset()
    _fields: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **values: Any) -> None:
        if not self._required <= values.keys() <= self._fields:
            wrong = sorted(self._required - values.keys() | values.keys() - self._fields)
            raise TypeError(f"{type(self).__name__} has the fields {sorted(self._fields)}: {wrong} missing or unknown")
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is not changed: make another")

    def fields(self) -> dict[str, Any]:
        """Values by name."""
        return {name: getattr(self, name) for name in self._fields}

    def replaced(self, **changes: Any) -> Self:
        """A copy with other values."""
        return type(self)(**self.fields() | changes)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def fact(cls: type[T]) -> type[T]:
    """Declare a fact: annotations are its fields, a value that one has in the class is its default."""
    cls._fields = cls._fields | cls.__annotations__.keys()
    cls._required = frozenset(name for name in cls._fields if not hasattr(cls, name))
    return cls


class StackFact(Fact):
    """Something that is true of a resource together with the others in its stack.

    Judged over the whole stack: at preview as far as the references are known, and after the update (detective).
    """
