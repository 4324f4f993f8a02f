"""What members think before and after a meeting: tables of ratings, ranks, first choices or probabilities.

Whatever the kind, a view becomes a number from 0 to 1 for an item, higher for better. A first choice becomes
an item for each option, 1 for the one that was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.people_file import People
from cosim.meeting_logs.turn_log import NO_ROLE
from cosim.meeting_logs.views_numbers import KINDS, as_numbers
from cosim.meeting_logs.views_shapes import Answer, answers_in, check_answers

_QUOTED: Final = re.compile(r"'([^']*)'")
_OF_COLUMNS: Final = frozenset(
    ("mean", "average", "avg", "median", "total", "sum", "mittelwert", "durchschnitt", "summe", "moyenne")
)


@dataclass(frozen=True)
class ViewTable:
    """Views before and after.

    Attributes
    ----------
    frame : DataFrame
        A row per person and item: person, role, meeting, question, item, before, after (0..1, higher for
        better; NaN where somebody did not answer).
    kind : str
        One of `KINDS`.
    scale : tuple of float
        What 0 and 1 were in the file, where that is one pair of numbers.
    name : str
    notes : tuple of str
    """

    frame: pd.DataFrame
    kind: str
    scale: tuple[float, float]
    name: str
    notes: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Who answered, in the order of the file."""
        return tuple(str(name) for name in self.frame["person"].unique())

    @property
    def items(self) -> int:
        """Number of items, the same at two meetings counted twice; of n ranked options, n - 1 are free."""
        return int(self.frame.groupby(["meeting", "question", "item"], sort=False).ngroups)

    def with_roles(self, roles: Mapping[str, str]) -> ViewTable:
        """Return the views with the roles of people, by name; who has none keeps what they have."""
        own = [roles.get(str(who), str(role)) for who, role in zip(self.frame["person"], self.frame["role"],
                                                                   strict=True)]  # fmt: skip
        return replace(self, frame=self.frame.assign(role=own))

    def coded(self, codes: Mapping[str, str], meetings: Mapping[str, str]) -> ViewTable:
        """Return the views with codes for people and meetings (V1, ... where none is given)."""
        own = dict.fromkeys(str(one) for one in self.frame["meeting"].unique())
        named = {**{one: f"V{place}" for place, one in enumerate(own, start=1)}, **meetings}
        frame = self.frame.assign(
            person=self.frame["person"].map(lambda who: codes[str(who)]),
            meeting=self.frame["meeting"].map(lambda one: named[str(one)]),
        )
        notes = tuple(_QUOTED.sub(lambda one: codes.get(one[1], "..."), note) for note in self.notes)
        return replace(self, frame=frame, name="views", notes=notes)


def view_table(frame: pd.DataFrame, name: str = "views", kind: str = "ratings") -> ViewTable:
    """Make a table of views from numbers in memory.

    Parameters
    ----------
    frame : DataFrame
        Columns person, item, before and after (0..1 or NaN); optionally role, meeting and question.
    name, kind : str

    Raises
    ------
    ConfigError
        When a column is missing, a number lies outside of 0..1, or a person answers an item twice.
    """
    for column in ("person", "item", "before", "after"):
        if column not in frame.columns:
            raise ConfigError("the table lacks this column", file=name, key=column)
    values = frame[["before", "after"]].to_numpy(float)
    if (np.isinf(values) | (values < 0.0) | (values > 1.0)).any():
        raise ConfigError("views must lie between 0 and 1", file=name, allowed="0 to 1, or NaN")
    made = pd.DataFrame(
        {
            "person": frame["person"].astype(str).to_numpy(),
            "role": frame["role"].astype(str).to_numpy() if "role" in frame.columns else NO_ROLE,
            "meeting": frame["meeting"].astype(str).to_numpy() if "meeting" in frame.columns else "1",
            "question": frame["question"].astype(str).to_numpy() if "question" in frame.columns else "",
            "item": frame["item"].astype(str).to_numpy(),
            "before": values[:, 0],
            "after": values[:, 1],
        }
    )
    twice = made.duplicated(["person", "meeting", "question", "item"])
    if twice.any():
        row = made[twice].iloc[0]
        raise ConfigError(
            "somebody answers an item twice", file=name, value=f"{row['person']}, {row['item']}"
        )
    return ViewTable(made, kind, (0.0, 1.0), name)


def read_views(
    path: str | Path,
    *,
    kind: str | None = None,
    scale: tuple[float, float] | None = None,
    people: People | None = None,
    encoding: str | None = None,
) -> ViewTable:
    """Read views before and after.

    Parameters
    ----------
    path : str or Path
        A table (comma, semicolon, tab) in one of three shapes: a row per person and item with columns person,
        item, before, after; a row per answer with person, item, wave (before or after) and value; or a row
        per person with columns such as "Safety before" and "Safety after". Optional: meeting, question (which
        ranked options belong together). Empty cells, NA and - are missing answers.
    kind : {"ratings", "ranks", "first_choices", "probabilities"}, optional
        By default what the values look like.
    scale : tuple of float, optional
        Lowest and highest possible rating; by default the usual scale that holds all answers.
    people : People, optional
        Merges spellings, and gives roles.
    encoding : str, optional

    Raises
    ------
    ConfigError
        With file and line: no such columns, a value that is no number or outside of the scale, ranks that
        are none, somebody who answers twice, fewer than two people, nobody who answered before and after.
    """
    file = Path(path)
    if kind is not None and kind not in KINDS:
        near = nearest_name(kind, KINDS)
        raise ConfigError("not a kind of views", key="--views-as", value=kind, allowed=", ".join(KINDS),
                          nearest=near)  # fmt: skip
    who = people or People()
    answers, of_means = _people_only(answers_in(file, encoding))
    answers = [replace(one, person=who.name(one.person)) for one in answers]
    check_answers(answers, file)
    made, meant, ends, notes = as_numbers(answers, kind, scale, file)
    notes = [*of_means, *notes]
    made["role"] = [who.roles.get(name) or NO_ROLE for name in made["person"]]
    order = ["person", "role", "meeting", "question", "item", "before", "after"]
    known = made["before"].notna() & made["after"].notna()
    if not known.any():
        raise ConfigError("nobody answered any item both before and after", file=file)
    short = int((made["before"].isna() ^ made["after"].isna()).sum())
    if short:
        notes.append(f"{short:,} of {len(made):,} pairs of answers lack one of the two; the other is used")
    return ViewTable(made[order], meant, ends, file.name, tuple(notes))


def _people_only(answers: Iterable[Answer]) -> tuple[list[Answer], list[str]]:
    """Return answers without a spreadsheet's rows of means, and what is said of these."""
    kept, left_out = [], {}
    for one in answers:
        if one.person.casefold().rstrip(":") in _OF_COLUMNS:
            left_out[one.line] = one.person
        else:
            kept.append(one)
    return kept, [f"line {line} ({name!r}) is taken for a row about the columns, and left out"
                  for line, name in left_out.items()]  # fmt: skip
