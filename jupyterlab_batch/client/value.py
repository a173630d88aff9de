"""What all values of the contract share: they are equal, and shown, by their fields."""

from __future__ import annotations


class Value:
    """Base of the generated dataclasses.

    Dataclasses would write both methods anew for each class, and a text for each that has none,
    which costs a kernel more time at its start than all the rest of the client.
    """

    def __init_subclass__(cls) -> None:
        if cls.__doc__ is None:
            cls.__doc__ = f"{cls.__name__}, as the contract describes it."

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # they can change

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"
