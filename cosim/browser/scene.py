"""What there is to be drawn of a meeting at one moment: plain data between model and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cosim.scenario.vocabulary import Role, Seating

MOVED: Final = 0.002
"""Movement, in units of merit, worth a line and a word: more than half of all are smaller."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the team as drawn.

    Attributes
    ----------
    name, short : str
        In sentences ("Amina (public)"), and beside their seat.
    role : str
    lead, member : bool
        The accountable lead; on the team in this phase.
    present, speaks : bool
        In the meeting; allowed to speak in it.
    table : int
        Number of the table they sit at.
    voice, influence : float
        Shares so far, 0..1.
    hand : bool
        Waiting in the queue with a raised hand.
    constituency : int
        Whom they speak for.
    mandate : float
        How far they do, 0..1.
    moved : float
        How far they moved in the last turn, in units of merit.
    id : str
        What the model's own tables call them: "patients-1".
    """

    name: str
    short: str
    role: Role
    lead: bool = False
    member: bool = True
    present: bool = True
    speaks: bool = True
    table: int = 0
    voice: float = 0.0
    influence: float = 0.0
    hand: bool = False
    constituency: int = 0
    mandate: float = 0.0
    moved: float = 0.0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """The last thing said, as drawn.

    Attributes
    ----------
    speaker : int
        Place in `Scene.people`.
    about, knowledge : str
        "Option C"; "lived experience".
    floor : str
        How the floor was given: open, round, invited, queue, written or opening.
    cut, anonymous, off_remit : bool
    """

    speaker: int
    about: str
    knowledge: str
    floor: Literal["open", "round", "invited", "queue", "written", "opening"] = "open"
    cut: bool = False
    anonymous: bool = False
    off_remit: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A meeting at one moment.

    Attributes
    ----------
    people : tuple of Person
        In canonical order.
    order : tuple of int
        Those of them who are on the team in this phase, seat by seat.
    form : str
        Shape of the table.
    tables : int
        1, or the number of small groups.
    saying : Saying or None
    facilitated : bool
        Whether somebody steers the meeting.
    outside : tuple of str
        The constituencies.
    """

    people: tuple[Person, ...]
    order: tuple[int, ...]
    form: Seating = "round"
    tables: int = 1
    saying: Saying | None = None
    facilitated: bool = False
    outside: tuple[str, ...] = ()
