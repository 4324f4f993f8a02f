"""Addressing: to whom a turn is said, and so who is likeliest to speak next.

As a rule a turn answers the one before it: A-B-A, Gibson's (2003) participation shift.  It may instead be
said to somebody whose consent matters more than others'.  How much it matters is pivotality under the
decision rule, given the sides that people have shown; nothing private is read.

The chance that a turn has an addressee at all, and how readily the addressed reply, come only as a product
into what meeting logs show.  So one fitted number, ``floor.returning``, stands for both, and ``floor.aim`` 0
is the fitted floor.
"""

from __future__ import annotations

import math

from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import rule, turn_rule
from cosim.mechanisms.decision import CONSENSUS, MAJORITY, SUPERMAJORITY


@rule
def by_quota(form: int) -> bool:
    """Return whether a decision rule counts votes for one option against a quota."""
    return form in (MAJORITY, SUPERMAJORITY, CONSENSUS)


@rule
def needed(form: int, voters: float, quorum: float) -> float:
    """Return how many of `voters` votes a quota asks for: more than half, or the share `quorum` of them."""
    if form == MAJORITY:
        return float(math.floor(voters / 2.0) + 1)
    return float(math.ceil(quorum * voters - 1e-9))


@turn_rule
def pivotality(quota: float, voters: float, allies: float, is_ally: bool) -> float:
    """Return how much a voter's consent matters to a speaker, 0..1.

    That is the chance of a vote to be among those still wanted, if the votes not yet won are as likely as one
    another: 1 for the last dissenter under consensus, 0 for everyone once a majority stands.

    Parameters
    ----------
    quota, voters, allies : float
        Votes needed, votes there are, votes known to be on the speaker's side, with the speaker's own.
    is_ally : bool
        Whether this voter's is one of those.
    """
    if is_ally or voters <= allies:
        return 0.0
    return unit_interval((quota - allies) / (voters - allies))


@turn_rule
def with_last_word(pivotal: float, is_lead: bool, last_word: float) -> float:
    """Return pivotality where, with the chance `last_word`, the lead alone decides."""
    return (last_word if is_lead else 0.0) + (1.0 - last_word) * pivotal


@turn_rule
def claim_of(weight: float, is_addressed: bool, returning: float) -> float:
    """Return a claim to the floor after the last turn: whoever it was said to tends to reply."""
    if is_addressed:
        return weight * (1.0 + returning)
    return weight
