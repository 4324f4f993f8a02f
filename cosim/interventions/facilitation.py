"""Facilitation: how the floor is given when somebody steers, and who looks after the process.

A facilitation dial is a share of turns; the facilitator's skill decides how much of it is carried out, so
compliance is 1 where skill already counts.  Sizes, minutes and money are planning assumptions throughout.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Dial, Fix
from cosim.interventions.intervention import Evidence, Intervention

PROCESS_FACILITATOR = Intervention(
    name="process_facilitator",
    title="Process-focused facilitator",
    sentence=(
        "An independent facilitator looks after the process: invites the silent, reins in the talkative."
    ),
    family="facilitation",
    effects=(
        Dial("facilitation.skill", 1.0, share=0.65),
        Dial("facilitation.invitation", 1.0, share=0.22),
        Dial("facilitation.talk_cap", 1.0, share=0.3),
        Dial("facilitation.ground_rules", 1.0, share=0.4),
    ),
    effort=(Effort(when="every_meeting", who="lead", outside_minutes=20.0, facilitator=True),),
    evidence=Evidence(
        "trial of a bundle",
        "Moderation focused on group process was part of the trial's bundle. In small experiments inviting "
        "the quiet evens contribution; heavy moderation lowers perceived fairness. Invitations are so many "
        "that the facilitator has the turns of a committee's chair; other shares assumed.",
        (
            sources.BOIVIN_PROCESS,
            sources.MODERATOR_BOT,
            sources.OVER_MODERATION,
            sources.MINI_PUBLICS,
            sources.COMMITTEES,
        ),
    ),
    built_in=(
        "voice_gini",
        "voice_parity_public",
        "interruptions",
        "withheld_public",
        "steered",
        "acceptability_mean",
        "minutes",
        "person_hours",
        "money",
    ),
)

ROUND_ROBIN = Intervention(
    name="round_robin",
    title="Round robin",
    sentence="Everyone speaks in turn, in a fixed order, until the round is complete.",
    family="facilitation",
    effects=(Dial("facilitation.rounds", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=2.0),),
    evidence=Evidence(
        "practice literature",
        "Part of the nominal group technique and of priority setting partnerships; no controlled effect on "
        "influence was found. Two minutes to explain it assumed.",
        (sources.JLA_METHOD, sources.JLA_DAY),
    ),
    built_in=("voice_gini", "voice_parity_public", "interruptions", "steered", "acceptability_mean"),
    conflicts=("hand_raising_queue",),
)

NOMINAL_GROUP = Intervention(
    name="nominal_group",
    title="Nominal group technique",
    sentence=(
        "Everyone writes in silence, then ideas are heard round by round, clarified, and ranked in private."
    ),
    family="facilitation",
    effects=(
        Dial("facilitation.silent_writing", 1.0),
        Dial("facilitation.rounds", 1.0, share=0.6),
        Dial("decision.secret_ballot", 1.0),
        Fix("phases.*.rule", "rank_sum"),
    ),
    effort=(Effort(when="every_meeting", inside_minutes=15.0, facilitator=True),),
    evidence=Evidence(
        "controlled study elsewhere",
        "More ideas than in interacting groups; chosen by priority setting partnerships against domination "
        "by one person. No effect on influence was measured. Share of rounds and minutes assumed.",
        (sources.NGT_COMPARED, sources.JLA_METHOD, sources.NGT_CKD),
    ),
    built_in=(
        "voice_gini",
        "voice_parity_public",
        "influence_gini",
        "influence_parity_public",
        "interruptions",
        "withheld_public",
        "false_agreement",
        "steered",
        "acceptability_mean",
        "money",
    ),
    conflicts=("consent_rule",),
)

TALKING_TOKENS = Intervention(
    name="talking_tokens",
    title="Talking tokens",
    sentence="Who has spent three tokens waits until the others have spent theirs.",
    family="facilitation",
    effects=(Dial("facilitation.talk_cap", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=1.0),),
    evidence=Evidence(
        "practice literature",
        "Described by practitioners; no measured effect on influence. The nearest controlled study invited "
        "people instead. Keeping to the tokens nine times in ten assumed.",
        (sources.MODERATOR_BOT, sources.JLA_DAY),
    ),
    compliance=0.9,
    built_in=("voice_gini", "voice_parity_public", "acceptability_mean"),
)

HAND_RAISING_QUEUE = Intervention(
    name="hand_raising_queue",
    title="Hand-raising queue",
    sentence="Whoever wants to speak raises a hand, and hands are taken in order.",
    family="facilitation",
    effects=(Dial("facilitation.queue", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=1.0),),
    evidence=Evidence(
        "practice literature",
        "Described by practitioners; no measured effect on influence. It stops interjections but leaves the "
        "wish to speak unequal. Keeping to the queue nine times in ten assumed.",
        (sources.MINI_PUBLICS,),
    ),
    compliance=0.9,
    built_in=("voice_gini", "voice_parity_public", "steered", "acceptability_mean"),
    conflicts=("round_robin",),
)

ANONYMOUS_INPUT = Intervention(
    name="anonymous_input",
    title="Anonymous input",
    sentence="Half of all contributions are written and read out without their author's name.",
    family="facilitation",
    effects=(Dial("facilitation.anonymous_input", 1.0, share=0.5),),
    effort=(Effort(when="every_meeting", inside_minutes=8.0, money=20.0),),
    evidence=Evidence(
        "controlled study elsewhere",
        "Mixed: computer-supported groups are more equal and less dominated but slower and less satisfied, "
        "and anonymity alone is inconclusive. It hides low status and earned credibility alike. The share "
        "of one half assumed.",
        (sources.ANONYMITY_MIXED, sources.GSS_EQUALITY, sources.GSS_COST, sources.STATUS_ONLINE),
    ),
    built_in=("withheld_public", "acceptability_mean", "money"),
)

GROUND_RULES = Intervention(
    name="ground_rules",
    title="Co-written ground rules",
    sentence="The team writes its own rules of engagement; they are kept less from meeting to meeting.",
    family="facilitation",
    effects=(Dial("facilitation.ground_rules", 1.0),),
    effort=(Effort(who="everyone", inside_minutes=25.0),),
    evidence=Evidence(
        "practice literature",
        "A feature of the guidance and of every priority setting workshop. Nearest experiment: saying that "
        "each member is instrumental nearly removed leaders' dominance. That rules are kept to 80 % and "
        "fade by 15 % a meeting is assumed.",
        (sources.NIHR_COPRODUCTION, sources.JLA_DAY, sources.LEADER_POWER),
    ),
    compliance=0.8,
    decay=0.15,
    built_in=("interruptions", "withheld_public", "acceptability_mean"),
)

CONSTANT_MONITORING = Intervention(
    name="constant_monitoring",
    title="Constant monitoring",
    sentence=(
        "The facilitator keeps count of who speaks and who is taken up, and corrects course in the meeting."
    ),
    family="facilitation",
    effects=(Dial("facilitation.monitoring", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=3.0, facilitator=True),),
    evidence=Evidence(
        "practice literature",
        "Continuous reflection on power is advised; correcting course by counts within a meeting was not "
        "studied in research teams. Size and minutes assumed.",
        (sources.NIHR_COPRODUCTION, sources.MODERATOR_BOT, sources.OVER_MODERATION),
    ),
    built_in=("voice_gini", "voice_parity_public", "steered", "acceptability_mean", "money"),
)

FAMILY = (
    PROCESS_FACILITATOR,
    ROUND_ROBIN,
    NOMINAL_GROUP,
    TALKING_TOKENS,
    HAND_RAISING_QUEUE,
    ANONYMOUS_INPUT,
    GROUND_RULES,
    CONSTANT_MONITORING,
)
