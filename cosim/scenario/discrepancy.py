"""Where a second encoding of a scenario, made from its sources alone, differed from the first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import Field

from cosim.formatting.words import sentence
from cosim.scenario.section import Record

Fact = bool | int | float | str
Encoded = Fact | Annotated[tuple[Fact, ...], Field(strict=False, min_length=1)] | None

_HELD: Final = {"first": "The scenario stays as it was", "second": "The scenario was corrected"}


class Discrepancy(Record):
    """One fact that two independent encodings of the same sources gave differently."""

    fact: str = Field(min_length=1, description="What they differ in.")
    first: Encoded = Field(description="What the scenario said at first.")
    second: Encoded = Field(
        description="What whoever had not seen it read in its sources; null where they do not state it."
    )
    settled: Literal["first", "second"] = Field(
        description="Which of the two the scenario has now: `second`, where it was corrected."
    )
    why: str = Field(min_length=1, description="Why.")


def in_words(discrepancies: Iterable[Discrepancy]) -> list[str]:
    """Return a line for all that was settled in one way, for one reason."""
    lines: dict[tuple[str, str], list[str]] = {}
    for one in discrepancies:
        told = f"{one.fact.replace('_', ' ')}: first {_shown(one.first)}, second {_shown(one.second)}"
        lines.setdefault((_HELD[one.settled], one.why), []).append(told)
    return [f"{sentence('; '.join(told))} {held}. {why}" for (held, why), told in lines.items()]


def _shown(value: Encoded) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return (" to " if isinstance(value[0], int | float) else ", ").join(map(_shown, value))
    return value if isinstance(value, str) else f"{value:.3g}"
