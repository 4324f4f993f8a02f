"""The Cube of Gibson, Britten and Lynch: four axes between two poles each.

The axes are theirs; which outcome stands for an axis, and where one pole begins, is ours.
"""

from __future__ import annotations

from typing import Final

from cosim.lenses.lens import Axis, Lens, Scale

LENS: Final = Lens(
    name="cube",
    title="The Cube: voice, ways, concerns, change",
    source=(
        "Gibson, Britten & Lynch, theoretical directions for an emancipatory concept of involvement; axes as "
        "in https://pmc.ncbi.nlm.nih.gov/articles/PMC5600246/table/hex12486-tbl-0001"
    ),
    caution="Which outcome stands for which axis, and the borders between the words, are ours.",
    axes=(
        Axis(
            "Voice: weak – strong",
            "How much of what is decided comes from the public, per seat?",
            Scale(
                ("influence_parity_public",),
                ((0.5, "weak"), (0.9, "between weak and strong")),
                "strong",
            ),
        ),
        Axis(
            "Ways: one – many",
            "In how many ways does the public take part: speak, set the agenda, vote, speak for others?",
            Scale(
                (
                    "voice_parity_public",
                    "agenda_parity_public",
                    "visible_parity_public",
                    "influence_carried_public",
                ),
                ((0.0, "none"), (1.0, "one"), (2.0, "two"), (3.0, "three")),
                "many",
                "count",
            ),
        ),
        Axis(
            "Concerns: organisation's – public's",
            "Whose concerns set the agenda: how large is the public's part in it, per seat?",
            Scale(
                ("agenda_parity_public",),
                ((0.33, "the organisation's"), (1.1, "both")),
                "the public's",
            ),
        ),
        Axis(
            "Change: resists – changes",
            "Who moves: professionals' part in all movement of priorities?",
            Scale(
                ("movement_professionals", "movement_public"),
                ((0.4, "the organisation resists"), (0.6, "both move")),
                "the organisation changes",
                "share",
            ),
        ),
    ),
)
