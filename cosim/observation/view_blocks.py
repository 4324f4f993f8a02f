"""Views as arrays: a block for each item of each meeting, people in the order of their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats
from cosim.meeting_logs.views_file import ViewTable

Ints = NDArray[np.int64]
EVERYONE: Final = "members"
"""The one group of people where no role is known."""


@dataclass(frozen=True)
class Block:
    """One item of one meeting.

    Attributes
    ----------
    people, role : arrays of shape (n,)
        Places in `Blocks.people` and `Blocks.roles`.
    before, after : arrays of shape (n,)
        0..1, NaN where somebody did not answer.
    talk : array of shape (n,)
        Relative talk of each (1: an equal share); 1 where it is not known.
    decided : float
        What was decided, 0..1; NaN where that is not known.
    meeting, item : str
    """

    people: Ints
    role: Ints
    before: Floats
    after: Floats
    talk: Floats
    decided: float
    meeting: str
    item: str


@dataclass(frozen=True)
class Blocks:
    """All views of a team, or of several.

    Attributes
    ----------
    blocks : tuple of Block
    people : tuple of str
    roles : tuple of str
        Groups of people that are told apart.
    role_of : array of shape (people,)
    """

    blocks: tuple[Block, ...]
    people: tuple[str, ...]
    roles: tuple[str, ...]
    role_of: Ints

    @property
    def heads(self) -> Ints:
        """Number of people of each role."""
        return np.bincount(self.role_of, minlength=len(self.roles))

    def dense(self) -> tuple[Floats, Floats]:
        """Return before and after as arrays of shape (blocks, people), NaN where there is no answer."""
        before = np.full((len(self.blocks), len(self.people)), np.nan)
        after = before.copy()
        for row, block in enumerate(self.blocks):
            before[row, block.people], after[row, block.people] = block.before, block.after
        return before, after


def blocks_of(
    views: ViewTable,
    groups: Mapping[str, str] | None = None,
    *,
    talk: Mapping[tuple[str, str], float] | None = None,
    decided: pd.DataFrame | None = None,
) -> Blocks:
    """Return views as arrays.

    Parameters
    ----------
    views : ViewTable
    groups : mapping of person to group, optional
        Who belongs to whom; by default the roles of the table, or one group where nobody has a role.
    talk : mapping of (meeting, person) to number, optional
        Relative talk.
    decided : DataFrame, optional
        As `decisions_file.read_decisions` returns it.

    Raises
    ------
    ConfigError
        When no item has two people who answered before.
    """
    frame = views.frame
    own = dict(zip(frame["person"].astype(str), frame["role"].astype(str), strict=True))
    who = {name: (groups or own).get(name, own[name]) for name in views.people}
    roles = tuple(dict.fromkeys(who.values()))
    people = tuple(sorted(views.people, key=lambda name: roles.index(who[name])))
    place = {name: at for at, name in enumerate(people)}
    role_of = np.array([roles.index(who[name]) for name in people], dtype=np.int64)
    outcome: dict[tuple[str, str, str], float] = {}
    if decided is not None:
        of_item = zip(decided["meeting"], decided["question"], decided["item"], strict=True)
        outcome = dict(zip(of_item, decided["decided"].astype(float), strict=True))
    keys = ["meeting", "question", "item"]
    frame = frame[frame["before"].notna() | frame["after"].notna()]
    at, of = (
        frame["person"].astype(str).map(place).to_numpy(np.int64),
        frame.groupby(keys, sort=False).ngroup(),
    )
    order = np.lexsort((at, of.to_numpy()))
    before, after = (frame[wave].to_numpy(float)[order] for wave in ("before", "after"))
    named = frame[keys].astype(str).to_numpy()[order]
    ends = np.flatnonzero(np.diff(of.to_numpy()[order], append=-1)) + 1
    found = []
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        if np.isnan(before[start:end]).sum() > end - start - 2:
            continue
        meeting, question, item = named[start]
        who_is = at[order[start:end]].astype(np.int64)
        found.append(
            Block(
                who_is,
                role_of[who_is],
                before[start:end],
                after[start:end],
                np.array([(talk or {}).get((meeting, people[one]), 1.0) for one in who_is]),
                outcome.get((meeting, question, item), float("nan")),
                meeting,
                f"{question}: {item}" if question else item,
            )
        )
    if not found:
        raise ConfigError("no item has two people who said beforehand what they think", file=views.name)
    return Blocks(tuple(found), people, roles, role_of)


def regrouped(blocks: Blocks, groups: Mapping[str, str]) -> Blocks:
    """Return the same views with roles put together, such as all that are not the public."""
    names = [groups.get(role, role) for role in blocks.roles]
    roles = tuple(dict.fromkeys(names))
    to = np.array([roles.index(name) for name in names], dtype=np.int64)
    parts: Sequence[Block] = [
        Block(b.people, to[b.role], b.before, b.after, b.talk, b.decided, b.meeting, b.item)
        for b in blocks.blocks
    ]
    return Blocks(tuple(parts), blocks.people, roles, to[blocks.role_of])
