"""The outcomes' records: what each column of the tables means.  How each is computed stands in `measure`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one column of the runs' table means.

    Attributes
    ----------
    name, unit, sentence : str
    group : str
        The panel of a report it belongs to.
    better : int
        +1 when more is wanted, -1 when less is, 0 when neither can be said.
    """

    name: str
    unit: str
    sentence: str
    group: str
    better: int = 0


OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome(
        "voice_gini", "Gini", "How unequally turns are shared between members (0: equally).", "voice", -1
    ),
    Outcome(
        "voice_parity_public",
        "ratio",
        "The public's turns over an equal share of those present (1: equal).",
        "voice",
    ),
    Outcome(
        "words_gini", "Gini", "How unequally words are shared between members (0: equally).", "voice", -1
    ),
    Outcome(
        "words_parity_public",
        "ratio",
        "The public's share of words over an equal share of those present.",
        "voice",
    ),
    Outcome("uptake_gini", "Gini", "How unequally members move the others (0: equally).", "uptake", -1),
    Outcome(
        "uptake_parity_public", "ratio", "The public's share of uptake over its share of seats.", "uptake"
    ),
    Outcome(
        "uptake_per_turn_public",
        "ratio",
        "Uptake of a public contribution, spoken or written, over that of an average one.",
        "uptake",
    ),
    Outcome(
        "influence_gini",
        "Gini",
        "How unequally members make up the decisions by what they came with and argued (0: equally).",
        "influence",
        -1,
    ),
    Outcome(
        "influence_parity_public",
        "ratio",
        "The public's share of influence over its share of seats (1: equal).",
        "influence",
    ),
    Outcome(
        "influence_parity_researcher",
        "ratio",
        "Researchers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_parity_provider",
        "ratio",
        "Providers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_parity_policymaker",
        "ratio",
        "Policymakers' share of influence over their share of seats.",
        "influence",
    ),
    Outcome(
        "influence_min",
        "ratio",
        "Influence of the least influential member over an equal share.",
        "influence",
        1,
    ),
    Outcome(
        "influence_lead",
        "ratio",
        "Influence of the accountable lead over an equal share (0 without a lead).",
        "influence",
    ),
    Outcome(
        "influence_within",
        "share",
        "Share of the inequality of influence (Theil) that lies within roles.",
        "influence",
    ),
    Outcome(
        "influence_theil",
        "Theil index",
        "Inequality of influence (Theil's T), within and between roles.",
        "influence",
        -1,
    ),
    Outcome(
        "influence_carried_public",
        "share",
        "Share of the public's influence that is their constituencies' view.",
        "influence",
    ),
    Outcome(
        "say_parity_public",
        "ratio",
        "The public's share of influence over its share of seats, if every ballot counted alike.",
        "influence",
    ),
    Outcome(
        "parts_own",
        "parts of 100",
        "Parts of the decisions that are views which members came with as their own.",
        "influence",
    ),
    Outcome(
        "parts_carried",
        "parts of 100",
        "Parts of the decisions that are constituencies' views, carried by members with a mandate.",
        "influence",
    ),
    Outcome(
        "parts_argued",
        "parts of 100",
        "Parts of the decisions that arguments brought which were said in the talk.",
        "influence",
    ),
    Outcome(
        "parts_outside",
        "parts of 100",
        "Parts of the decisions that evidence from outside brought.",
        "influence",
    ),
    Outcome(
        "parts_public", "parts of 100", "Parts of the decisions that are the public members'.", "influence"
    ),
    Outcome(
        "parts_lead", "parts of 100", "Parts of the decisions that are the accountable lead's.", "influence"
    ),
    Outcome(
        "visible_parity_public",
        "ratio",
        "The public's decision weight over its share of seats (visible power).",
        "influence",
    ),
    Outcome(
        "agenda_parity_public",
        "ratio",
        "The public's share in setting the agenda over its share of seats (hidden power).",
        "influence",
    ),
    Outcome(
        "withheld_public",
        "share",
        "Share of public contributions that is held back (invisible power).",
        "influence",
        -1,
    ),
    Outcome(
        "voice_influence_gap",
        "ratio",
        "Public voice parity minus public influence parity (tokenism when above 0).",
        "influence",
    ),
    Outcome(
        "promise_gap",
        "ratio",
        "How far public influence falls short of what the declared level promises.",
        "influence",
        -1,
    ),
    Outcome(
        "perceived_influence_public", "0-1", "Influence that public members could notice.", "influence", 1
    ),
    Outcome(
        "agreement_before",
        "correlation",
        "Agreement of public and professional priorities before the meetings.",
        "agreement",
    ),
    Outcome(
        "agreement_after",
        "correlation",
        "Agreement of public and professional priorities after the meetings.",
        "agreement",
        1,
    ),
    Outcome("movement_public", "merit", "Mean movement of the public's priorities.", "agreement"),
    Outcome(
        "movement_professionals", "merit", "Mean movement of the professionals' priorities.", "agreement"
    ),
    Outcome(
        "false_agreement",
        "share",
        "Decision weight cast for another option than privately preferred.",
        "agreement",
        -1,
    ),
    Outcome("movement", "merit", "Mean movement of members' views of the options.", "agreement"),
    Outcome(
        "first_choice_changed",
        "share",
        "Share of members whose first choice is another after the meetings.",
        "agreement",
    ),
    Outcome(
        "group_shift", "merit", "Mean movement of the whole group's mean view of an option.", "agreement"
    ),
    Outcome(
        "closure",
        "share",
        "Share of the spread of members' views that the meetings close (below 0: they part).",
        "agreement",
    ),
    Outcome(
        "private_dissent",
        "share",
        "Decision weight of members who prefer another option to the one chosen.",
        "agreement",
        -1,
    ),
    Outcome(
        "representation_error",
        "0-1",
        "Distance of the decision from what the public's constituencies would choose.",
        "decision",
        -1,
    ),
    Outcome(
        "position_error_public",
        "merit",
        "Error of the public side's first position against its constituencies.",
        "decision",
        -1,
    ),
    Outcome(
        "voiced_error_public",
        "merit",
        "Mean distance of what public members voice from their constituencies.",
        "decision",
        -1,
    ),
    Outcome(
        "decision_quality",
        "0-1",
        "Value to society of the chosen option, between the worst (0) and the best (1).",
        "decision",
        1,
    ),
    Outcome(
        "rigour",
        "0-1",
        "Empirical merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "relevance",
        "0-1",
        "Experiential merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "agenda_public_items",
        "share",
        "Share of discussed items that the public would have chosen itself.",
        "decision",
        1,
    ),
    Outcome(
        "acceptability_mean",
        "0-1",
        "How near the decision is to what members want and how far they had their say, less steering's cost.",
        "decision",
        1,
    ),
    Outcome("acceptability_sd", "0-1", "How much acceptability differs between members.", "decision", -1),
    Outcome("override_rate", "share", "Share of key decisions that the lead overrode.", "decision"),
    Outcome(
        "non_decision_rate",
        "share",
        "Share of key decisions that the rule itself did not reach in time.",
        "decision",
        -1,
    ),
    Outcome(
        "consensus_rate",
        "share",
        "Share of key decisions reached by consensus before time was out.",
        "decision",
    ),
    Outcome(
        "carried_out", "share", "Share of key decisions that the organisations carried out.", "decision", 1
    ),
    Outcome("settled_before", "share", "Share of key decisions settled before the team met.", "decision", -1),
    Outcome(
        "enacted_level",
        "level 0-4",
        "Mean code of the involvement level enacted (0 inform .. 4 empower).",
        "decision",
    ),
    Outcome("ties_gained", "0-1", "Growth of working relationships across roles.", "process", 1),
    Outcome(
        "credibility_gained_public",
        "0-1",
        "Growth of the credibility that others give the public.",
        "process",
        1,
    ),
    Outcome("confidence_gained_public", "0-1", "Growth of public members' confidence.", "process", 1),
    Outcome("attendance_public", "share", "Share of meetings that public members attended.", "process", 1),
    Outcome("interruptions", "per hour", "Turns cut short per hour of talk.", "process", -1),
    Outcome(
        "interruption_gap", "ratio", "Chance of a public turn to be cut over that of any turn.", "process"
    ),
    Outcome("off_remit", "share", "Share of turns spent off the remit.", "process", -1),
    Outcome("steered", "share", "Share of turns given by the facilitator, not taken.", "process"),
    Outcome("turns", "turns", "Spoken turns in the project.", "process"),
    Outcome("minutes", "minutes", "Elapsed minutes of meetings and of what interventions add.", "cost", -1),
    Outcome("person_hours", "hours", "Hours of everyone's time.", "cost", -1),
    Outcome(
        "money",
        "currency",
        "Money spent on payment, facilitation and interventions (planning prices).",
        "cost",
        -1,
    ),
    Outcome(
        "decision_score", "merit", "Mean over options of the deciders' score (a check on influence).", "check"
    ),
)
"""Every outcome, in the order of the columns."""

OUTCOME_NAMES: Final[tuple[str, ...]] = tuple(outcome.name for outcome in OUTCOMES)

PERSON_COLUMNS: Final[tuple[str, ...]] = (
    "voice_share",
    "words_share",
    "uptake_share",
    "influence_share",
    "influence_own",
    "influence_carried",
    "influence_argued",
    "brought",
    "say",
    "agenda_share",
    "decision_weight",
    "perceived_influence",
    "acceptance",
    "turns",
    "words",
    "written",
    "equal_turns",
    "cut",
    "invited",
    "frankness",
    "attendance",
    "confidence_first",
    "confidence_last",
    "credibility_first",
    "credibility_last",
)
"""Columns of the members' table after replicate, person, role, group and constituency."""
