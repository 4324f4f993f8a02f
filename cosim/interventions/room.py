"""The room: small groups with parallel floors, and who sits where.

How far dials move, decay, minutes and money are planning assumptions throughout.  No trial that isolates
seating or groups in health-research teams was found.
"""

from __future__ import annotations

from cosim.interventions import sources
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Boost, Dial, Fix
from cosim.interventions.intervention import Evidence, Intervention, Range

MIXED_SMALL_GROUPS = Intervention(
    name="mixed_small_groups",
    title="Mixed small groups",
    sentence="Half of each meeting is spent in small groups in which all roles are mixed.",
    family="facilitation",
    effects=(Dial("facilitation.small_groups", 1.0, share=0.5), Fix("facilitation.group_mix", "mixed")),
    effort=(Effort(when="every_meeting", inside_minutes=5.0, money=90.0),),
    evidence=Evidence(
        "trial of a bundle",
        "Small-group deliberation was part of the trial's bundle, and is how priority setting workshops are "
        "run, with a facilitator to each group of up to ten. Half of the time, and 90 for further help, "
        "assumed.",
        (sources.BOIVIN_PROCESS, sources.JLA_DAY),
    ),
    built_in=("interruptions", "money"),
    conflicts=("public_breakout",),
)

PUBLIC_BREAKOUT = Intervention(
    name="public_breakout",
    title="Public-only break-out",
    sentence="For about a quarter of each meeting public members and professionals talk among themselves.",
    family="facilitation",
    effects=(
        Dial("facilitation.small_groups", 1.0, share=0.25),
        Fix("facilitation.group_mix", "by_role"),
        Boost("public", "confidence", 0.05, when="every_meeting"),
        Boost("public", "own_ties", 0.1, when="every_meeting"),
    ),
    effort=(Effort(when="every_meeting", inside_minutes=3.0),),
    evidence=Evidence(
        "practice literature",
        "Public members drew on one another's experience in the trial's process evaluation; the break-out "
        "itself was not tested. 20-30 minutes and sizes assumed.",
        (sources.BOIVIN_PROCESS, sources.PRIORITY_III),
    ),
    built_in=("interruptions", "confidence_gained_public"),
    conflicts=("mixed_small_groups", "one_two_four_all"),
)

ONE_TWO_FOUR_ALL = Intervention(
    name="one_two_four_all",
    title="1-2-4-all",
    sentence="Everyone writes alone, then people talk in twos and fours, then all together.",
    family="facilitation",
    effects=(
        Dial("facilitation.silent_writing", 1.0),
        Dial("facilitation.small_groups", 1.0, share=0.5),
        Fix("facilitation.group_mix", "mixed"),
    ),
    effort=(Effort(when="every_meeting", inside_minutes=3.0),),
    evidence=Evidence(
        "practice literature",
        "A published routine of 1, 2, 4 and 5 minutes: half of it in groups. No measured effect. Writing "
        "and moving take three minutes of each meeting (assumed).",
        (sources.ONE_TWO_FOUR,),
    ),
    built_in=("interruptions", "withheld_public", "acceptability_mean"),
    conflicts=("public_breakout",),
)

ROUND_TABLE = Intervention(
    name="round_table",
    title="Round table",
    sentence="The table is round, so that nobody sits at its head.",
    family="power",
    effects=(Dial("facilitation.level_table", 1.0),),
    effort=(Effort(when="every_meeting", who="lead", outside_minutes=5.0),),
    evidence=Evidence(
        "observational",
        "End seats and status go with being chosen to lead a jury, seats with the order of speaking on "
        "advisory panels; changing the table was not tested in research teams. Minutes assumed.",
        (sources.JURY_SEATS, sources.FDA_SEATS, sources.STEINZOR),
    ),
    built_in=("minutes", "person_hours"),
    ranges=(Range("decay", 0.0, 0.0, "a table that is round stays round"),),
)

MIXED_SEATING = Intervention(
    name="mixed_seating",
    title="Mixed seating",
    sentence="A seating plan puts members of different roles beside one another.",
    family="power",
    effects=(Dial("facilitation.mixed_seating", 1.0),),
    effort=(Effort(when="every_meeting", who="lead", outside_minutes=5.0),),
    evidence=Evidence(
        "observational",
        "Seats go with who speaks and how panels vote; a mixed plan was not tested in research teams. That "
        "people drift back to their own by 10 % a meeting, and minutes, assumed.",
        (sources.FDA_SEATS, sources.STEINZOR),
    ),
    compliance=0.9,
    decay=0.1,
    built_in=("minutes", "person_hours"),
)

FAMILY = (MIXED_SMALL_GROUPS, PUBLIC_BREAKOUT, ONE_TWO_FOUR_ALL, ROUND_TABLE, MIXED_SEATING)
