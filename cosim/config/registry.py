"""Records by name: each name once, and an error with the nearest name for one that is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from cosim.config import arguments
from cosim.errors import CosimError

T = TypeVar("T")


def _own_name(record: Any) -> str:
    return str(record.name)


class Registry(Mapping[str, T], Generic[T]):
    """Records by name, in the order in which they were added; a mapping that cannot be assigned to.

    Parameters
    ----------
    what : str
        What a record is called in errors, in the singular: ``"intervention"``.
    records : iterable
        The first ones.
    key : str, optional
        Name of the argument or key under which a user names a record; by default `what`.
    name : callable, optional
        Returns a record's name; by default its attribute ``name``.

    Raises
    ------
    CosimError
        When two records have the same name.

    Examples
    --------
    >>> from fractions import Fraction
    >>> parts = Registry("part", [Fraction(1, 2), Fraction(1, 3)], name=str)
    >>> list(parts)
    ['1/2', '1/3']
    >>> parts.find("1/2")
    Fraction(1, 2)
    """

    def __init__(
        self,
        what: str,
        records: Iterable[T] = (),
        *,
        key: str = "",
        name: Callable[[T], str] = _own_name,
    ) -> None:
        self.what, self.key = what, key or what
        self._name = name
        self._kept: dict[str, T] = {}
        self._late: Callable[[], None] | None = None
        for record in records:
            self.add(record)

    def later(self, fill: Callable[[], None]) -> None:
        """Have further records added when somebody looks for the first time, and not before."""
        self._late = fill

    @property
    def _records(self) -> dict[str, T]:
        if self._late is not None:
            fill, self._late = self._late, None  # first of all: those who add may look, too
            fill()
        return self._kept

    def add(self, record: T) -> T:
        """Add a record under its own name, and return it.

        Raises
        ------
        CosimError
            When another one has this name.
        """
        name = self._name(record)
        if name in self._kept:
            raise CosimError(f"{self.what} {name!r} is there twice")
        self._kept[name] = record
        return record

    def remove(self, name: str) -> T:
        """Remove a record and return it, for extensions that take back what they added.

        Raises
        ------
        ConfigError
            When there is no such record, with the nearest name.
        """
        self.find(name)
        return self._records.pop(name)

    def find(self, name: object, key: str = "") -> T:
        """Return a record by the name that a user gave.

        Parameters
        ----------
        name : object
            Whatever was given; only the name of a record is right.
        key : str, optional
            Where it was given, if not under the registry's own key.

        Raises
        ------
        ConfigError
            When there is no such record, with the nearest name, and all of them if they are few.
        """
        return self._records[arguments.one_of(name, self._records, key or self.key, self.what)]

    def __getitem__(self, name: str) -> T:
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)
