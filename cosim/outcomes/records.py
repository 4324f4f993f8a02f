"""The outcomes' records: what each column of the tables means.  How each is computed stands in `measure`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from cosim.config.at_hand import AtHand
from cosim.formatting.words import plain_name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one column of the runs' table means.

    Attributes
    ----------
    name : str
        The column.
    title : str
        What people call it: ``Influence parity, public``.
    unit, sentence : str
    group : str
        The panel of a report it belongs to.
    better : int
        +1 when more is wanted, -1 when less is, 0 when neither can be said.
    phrase : str
        The title inside a sentence (``the public's influence parity``), where a small first letter is not
        enough.
    made_of : frozenset of str
        Outcomes that it is worked out of, where a study defines it over others.
    """

    name: str
    title: str
    unit: str
    sentence: str
    group: str
    better: int = 0
    phrase: str = ""
    made_of: frozenset[str] = frozenset()

    def is_among(self, built_in: Collection[str]) -> bool:
        """Say whether a rule that moves these outcomes by its construction moves this one so, too."""
        return self.name in built_in or not self.made_of.isdisjoint(built_in)

    @property
    def in_sentence(self) -> str:
        """Return what it is called inside a sentence."""
        return self.phrase or self.title[:1].lower() + self.title[1:]


OUTCOMES: Final[tuple[Outcome, ...]] = (
    Outcome(
        "voice_gini",
        "Inequality of voice (Gini)",
        "Gini",
        "How unequally turns are shared between members (0: equally).",
        "voice",
        -1,
    ),
    Outcome(
        "voice_parity_public",
        "Voice parity, public",
        "ratio",
        "The public's turns over an equal share of those present (1: equal).",
        "voice",
        phrase="the public's voice parity",
    ),
    Outcome(
        "words_gini",
        "Inequality of words (Gini)",
        "Gini",
        "How unequally words are shared between members (0: equally).",
        "voice",
        -1,
    ),
    Outcome(
        "words_parity_public",
        "Words parity, public",
        "ratio",
        "The public's share of words over an equal share of those present.",
        "voice",
        phrase="the public's words parity",
    ),
    Outcome(
        "uptake_gini",
        "Inequality of uptake (Gini)",
        "Gini",
        "How unequally members move the others (0: equally).",
        "uptake",
        -1,
    ),
    Outcome(
        "uptake_parity_public",
        "Uptake parity, public",
        "ratio",
        "The public's share of uptake over its share of seats.",
        "uptake",
        phrase="the public's uptake parity",
    ),
    Outcome(
        "uptake_per_turn_public",
        "Uptake per turn, public",
        "ratio",
        "Uptake of a public contribution, spoken or written, over that of an average one.",
        "uptake",
        phrase="the public's uptake per turn",
    ),
    Outcome(
        "influence_gini",
        "Inequality of influence (Gini)",
        "Gini",
        "How unequally members make up the decisions by what they came with and argued (0: equally).",
        "influence",
        -1,
    ),
    Outcome(
        "influence_parity_public",
        "Influence parity, public",
        "ratio",
        "The public's share of influence over its share of seats (1: equal).",
        "influence",
        phrase="the public's influence parity",
    ),
    Outcome(
        "influence_parity_researcher",
        "Influence parity, researcher",
        "ratio",
        "Researchers' share of influence over their share of seats.",
        "influence",
        phrase="researchers' influence parity",
    ),
    Outcome(
        "influence_parity_provider",
        "Influence parity, provider",
        "ratio",
        "Providers' share of influence over their share of seats.",
        "influence",
        phrase="providers' influence parity",
    ),
    Outcome(
        "influence_parity_policymaker",
        "Influence parity, policymaker",
        "ratio",
        "Policymakers' share of influence over their share of seats.",
        "influence",
        phrase="policymakers' influence parity",
    ),
    Outcome(
        "influence_min",
        "Least influence of a member",
        "ratio",
        "Influence of the least influential member over an equal share.",
        "influence",
        1,
    ),
    Outcome(
        "influence_lead",
        "Influence of the lead",
        "ratio",
        "Influence of the accountable lead over an equal share (0 without a lead).",
        "influence",
    ),
    Outcome(
        "influence_within",
        "Inequality of influence within roles",
        "share",
        "Share of the inequality of influence (Theil) that lies within roles.",
        "influence",
    ),
    Outcome(
        "influence_theil",
        "Inequality of influence (Theil)",
        "Theil index",
        "Inequality of influence (Theil's T), within and between roles.",
        "influence",
        -1,
    ),
    Outcome(
        "influence_carried_public",
        "Carried part of influence, public",
        "share",
        "Share of the public's influence that is their constituencies' view.",
        "influence",
        phrase="the carried part of the public's influence",
    ),
    Outcome(
        "say_parity_public",
        "Say parity, public",
        "ratio",
        "The public's share of influence over its share of seats, if every ballot counted alike.",
        "influence",
        phrase="the public's say parity",
    ),
    Outcome(
        "parts_own",
        "Own views in the decisions",
        "parts of 100",
        "Parts of the decisions that are views which members came with as their own.",
        "influence",
    ),
    Outcome(
        "parts_carried",
        "Constituencies' views in the decisions",
        "parts of 100",
        "Parts of the decisions that are constituencies' views, carried by members with a mandate.",
        "influence",
    ),
    Outcome(
        "parts_argued",
        "Arguments in the decisions",
        "parts of 100",
        "Parts of the decisions that arguments brought which were said in the talk.",
        "influence",
    ),
    Outcome(
        "parts_outside",
        "Outside evidence in the decisions",
        "parts of 100",
        "Parts of the decisions that evidence from outside brought.",
        "influence",
    ),
    Outcome(
        "parts_public",
        "Part in the decisions, public",
        "parts of 100",
        "Parts of the decisions that are the public members'.",
        "influence",
        phrase="the public's part in the decisions",
    ),
    Outcome(
        "parts_lead",
        "Lead's part in the decisions",
        "parts of 100",
        "Parts of the decisions that are the accountable lead's.",
        "influence",
        phrase="the lead's part in the decisions",
    ),
    Outcome(
        "visible_parity_public",
        "Visible parity, public",
        "ratio",
        "The public's decision weight over its share of seats (visible power).",
        "influence",
        phrase="the public's visible parity",
    ),
    Outcome(
        "agenda_parity_public",
        "Agenda parity, public",
        "ratio",
        "The public's share in setting the agenda over its share of seats (hidden power).",
        "influence",
        phrase="the public's agenda parity",
    ),
    Outcome(
        "withheld_public",
        "Contributions withheld, public",
        "share",
        "Share of public contributions that is held back (invisible power).",
        "influence",
        -1,
        phrase="the public's withheld contributions",
    ),
    Outcome(
        "voice_influence_gap",
        "Gap between voice and influence",
        "ratio",
        "Public voice parity minus public influence parity (tokenism when above 0).",
        "influence",
    ),
    Outcome(
        "promise_gap",
        "Promise gap",
        "ratio",
        "How far public influence falls short of what the declared level promises.",
        "influence",
        -1,
    ),
    Outcome(
        "perceived_influence_public",
        "Perceived influence, public",
        "0-1",
        "Influence that public members could notice.",
        "influence",
        1,
        phrase="the public's perceived influence",
    ),
    Outcome(
        "agreement_before",
        "Agreement before",
        "correlation",
        "Agreement of public and professional priorities before the meetings.",
        "agreement",
    ),
    Outcome(
        "agreement_after",
        "Agreement after",
        "correlation",
        "Agreement of public and professional priorities after the meetings.",
        "agreement",
        1,
    ),
    Outcome(
        "movement_public",
        "Movement, public",
        "merit",
        "Mean movement of the public's priorities.",
        "agreement",
        phrase="the public's movement",
    ),
    Outcome(
        "movement_professionals",
        "Movement, professionals",
        "merit",
        "Mean movement of the professionals' priorities.",
        "agreement",
        phrase="professionals' movement",
    ),
    Outcome(
        "false_agreement",
        "False agreement",
        "share",
        "Decision weight cast for another option than privately preferred.",
        "agreement",
        -1,
    ),
    Outcome("movement", "Movement", "merit", "Mean movement of members' views of the options.", "agreement"),
    Outcome(
        "first_choice_changed",
        "First choice changed",
        "share",
        "Share of members whose first choice is another after the meetings.",
        "agreement",
    ),
    Outcome(
        "group_shift",
        "Group shift",
        "merit",
        "Mean movement of the whole group's mean view of an option.",
        "agreement",
    ),
    Outcome(
        "closure",
        "Closure",
        "share",
        "Share of the spread of members' views that the meetings close (below 0: they part).",
        "agreement",
    ),
    Outcome(
        "private_dissent",
        "Private dissent",
        "share",
        "Decision weight of members who prefer another option to the one chosen.",
        "agreement",
        -1,
    ),
    Outcome(
        "representation_error",
        "Representation error",
        "0-1",
        "Distance of the decision from what the public's constituencies would choose.",
        "decision",
        -1,
    ),
    Outcome(
        "position_error_public",
        "Position error, public",
        "merit",
        "Error of the public side's first position against its constituencies.",
        "decision",
        -1,
        phrase="the public's position error",
    ),
    Outcome(
        "voiced_error_public",
        "Voiced error, public",
        "merit",
        "Mean distance of what public members voice from their constituencies.",
        "decision",
        -1,
        phrase="the public's voiced error",
    ),
    Outcome(
        "decision_quality",
        "Decision quality",
        "0-1",
        "Value to society embedded in the chosen option, between the worst (0) and the best (1).",
        "decision",
        1,
    ),
    Outcome(
        "rigour",
        "Rigour",
        "0-1",
        "Empirical merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "relevance",
        "Relevance",
        "0-1",
        "Experiential merit of the chosen option, between the worst and the best.",
        "decision",
        1,
    ),
    Outcome(
        "value_in_use",
        "Value in use",
        "0-1",
        "How the decision serves members and constituencies in their own contexts, if it is carried out.",
        "decision",
        1,
    ),
    Outcome(
        "agenda_public_items",
        "The public's items on the agenda",
        "share",
        "Share of discussed items that the public would have chosen itself.",
        "decision",
        1,
    ),
    Outcome(
        "acceptability_mean",
        "Acceptability (mean)",
        "0-1",
        "How near the decision is to what members want and how far they had their say, less steering's cost.",
        "decision",
        1,
    ),
    Outcome(
        "acceptability_sd",
        "Acceptability (SD)",
        "0-1",
        "How much acceptability differs between members.",
        "decision",
        -1,
    ),
    Outcome(
        "override_rate",
        "Override rate",
        "share",
        "Share of key decisions that the lead overrode.",
        "decision",
    ),
    Outcome(
        "non_decision_rate",
        "Non-decision rate",
        "share",
        "Share of key decisions that the rule itself did not reach in time.",
        "decision",
        -1,
    ),
    Outcome(
        "consensus_rate",
        "Consensus rate",
        "share",
        "Share of key decisions reached by consensus before time was out.",
        "decision",
    ),
    Outcome(
        "carried_out",
        "Decisions carried out",
        "share",
        "Share of key decisions that the organisations carried out.",
        "decision",
        1,
    ),
    Outcome(
        "settled_before",
        "Decisions settled before",
        "share",
        "Share of key decisions settled before the team met.",
        "decision",
        -1,
    ),
    Outcome(
        "enacted_level",
        "Enacted level",
        "level 0-4",
        "Mean code of the involvement level enacted (0 inform .. 4 empower).",
        "decision",
    ),
    Outcome(
        "ties_gained", "Ties gained", "0-1", "Growth of working relationships across roles.", "process", 1
    ),
    Outcome(
        "credibility_gained_public",
        "Credibility gained, public",
        "0-1",
        "Growth of the credibility that others give the public.",
        "process",
        1,
        phrase="the public's credibility gained",
    ),
    Outcome(
        "confidence_gained_public",
        "Confidence gained, public",
        "0-1",
        "Growth of public members' confidence.",
        "process",
        1,
        phrase="the public's confidence gained",
    ),
    Outcome(
        "attendance_public",
        "Attendance, public",
        "share",
        "Share of meetings that public members attended.",
        "process",
        1,
        phrase="the public's attendance",
    ),
    Outcome("interruptions", "Interruptions", "per hour", "Turns cut short per hour of talk.", "process", -1),
    Outcome(
        "interruption_gap",
        "Interruption gap",
        "ratio",
        "Chance of a public turn to be cut over that of any turn.",
        "process",
    ),
    Outcome(
        "off_remit", "Turns off the remit", "share", "Share of turns spent off the remit.", "process", -1
    ),
    Outcome(
        "steered",
        "Turns given by the facilitator",
        "share",
        "Share of turns given by the facilitator, not taken.",
        "process",
    ),
    Outcome("turns", "Turns", "turns", "Spoken turns in the project.", "process"),
    Outcome(
        "minutes",
        "Minutes",
        "minutes",
        "Elapsed minutes of meetings and of what interventions add.",
        "cost",
        -1,
    ),
    Outcome("person_hours", "Person-hours", "hours", "Hours of everyone's time.", "cost", -1),
    Outcome(
        "money",
        "Money",
        "currency",
        "Money spent on payment, facilitation and interventions (planning prices).",
        "cost",
        -1,
    ),
    Outcome(
        "decision_score",
        "Decision score",
        "merit",
        "Mean over options of the deciders' score (a check on influence).",
        "check",
    ),
)
"""Every outcome, in the order of the columns."""

COUNTERFACTUAL: Final[tuple[Outcome, ...]] = tuple(
    Outcome(
        f"counterfactual_influence_{role}",
        f"Decisions that hang on {people}",
        "share",
        f"Share of key decisions that change when the first views of {people} are all drawn again.",
        "influence",
        phrase=f"the share of decisions that hang on {people}",
    )
    for role, people in (
        ("researcher", "researchers"),
        ("provider", "providers"),
        ("policymaker", "policymakers"),
        ("patient", "the public"),
    )
)
"""Outcomes that take further runs of every project, and are there only where a study asks for them."""

KNOWN_OUTCOMES: Final = AtHand({outcome.name: outcome for outcome in (*OUTCOMES, *COUNTERFACTUAL)})
"""Every outcome by name, and while a study is told of, those that it defines itself."""


def outcome_named(name: str) -> Outcome:
    """Return what is known of an outcome; of one that is not the model's, its name alone."""
    return KNOWN_OUTCOMES.get(name) or Outcome(name, plain_name(name), "", "", "other")


def outcome_title(name: str) -> str:
    """Return what people call an outcome.

    >>> outcome_title("influence_gini"), outcome_title("of_another_model")
    ('Inequality of influence (Gini)', 'Of another model')
    """
    return outcome_named(name).title


def outcome_in_sentence(name: str) -> str:
    """Return what an outcome is called inside a sentence: ``the public's influence parity``."""
    return outcome_named(name).in_sentence


COUNTERFACTUAL_NAMES: Final[tuple[str, ...]] = tuple(outcome.name for outcome in COUNTERFACTUAL)

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
    "value_in_use",
    "load",
    "part_governance",
    "part_priority_setting",
    "part_conducting",
    "part_knowledge_translation",
)
"""Columns of the members' table after replicate, person, role, group and constituency."""
