"""Ways of running the talk."""

from __future__ import annotations

from cosim.interventions.intervention import Dial, Effort, Evidence, Intervention

ROUND_ROBIN = Intervention(
    name="round_robin",
    title="Round robin",
    sentence="Everyone speaks in turn, in a fixed order, until the round is complete.",
    family="facilitation",
    effects=(Dial("facilitation.rounds", 1.0),),
    effort=(Effort(when="every_meeting", inside_minutes=2.0),),
    evidence=Evidence(
        "practice literature",
        "Part of the nominal group technique and of priority setting partnerships; no controlled effect on influence found.",
        ("James Lind Alliance Guidebook, chapters 8 and 9",),
    ),
    built_in=("voice_gini", "voice_parity_public"),
    conflicts=(),
)

FAMILY = (ROUND_ROBIN,)
