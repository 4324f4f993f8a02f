"""How the team is run: agenda, facilitation, decisions, accountability, attendance, system, costs.

Each field is one parameter record (see `cosim.config.parameter`); most are levers, which organisers choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cosim.config.parameter import cost, design, lever, uncertain
from cosim.errors import ConfigError
from cosim.scenario.section import Section
from cosim.scenario.vocabulary import Accountability, GroupMix, Level, Seating

FAIR_PROCESS = (
    "direction: fair process effect (Skitka, Winquist & Hutchinson 2003, 89 studies); that the outcome "
    "counts for most: Esaiasson et al. 2016, doi 10.1017/S0007123416000508; size assumed"
)


class Agenda(Section):
    """Which items reach the table."""

    shared: float = lever(0.0, "Who sets the agenda: 0 the lead alone, 1 every member alike.")
    public_slot: float = lever(0.0, "Share of the agenda reserved for items the public members bring.")
    minutes_per_item: float = design(
        15.0, "Minutes that an agenda item gets.", allowed=(1.0, 240.0), unit="minutes"
    )
    self_interest: float = uncertain(
        0.8,
        "How strongly whoever sets the agenda favours the options they themselves rate highly.",
        plausible=(0.3, 1.0),
    )
    closed: float = design(
        0.0,
        "Chance that a phase can choose only what has been on an agenda (0: all that is on its list).",
        unit="chance",
        source="idea: non-decisions (Bachrach & Baratz 1962, recalled); off unless a scenario is about it",
    )


class Facilitation(Section):
    """How the meeting is run: dials that compose."""

    skill: float = lever(
        0.7, "Skill of the facilitator: how much of a dial's intention is carried out.", unit="skill 0-1"
    )
    invitation: float = lever(0.0, "Share of turns in which the least heard member is invited.")
    rounds: float = lever(0.0, "Share of turns taken in fixed order (1: round robin).")
    passing: float = lever(0.0, "How readily an unconfident member may pass in a round.")
    talk_cap: float = lever(0.0, "How strictly a member who has spent their tokens waits for the others.")
    tokens: int = lever(
        3, "Talking tokens each member has before all are renewed.", allowed=(1, 50), unit="turns"
    )
    queue: float = lever(0.0, "Share of turns taken from a queue of raised hands.")
    small_groups: float = lever(0.0, "Share of the meeting spent in small groups with parallel floors.")
    group_size: int = lever(4, "Aimed size of a small group.", allowed=(2, 20), unit="people")
    group_mix: GroupMix = design("mixed", "How small groups are formed.", allowed=None)
    remix: int = lever(
        1, "How often small groups are formed again within a meeting.", allowed=(1, 10), unit="times"
    )
    silent_writing: float = lever(
        0.0, "Chance that a member writes one contribution, unseen, before the talk."
    )
    anonymous_input: float = lever(0.0, "Share of contributions made without the contributor's name.")
    ground_rules: float = lever(0.0, "How far ground rules are kept: fewer interruptions, more safety.")
    monitoring: float = lever(
        0.0, "How strongly the facilitator corrects course when shares drift from the aim."
    )
    monitoring_every: int = lever(
        40, "Turns between two looks at the shares.", allowed=(5, 1000), unit="turns"
    )
    monitoring_aim: float = lever(0.15, "Gini of turns and uptake that monitoring tolerates.", unit="Gini")
    power_audit: float = lever(0.0, "How far members correct their credibility judgements between meetings.")
    seating: Seating = design("rectangular", "Shape of the table.", allowed=None)
    mixed_seating: float = lever(0.0, "How far roles are seated among one another instead of in blocks.")
    level_table: float = lever(0.0, "How far the pull of the head seat is removed (1: a round table).")
    titles_hidden: float = lever(0.0, "How far titles are left out of introductions and name plates.")
    plain_language: float = lever(0.0, "How far jargon is replaced or explained.")
    mutual_learning: float = lever(0.0, "How far professionals are made familiar with lived experience.")
    assumptions_round: float = lever(
        0.0, "How far members say aloud what they take for granted before they argue."
    )
    co_chair: float = lever(0.0, "Share of the lead's standing and agenda held by a public co-chair.")
    feedback: float = lever(0.0, "How fully members hear what became of what they said.")
    consultation: float = lever(0.0, "Reach of a report from a wider public consultation.")
    chairing: float = design(
        0.0,
        "Share of turns that a chair hands over in words; above 0 they open items and sum up meetings, too.",
        unit="dose 0-1",
        source="off unless a scenario's sources tell of a chair; committees: about .2 (A12, own computation)",
    )
    handling_seconds: float = uncertain(
        3.0,
        "Facilitator's or chair's words around each steered turn, and in each turn of theirs.",
        plausible=(1.0, 6.0),
        allowed=(0.0, 60.0),
        unit="seconds",
    )
    heavy_hand: float = uncertain(
        0.3,
        "Acceptability lost when every turn is by invitation (grows with the square of the share).",
        plausible=(0.0, 0.6),
        source="direction: higher moderation lowered perceived fairness (arXiv 1901.10720); size assumed",
    )


class Decision(Section):
    """How ballots are cast."""

    secret_ballot: float = lever(
        0.0, "How far ballots are secret and simultaneous (0: open, in order of standing)."
    )
    written_ballots: float = lever(0.0, "How far ballots of absent members count, cast in writing.")
    fair_process: float = uncertain(
        0.2,
        "How far having had one's say counts in accepting a decision, beside what was decided.",
        plausible=(0.0, 0.4),
        source=FAIR_PROCESS,
    )
    approval_margin: float = design(
        0.0,
        "How far above their own average an option must stand for a member to approve it.",
        allowed=(-0.5, 0.5),
        unit="merit 0-1",
        source="a choice: it bears on approval voting alone",
    )


class LeadAccountability(Section):
    """What the accountable lead may do with the team's decision."""

    form: Accountability = design("sign_off", "Form of the lead's accountability.", allowed=None)
    pressure: float = uncertain(
        0.4,
        "Chance that a lead who signs off overrides a decision they oppose.",
        plausible=(0.1, 0.8),
        unit="chance",
    )
    explain_cost: float = uncertain(
        0.5, "Share of overrides that the duty to explain them prevents.", plausible=(0.2, 0.8)
    )
    tolerance: float = uncertain(
        0.03,
        "Difference in their own judgement that a lead lets pass.",
        plausible=(0.0, 0.08),
        allowed=(0.0, 1.0),
        unit="merit 0-1",
    )
    delegation: float = lever(0.0, "Share of key decisions delegated to the team, beyond the lead's reach.")


class Attendance(Section):
    """Who comes."""

    payment: float = lever(0.5, "How fully public members are paid for their time and expenses.")
    payment_effect: float = uncertain(
        0.6, "Share of public members' absences that full payment prevents.", plausible=(0.2, 0.9)
    )
    dissatisfaction: float = uncertain(
        0.2, "Attendance lost by a member who sees no influence of theirs.", plausible=(0.0, 0.5)
    )
    capacity: float = design(
        3.0,
        "Hours that a public member can give to a meeting and all around it, unpaid.",
        allowed=(0.1, 1000.0),
        unit="hours",
        source="assumed: twice a meeting of 90 minutes",
    )
    hours_per_item: float = design(
        0.25,
        "Hours of preparation that an item of the agenda takes whoever puts it there.",
        allowed=(0.0, 100.0),
        unit="hours",
        source="assumed",
    )
    overload: float = uncertain(
        0.2,
        "Attendance lost by an unpaid public member of whom twice as much is asked as they can give.",
        plausible=(0.0, 0.5),
    )


class System(Section):
    """The organisations around the team."""

    deadline: float = uncertain(
        1.0,
        "Share of the planned meeting time that the funder's timeline leaves.",
        plausible=(0.6, 1.0),
        allowed=(0.1, 1.0),
    )
    role_clarity: float = uncertain(
        0.7, "How clear members are about what they may speak to and decide.", plausible=(0.4, 1.0)
    )
    support: float = uncertain(
        0.8,
        "Organisational support: how fully training, payment and preparation are delivered.",
        plausible=(0.4, 1.0),
    )
    implementation: float = uncertain(
        0.7, "Chance that a decision is carried out.", plausible=(0.3, 0.95), unit="chance"
    )
    plan_flexibility: float = design(
        1.0,
        "Chance that a decision is still open when the team meets (else the protocol has settled it).",
        unit="chance",
    )
    late_evidence: float = uncertain(
        0.0, "Weight of new evidence that researchers bring to a phase's last meeting.", plausible=(0.0, 0.3)
    )
    context_spread: float = design(
        0.3,
        "How far what counts where the result is used differs from what people weigh in the project.",
        source="idea: value in use (Vargo & Lusch 2004, recalled); size assumed",
    )
    drift: float = design(0.0, "Chance that a phase slips to the level below the one agreed.", unit="chance")
    required_level: Level | None = None
    """Level that the funder requires, if any; counts as declared for the promise gap."""


class Costs(Section):
    """Planning prices in the scenario's currency.

    The defaults are in GBP. Whoever changes the currency gives prices with it; see :func:`relabelled`.
    """

    currency: str = "GBP"
    public_hour: float = cost(
        25.0,
        "Payment of a public member.",
        unit="money per hour",
        source="NIHR payment guidance (recalled, unchecked); range assumed",
        plausible=(15.0, 35.0),
    )
    public_expenses: float = cost(
        15.0,
        "Expenses of a public member's attendance.",
        unit="money per meeting",
        source="assumed, with its range",
        plausible=(5.0, 45.0),
    )
    staff_hour: float = cost(
        0.0,
        "Cost of professionals' time (0: salaried, not billed).",
        unit="money per hour",
        source="assumed",
    )
    facilitator_hour: float = cost(
        60.0,
        "Fee of an independent facilitator.",
        unit="money per hour",
        source="assumed, with its range",
        plausible=(30.0, 120.0),
    )


def price_keys() -> tuple[str, ...]:
    """Return the names of the prices."""
    return tuple(name for name in Costs.model_fields if name != "currency")


def relabelled(given: Mapping[str, Any], before: str) -> ConfigError | None:
    """Return why a change of costs cannot be used, when it changes the currency and no price.

    A number in GBP is not the same number in EUR: with the currency alone, every sum would be wrong by the
    rate of exchange, without a word. The same number may be given, but it has to be given.

    Parameters
    ----------
    given : mapping of str to value
        What a file, a mapping or a change says of ``costs``, by key.
    before : str
        The currency that it would have without that.
    """
    currency = given.get("currency", before)
    needed = [name for name in price_keys() if Costs.model_fields[name].default != 0.0]
    if currency == before or any(given.get(name) is not None for name in needed):
        return None
    return ConfigError(
        f"every price would keep its number in {before} and only be called otherwise; give prices in this "
        f"currency beside it ({', '.join(f'costs.{name}' for name in needed)})",
        key="costs.currency",
        value=currency,
    )


def foreign_defaults(costs: Costs) -> tuple[str, ...]:
    """Return the prices that still have the number of their default, though the currency is another one."""
    usual = Costs()
    if costs.currency == usual.currency:
        return ()
    same = [name for name in price_keys() if getattr(costs, name) == getattr(usual, name) != 0.0]
    return tuple(same)
