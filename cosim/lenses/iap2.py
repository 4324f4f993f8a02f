"""The levels of the IAP2 Spectrum: which was enacted, and whether what was declared was kept.

Level names only; the questions and words are ours.
"""

from __future__ import annotations

from typing import Final

from cosim.lenses.lens import Axis, Lens, Scale

LENS: Final = Lens(
    name="iap2",
    title="IAP2 levels: enacted against declared",
    source="IAP2 Spectrum of Public Participation (level names), http://iap2canada.ca/page-1020549",
    caution=(
        "Levels are described, never ranked. The mean over phases stands for the level; what each level "
        "promises in influence is our assumption (the outcome promise_gap)."
    ),
    axes=(
        Axis(
            "Level enacted",
            "At which level did the public take part, on average over the phases?",
            Scale(
                ("enacted_level",),
                ((0.5, "inform"), (1.5, "consult"), (2.5, "involve"), (3.5, "collaborate")),
                "empower",
            ),
        ),
        Axis(
            "Promise",
            "Did the public have the influence that the declared level promises?",
            Scale(("promise_gap",), ((0.02, "kept"), (0.2, "fell short")), "fell far short"),
        ),
        Axis(
            "Say in the decision",
            "What part had the public in the vote itself, per seat?",
            Scale(
                ("visible_parity_public",),
                ((0.05, "none"), (0.9, "less than the others'"), (1.1, "as much as the others'")),
                "more than the others'",
            ),
        ),
        Axis(
            "What came of it",
            "And what part of the decisions is theirs, per seat?",
            Scale(
                ("influence_parity_public",),
                ((0.05, "none"), (0.9, "less than the others'"), (1.1, "as much as the others'")),
                "more than the others'",
            ),
        ),
    ),
)
