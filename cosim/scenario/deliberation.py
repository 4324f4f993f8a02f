"""How people deliberate: knowledge, standing, floor, speech, uptake, learning.

Each field is one parameter record (see `cosim.config.parameter`); nearly all are uncertainties, which nobody
controls and sampled worlds vary.
"""

from __future__ import annotations

from cosim.config.parameter import design, uncertain
from cosim.scenario.section import Section
from cosim.scenario.vocabulary import FloorRule, UptakeRule

ICSI = "ICSI meeting corpus, CC BY 4.0 (Janin et al. 2003, doi 10.1109/ICASSP.2003.1198793), own computation"
STATUS = (
    "status characteristics theory: Fisek, Norman & Nelson-Kilger 1992; Whitmeyer 2003, Soc Psychol Q 66:238"
)
FIT = (
    "ICSI, AMI and DeliData logs (51, 97 and 326 meetings; Janin et al. 2003, Carletta et al. 2005, "
    "Karadzhov et al. 2023), fitted by approximate Bayesian computation: cosim/calibration/fitted"
)
RANKS = f"{FIT}; one number for title and expertise, which academic rank does not tell apart; form: {STATUS}"
LEADS = f"{FIT}; form: {STATUS}"
LENGTHS = (
    "SD between people of one meeting and role of their mean log turn length, sampling error taken out: "
    "ICSI .23, AMI .17, DeliData .31 (own computation on the logs that come with cosim)"
)
FJ = "Friedkin & Johnsen 1999 (form recalled); size assumed"
MINDS_FIT = (
    "fitted to views before and after talk (forums, expert panels, estimates, reviewers' scores; M1 to M11), "
    "together with turn logs; the range is the 95 % interval"
)
MINDS_LOOSE = (
    "median of a fit to views before and after talk (M1 to M11), which hardly narrows it; the range is ours"
)


class Knowledge(Section):
    """What the options are worth, and what people believe about them before they meet."""

    merit_spread: float = uncertain(
        0.2,
        "SD of the options' merit on each kind of knowledge.",
        plausible=(0.12, 0.28),
        allowed=(0.0, 0.5),
        unit="merit 0-1",
    )
    merit_correlation: float = uncertain(
        0.3,
        "Correlation of an option's merits across kinds of knowledge.",
        plausible=(0.0, 0.7),
        unit="correlation",
    )
    received_error: float = uncertain(
        0.1,
        "SD of the received view's error about an option: common to all who do not know the kind.",
        plausible=(0.03, 0.2),
        allowed=(0.0, 0.5),
        unit="merit 0-1",
        source="idea: common information (Stasser & Titus 1985, recalled); size assumed",
    )
    belief_noise: float = uncertain(
        0.22,
        "SD of a member's own deviation from what knowledge and constituency would have them think.",
        plausible=(0.2, 0.26),
        allowed=(0.0, 0.5),
        unit="merit 0-1",
        status="empirical",
        source=MINDS_FIT,
    )
    interests: float = uncertain(
        0.1,
        "SD by which a constituency's interests colour its view of an option.",
        plausible=(0.0, 0.25),
        allowed=(0.0, 0.5),
        unit="merit 0-1",
    )
    technicality: float = uncertain(
        0.6, "How strongly an option turns on few kinds of knowledge (0: on all alike).", plausible=(0.3, 0.9)
    )
    opens: float = uncertain(
        0.2,
        "Share of a later phase's options that exist only because of what was chosen in the phase before.",
        plausible=(0.0, 0.5),
        formerly=("opens", "path_dependence"),  # the old name is read until 0.3
    )
    society_empirical: float = design(
        0.35, "Weight of empirical merit in an option's value to society.", unit="weight"
    )
    society_experiential: float = design(
        0.3, "Weight of experiential merit in an option's value to society.", unit="weight"
    )
    society_practice: float = design(
        0.2, "Weight of practice merit in an option's value to society.", unit="weight"
    )
    society_policy: float = design(
        0.15, "Weight of policy merit in an option's value to society.", unit="weight"
    )


class Standing(Section):
    """What members expect of one another when a meeting opens."""

    title_salience: float = uncertain(
        0.93,
        "How much title and profession count as a status characteristic.",
        plausible=(0.74, 1.0),
        status="empirical",
        source=RANKS,
    )
    expertise_salience: float = uncertain(
        0.93,
        "How much recognised expertise counts as a status characteristic.",
        plausible=(0.74, 1.0),
        status="empirical",
        source=RANKS,
    )
    leadership_salience: float = uncertain(
        0.97,
        "How much being the lead or chair counts as a status characteristic.",
        plausible=(0.86, 1.0),
        status="empirical",
        source=LEADS,
    )
    appraisal_salience: float = uncertain(
        0.3,
        "How much earlier uptake counts as a learned performance expectation (power accumulates).",
        plausible=(0.0, 0.6),
    )


class Floor(Section):
    """Who speaks next when nobody steers."""

    rule: FloorRule = design(
        "standing", "Rule of the open floor; luce ignores standing, queue takes hands in order.", allowed=None
    )
    returning: float = uncertain(
        2.29,
        "How much likelier the one addressed (as a rule who spoke before: A-B-A) is to take the floor next.",
        plausible=(1.69, 3.07),
        allowed=(0.0, 20.0),
        unit="added odds",
        status="empirical",
        source=FIT,
    )
    aim: float = uncertain(
        1.0,
        "Odds that a turn is said to somebody for their consent, not to who spoke before, if all's counts.",
        plausible=(0.0, 5.0),
        allowed=(0.0, 20.0),
        unit="odds",
        source="form: pivotality under the decision rule; size assumed, no source found",
    )
    talkativeness_spread: float = uncertain(
        0.72,
        "SD of log talkativeness between people, lasting over meetings.",
        plausible=(0.63, 0.83),
        allowed=(0.0, 1.5),
        unit="log SD",
        status="empirical",
        source=FIT,
    )
    engagement_spread: float = uncertain(
        0.98,
        "SD of log engagement: how much a person's claim to the floor differs from item to item, day to day.",
        plausible=(0.69, 1.16),
        allowed=(0.0, 1.5),
        unit="log SD",
        status="empirical",
        source=FIT,
    )
    stake: float = uncertain(
        1.0,
        "How much more a member claims the floor when the views that others have shown depart from theirs.",
        plausible=(0.0, 2.0),
        allowed=(0.0, 5.0),
        unit="per unit of merit",
    )
    head_seat: float = uncertain(
        0.3,
        "How much the seat at the head of a table adds to a claim.",
        plausible=(0.0, 0.6),
        allowed=(0.0, 2.0),
        unit="factor",
        source="direction: jury studies on end seats; size assumed",
    )
    opposite_seat: float = uncertain(
        0.2,
        "How much sitting opposite the last speaker adds to a claim.",
        plausible=(0.0, 0.5),
        allowed=(0.0, 2.0),
        unit="factor",
        source="Steinzor 1950 (recalled, direction only); size assumed",
    )


class Speech(Section):
    """What is said, how long, and what is held back."""

    safety: float = uncertain(0.2, "Psychological safety without ground rules.", plausible=(0.0, 0.5))
    interruption: float = uncertain(
        0.12,
        "Chance that a turn of someone of average standing is cut short.",
        plausible=(0.04, 0.25),
        unit="chance",
    )
    cut_words: float = uncertain(
        0.5, "Share of its words that a cut turn keeps.", plausible=(0.3, 0.8), allowed=(0.05, 1.0)
    )
    cut_heard: float = uncertain(
        0.4, "Share of a cut contribution that reaches listeners.", plausible=(0.2, 0.7)
    )
    off_remit: float = uncertain(
        0.2,
        "Chance that a turn is spent off the remit when nobody knows what they may speak to.",
        plausible=(0.05, 0.4),
        unit="chance",
    )
    words_log_mean: float = uncertain(
        2.05,
        "Mean of the log number of words in a substantive turn.",
        plausible=(1.91, 2.31),
        allowed=(0.0, 6.0),
        unit="log words",
        status="empirical",
        source=FIT,
    )
    words_log_sd: float = uncertain(
        1.18,
        "SD of the log number of words in a substantive turn.",
        plausible=(1.05, 1.28),
        allowed=(0.0, 2.0),
        unit="log words",
        status="empirical",
        source=FIT,
    )
    words_per_minute: float = uncertain(
        180.0,
        "Pace of speech (or, in a chat, of typing).",
        plausible=(150.0, 200.0),
        allowed=(20.0, 400.0),
        unit="words per minute",
        status="empirical",
        source=ICSI + ", 10,485 words in about 58 minutes",
    )
    length_by_standing: float = uncertain(
        0.9,
        "How much longer turns get with standing.",
        plausible=(0.72, 0.95),
        allowed=(0.0, 0.95),
        unit="per unit of standing",
        status="empirical",
        source=FIT,
    )
    length_spread: float = uncertain(
        0.24,
        "SD of log turn length between people of the same standing, lasting over meetings.",
        plausible=(0.17, 0.31),
        allowed=(0.0, 1.0),
        unit="log SD",
        status="empirical",
        source=LENGTHS,
    )
    handover_seconds: float = uncertain(
        1.0, "Pause between turns.", plausible=(0.3, 2.0), allowed=(0.0, 30.0), unit="seconds"
    )


class Stance(Section):
    """How far what members show, in talk and on ballots, is bent toward the lead and the majority."""

    deference: float = uncertain(
        0.4,
        "How far a large gap in standing bends what an unconfident member shows to the lead's shown stance.",
        plausible=(0.0, 0.8),
        source="direction: Tost, Gino & Larrick 2012 (recalled); size assumed",
    )
    conformity: float = uncertain(
        0.33,
        "How far what a lone dissenter shows is bent toward three or more who have shown the other side.",
        plausible=(0.0, 0.5),
        source="Asch 1955 (recalled): a third conform, three opponents suffice, one ally breaks it; A10",
    )
    latitude: float = uncertain(
        0.7,
        "How free a member with a mandate is to change their mind: 0 a bound delegate, 1 a trustee.",
        plausible=(0.3, 1.0),
        source="distinction: Pitkin 1967; size assumed",
    )


class Arguments(Section):
    """Arguments: who holds them, how often one is said, how far its first hearing moves a listener."""

    step: float = uncertain(
        1.28,
        "How far an argument heard for the first time moves an open listener who understands and credits it.",
        plausible=(0.68, 1.89),
        allowed=(0.0, 4.0),
        unit="share of the way",
        status="empirical",
        source=MINDS_FIT,
    )
    held: float = uncertain(
        0.26,
        "Chance that a full expert holds the argument that an option has in their kind of knowledge.",
        plausible=(0.2, 1.0),
        unit="chance",
        source=MINDS_LOOSE,
    )
    voiced: float = uncertain(
        0.07,
        "Chance that a turn says the argument, if its speaker holds it.",
        plausible=(0.01, 0.6),
        unit="chance",
        source=MINDS_LOOSE,
    )


class Uptake(Section):
    """How far listeners move."""

    rule: UptakeRule = design("shared_attention", "Rule by which listeners move.", allowed=None)
    rate: float = uncertain(
        0.27,
        "Move of an open listener toward one fresh, wholly credible and clear voice that has all attention.",
        plausible=(0.15, 0.44),
        status="empirical",
        source=MINDS_FIT,
    )
    voices: float = uncertain(
        12.54,
        "How many times more others' voices weigh where one text, score or fact must come out of the talk.",
        plausible=(7.37, 14.9),
        allowed=(0.0, 20.0),
        unit="factor",
        status="empirical",
        source=MINDS_FIT,
    )
    fading: float = uncertain(
        0.22,
        "Weight of a position said again, relative to the time before (1: repeating it never wears off).",
        plausible=(0.06, 0.62),
        status="empirical",
        source=MINDS_FIT,
    )
    certainty: float = uncertain(
        0.74,
        "How much more a member moves others on an item of which they are an SD more certain than usual.",
        plausible=(0.23, 1.41),
        allowed=(0.0, 3.0),
        unit="per SD",
        status="empirical",
        source=MINDS_FIT,
    )
    reflection: float = uncertain(
        0.2,
        "Share of a member's own deviation that a day of thinking by themselves draws again.",
        plausible=(0.14, 0.28),
        unit="per day",
        status="empirical",
        source=MINDS_FIT,
    )
    anchor: float = design(
        0.01,
        "Pull back to where one stood, for a closed listener, at each turn (not under shared attention).",
        allowed=(0.0, 0.5),
        source=FJ,
    )
    jargon: float = uncertain(
        0.8,
        "How much of a turn is lost per unit by which its expertise exceeds the listener's literacy.",
        plausible=(0.4, 1.0),
    )
    unfamiliarity: float = uncertain(
        0.8,
        "The same for lived experience: how much is lost on listeners who do not share it.",
        plausible=(0.4, 1.0),
    )
    legitimacy: float = uncertain(
        0.3, "Share of a hearing that depends on being seen to speak for others.", plausible=(0.0, 0.6)
    )
    confirmation: float = uncertain(
        0.3,
        "How much less is taken up from a turn that contradicts one's belief (biased assimilation).",
        plausible=(0.0, 0.7),
    )
    report: float = uncertain(
        1.0,
        "How many heard turns a written report of the public's views is worth.",
        plausible=(0.5, 2.0),
        allowed=(0.0, 50.0),
        unit="turns",
    )
    bound: float = design(
        0.3,
        "Distance beyond which a listener ignores a turn (bounded-confidence rule only).",
        unit="merit 0-1",
    )


class Learning(Section):
    """How people come to see one another through contact."""

    title_reliance: float = design(
        0.5, "How far a stranger's credibility is read off their title instead of what they know."
    )
    own_role_trust: float = uncertain(
        0.2, "How much more credible members of one's own role seem.", plausible=(0.0, 0.4)
    )
    experiential_discount: float = uncertain(
        0.3,
        "How much professionals discount lived experience as a kind of knowledge.",
        plausible=(0.0, 0.6),
        source="direction: qualitative studies of research culture; size assumed",
    )
    credibility_rate: float = uncertain(
        0.004,
        "Move of credibility toward actual expertise at each understood turn.",
        plausible=(0.001, 0.01),
        allowed=(0.0, 0.2),
        unit="per turn",
        source="direction: intergroup contact, Pettigrew & Tropp 2006; size assumed",
    )
    climate: float = uncertain(
        0.5,
        "Equal-status climate without ground rules: how far contact can correct credibility.",
        plausible=(0.2, 0.8),
    )
    tie_bonus: float = uncertain(
        1.0,
        "How much faster credibility is learned within a working relationship.",
        plausible=(0.0, 3.0),
        allowed=(0.0, 10.0),
        unit="factor",
    )
    confidence_gain: float = uncertain(
        0.01,
        "Confidence gained per turn that is fully taken up, and lost per turn that is cut.",
        plausible=(0.0, 0.03),
        allowed=(0.0, 0.5),
        unit="per turn",
    )
    tie_gain: float = uncertain(
        0.002,
        "Growth of a working relationship per understood turn.",
        plausible=(0.0005, 0.005),
        allowed=(0.0, 0.2),
        unit="per turn",
    )
    tie_decay: float = uncertain(
        0.1, "Loss of a working relationship between meetings.", plausible=(0.02, 0.25), unit="per meeting"
    )
    forgetting: float = uncertain(
        0.1,
        "Return of learned credibility to first impressions between meetings.",
        plausible=(0.0, 0.3),
        unit="per meeting",
    )
    appraisal_memory: float = design(
        0.5, "How much of a learned performance expectation lasts to the next meeting."
    )
