"""What is counted while a project runs: columns of the members' table and of the project's totals.

Both engines add to the same two arrays, and `cosim.outcomes` reads nothing else.
"""

from __future__ import annotations

from typing import Final

# Columns of `people` (N, PEOPLE)
(
    TURNS,
    WORDS,
    WRITTEN,  # contributions written, not spoken
    UPTAKE,  # movement of others by what one voiced, summed over listeners, in units of merit
    CUT,
    INVITED,
    FRANKNESS,  # summed candour over contributions
    EXPECTED,  # equal share of turns among those present
    ATTENDED,
    MEETINGS,  # meetings that took place while a member of the team
    OWN,  # decision's weight on own initial beliefs
    CARRIED,  # decision's weight on the constituency's views that they carried
    AGENDA,
    VOTE,
    PERCEIVED,
    ACCEPTANCE,
    CONFIDENCE_FIRST,
    CONFIDENCE_LAST,
    CREDIBILITY_FIRST,
    CREDIBILITY_LAST,
    MISVOICED,  # summed distance of what was voiced from the constituency's view
    ARGUED,  # decision's weight on arguments that they held when those were first said
    BROUGHT,  # decision's weight on arguments that they were the first to say
    SAY,  # decision's weight on all that is theirs, if every ballot counted alike
    IN_USE,  # how the decision serves them in their own context, as far as it is carried out
    LOAD,  # summed over meetings: what was asked of them over what they can give
) = range(26)
PEOPLE: Final = 26

# Totals (TOTALS,); those marked * are weighted by the phases' importance
(
    T_TURNS,
    T_WORDS,
    T_MINUTES,
    T_TALK_MINUTES,
    T_HOURS_PUBLIC,
    T_HOURS_STAFF,
    T_MONEY,
    T_STEERED,
    T_OFF_REMIT,
    T_EXPECTED_TURNS_PUBLIC,  # public turns if those present had equal shares
    T_QUALITY,  # *
    T_RIGOUR,  # *
    T_RELEVANCE,  # *
    T_SCORE,  # * mean over options of the group's score
    T_ACCEPT_MEAN,  # *
    T_ACCEPT_SD,  # *
    T_FALSE_AGREEMENT,  # *
    T_AGREEMENT_BEFORE,  # *
    T_AGREEMENT_AFTER,  # *
    T_MOVED_PUBLIC,  # *
    T_MOVED_STAFF,  # *
    T_REPRESENTATION,  # *
    T_POSITION_ERROR,  # *
    T_OVERRIDDEN,  # *
    T_UNDECIDED,  # *
    T_CARRIED_OUT,  # *
    T_SETTLED,  # *
    T_AGENDA_PUBLIC,  # * share of discussed items among the public's wishes
    T_AGENDA_SHARE_PUBLIC,
    T_MEETINGS,
    T_TIES_FIRST,
    T_TIES_LAST,
    T_ENACTED,  # * code of the level enacted after drift
    T_PROMISE_GAP,  # * shortfall of public influence parity below what the declared level promises
    T_CONSENSUS,  # * reached before time was out
    T_OUTSIDE,  # * decision's weight on evidence from outside
    T_MOVED,  # * mean movement of members' views
    T_FIRST_CHANGED,  # * share of members whose first choice changed
    T_SHIFT,  # * mean movement of the group's mean view
    T_CLOSED,  # * share of the spread of views that is closed
    T_DISSENT,  # * decision weight of those who prefer another option than the one chosen
    T_IN_USE,  # * value in use
) = range(42)
TOTALS: Final = 42
