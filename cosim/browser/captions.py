"""What happened, in plain English, from the model's own events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cosim.browser.scene import MOVED
from cosim.formatting.titles import PHASE_WORDS, option_letter, option_name
from cosim.formatting.words import and_list, counted, sentence
from cosim.scenario.vocabulary import PhaseName

Tone = Literal["turn", "meeting", "decision", "difference"]


@dataclass(frozen=True, slots=True)
class Caption:
    """One thing that happened, and when.

    Attributes
    ----------
    meeting, turn : int
        From 0.
    tone : str
        What kind of event it was.
    text : str
    """

    meeting: int
    turn: int
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The facts of one contribution that a caption is made of.

    Attributes
    ----------
    speaker, kind : str
        Name; "lived experience".
    option : int
    floor : str
        open, round, invited, queue, written or opening.
    cut, anonymous, off_remit : bool
    to_lead, to_others : float
        How far it bent to the lead's stance, and to what the others had shown, 0..1.
    argued : int
        How many it moved by an argument that was new to them.
    worn : bool
        Whether the listeners had heard the speaker's position before, so that it is hardly new.
    moved : sequence of (name, movement)
        Every listener, with the movement of their belief, in units of merit, signed.
    distance, understood, trusted : float
        Means over listeners: how far they are from what was said, how much of it they understood, how
        credible they find the speaker on this kind of knowledge.
    deaf : str
        The role that understood least.
    deaf_share : float
        How much of it that role understood.
    chair : str
        What the chair said before it, if anything: chair opens, chair invites or chair hands over.
    """

    speaker: str
    kind: str
    option: int
    floor: str
    cut: bool
    anonymous: bool
    off_remit: bool
    to_lead: float
    to_others: float
    argued: int
    worn: bool
    moved: Sequence[tuple[str, float]]
    distance: float
    understood: float
    trusted: float
    deaf: str
    deaf_share: float
    chair: str = ""


def _people(count: int) -> str:
    return counted(count, "person", "people", spelled=True)


def turn_caption(turn: Turn) -> str:
    """Return what one turn did, and why.

    Examples
    --------
    >>> facts = Turn("Provider 2", "care practice", 2, "open", False, False, False, 0.0, 0.0, 0, False,
    ...              [("Lead", 0.004), ("Public contributor 1", -0.003)], 0.1, 0.8, 0.7, "", 1.0)
    >>> turn_caption(facts)
    'Provider 2 was heard: two people moved on option C, Lead most.'
    """
    movers = sorted((m for m in turn.moved if abs(m[1]) >= MOVED), key=lambda m: -abs(m[1]))
    about = option_name(turn.option)
    who = "Somebody, unnamed," if turn.anonymous else turn.speaker
    way = _floor(turn)
    if turn.cut:
        told = f"{who}{way} was cut short on {about}: {_people(len(movers))} moved"
    elif not movers:
        told = f"{who}{way} spoke on {about} and nobody moved"
    elif turn.floor == "written":
        told = f"{who} wrote about {about}: {_people(len(movers))} moved"
    else:
        told = f"{who}{way} was heard: {_people(len(movers))} moved on {about}"
        told += f", {movers[0][0]} most" if len(movers) > 1 else f" ({movers[0][0]})"
    opened = f"The facilitator opened {about}. " if turn.chair == "chair opens" else ""
    return opened + sentence(told + _reason(turn, len(movers)))


def _floor(turn: Turn) -> str:
    if turn.chair == "chair hands over":
        return ", handed the floor by the facilitator,"
    return {
        "invited": ", invited by the facilitator,",
        "round": ", in the round,",
        "queue": ", next in the queue,",
        "opening": ", opening the item,",
    }.get(turn.floor, "")


def _reason(turn: Turn, movers: int) -> str:
    """Return why so few moved or why less was said, if one cause stands out."""
    bent = turn.to_lead + turn.to_others
    if bent > 0.4:
        to = "the lead's stance" if turn.to_lead >= turn.to_others else "what most had shown"
        return f". {turn.speaker} held back: {bent:.0%} of it followed {to}"
    if turn.argued:
        return f", by an argument that was new to {_people(turn.argued)}"
    if turn.off_remit:
        return "; it was off the remit"
    if turn.cut or movers > len(turn.moved) / 3:
        return ""
    return _deafness(turn)


def _deafness(turn: Turn) -> str:
    """Return why listeners were not moved by what they heard."""
    if turn.worn:
        return ": they had heard this before"
    if turn.distance < 0.03:
        return ": most already saw it that way"
    if turn.deaf_share < 0.45:
        return f". Much of this {turn.kind} was lost on the {turn.deaf}s"
    if turn.trusted < 0.4:
        return f": few see them as a source of {turn.kind}"
    return ""


def opening_caption(
    phase: PhaseName, meeting: int, meetings: int, away: Sequence[str], agenda: Sequence[int], options: int
) -> str:
    """Return who came and what is on the table, and what is not."""
    came = f"all came except {and_list(away)}" if away else "everybody came"
    told = f"Meeting {meeting + 1} of {meetings}, {PHASE_WORDS[phase]}: {came}. "
    letters = and_list([option_letter(option) for option in agenda])
    left = [option_letter(option) for option in range(options) if option not in agenda]
    told += f"On the agenda: {'option' if len(agenda) == 1 else 'options'} {letters}"
    if left and len(left) <= 8:
        told += f"; {and_list(left)} will not be talked about"
    elif left:
        told += f"; {len(left)} others will not be talked about"
    return sentence(told)


def decision_caption(
    phase: PhaseName, choice: int, leading: int, overridden: bool, settled: bool, reached: bool
) -> str:
    """Return what was decided, and by whom."""
    name = option_name(choice)
    what = PHASE_WORDS[phase]
    if settled:
        told = f"Decided on {what}: {name}, as the protocol had settled it before the team met"
    elif overridden:
        told = f"The team stood behind {option_name(leading)} on {what}, and the lead overrode it: {name}"
    elif not reached:
        told = f"Time was out on {what} without the agreement the rule asks for; by scores it is {name}"
    else:
        told = f"Decided on {what}: {name}"
    return sentence(told)


def scene_caption(options: Sequence[str], turns: int, most: str, times: int, public: int) -> str:
    """Return what a scene of several turns was.

    Examples
    --------
    >>> scene_caption(["C, waiting times"], 60, "Lead", 21, 14)
    'Option C, waiting times: 60 turns. Lead spoke most often (21), the public 14 times in all.'
    """
    about = f"{'option' if len(options) == 1 else 'options'} {' and '.join(options)}"
    told = f"{about}: {counted(turns, 'turn')}. {most} spoke most often ({times}), the public "
    return sentence(f"{told}{public} times in all")


def lead_change_caption(before: int, after: int) -> str:
    """Return that another option would win now."""
    return sentence(f"{option_name(after)} would now win instead of {option_letter(before)}")


def difference_caption(
    first: bool, a: Sequence[object], b: Sequence[object], *, decided: bool = False
) -> str:
    """Return where two teams part.

    Parameters
    ----------
    first : bool
        Whether they differ from the first turn on.
    a, b : sequences of (speaker, option, kind, words)
        What was seen of the last turn of either team; empty when nothing was said.
    decided : bool
        Whether the teams have just decided, and not alike.

    Examples
    --------
    >>> difference_caption(False, ["Lead", 2, "policy", 12.0], ["Public contributor 1", 2, "policy", 12.0])
    'Here the two teams part: in team A Lead speaks, in team B Public contributor 1.'
    """
    told = "the two teams differ from the first turn on" if first else "here the two teams part"
    if not a or not b:
        return sentence(f"{told}: one of them has stopped talking")
    if a[1] != b[1]:
        left, right = (option_letter(int(str(seen[1]))) for seen in (a, b))
        return sentence(f"{told}: team A talks about option {left}, team B about option {right}")
    if a[0] != b[0]:
        return sentence(f"{told}: in team A {a[0]} speaks, in team B {b[0]}")
    if a[2] != b[2]:
        return sentence(f"{told}: {a[0]} speaks from {a[2]} in team A and from {b[2]} in team B")
    if decided:
        return sentence(f"{told}: the talk was the same, and the decision is not")
    return sentence(f"{told}: the same person speaks, and it has another effect")
