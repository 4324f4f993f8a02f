"""The five principles of co-producing research as diagnostics: outcomes with a least or a largest value.

The principles are the guidance's; every outcome and threshold below is ours.  They were set after a look at
the default team and at the scenario `five_principles`, and before ways of working that pass were searched for
(`experiments/principles.py`).
"""

from __future__ import annotations

from typing import Final

from cosim.lenses.lens import Axis, Check, Lens

LENS: Final = Lens(
    name="principles",
    title="The five principles of co-producing research",
    source=(
        "NIHR guidance on co-producing a research project, "
        "https://www.learningforinvolvement.org.uk/?opportunity=nihr-guidance-on-co-producing-a-research-project"
    ),
    caution=(
        "Outcomes and thresholds are ours, and no assessment of a real team. A principle passes when all its "
        "checks hold for the mean over runs."
    ),
    axes=(
        Axis(
            "Sharing of power",
            "Has everybody a part in key decisions, as declared, and does the lead not overrule?",
            (
                Check("influence_min", at_least=0.5),
                Check("promise_gap", at_most=0.1),
                Check("override_rate", at_most=0.1),
            ),
        ),
        Axis(
            "All perspectives and skills",
            "Is no role far below an equal share, and do public members come?",
            (
                Check("influence_parity_public", at_least=0.75),
                Check("influence_parity_provider", at_least=0.75),
                Check("influence_parity_policymaker", at_least=0.75),
                Check("influence_parity_researcher", at_least=0.75),
                Check("attendance_public", at_least=0.8),
            ),
        ),
        Axis(
            "Knowledge of all",
            "Does a public contribution count nearly as much as any, and is little held back?",
            (
                Check("uptake_per_turn_public", at_least=0.8),
                Check("withheld_public", at_most=0.1),
            ),
        ),
        Axis(
            "Reciprocity",
            "Do public members get something back: no less confidence, and influence that they can see?",
            (
                Check("confidence_gained_public", at_least=0.0),
                Check("perceived_influence_public", at_least=0.5),
            ),
        ),
        Axis(
            "Relationships",
            "Do working relationships across roles grow, and does the public not lose credibility?",
            (
                Check("ties_gained", at_least=0.15),
                Check("credibility_gained_public", at_least=0.0),
            ),
        ),
    ),
)
