"""structure: what survives when a mechanism is switched off or takes its rival form."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cosim.execution.points import Way
from cosim.execution.settings import Name, Settings, Value
from cosim.studies.arms import arms_of, made_of, refuse_too_many
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

AS_IT_IS = "as it is"


class StructureBlock(Settings):
    """What only a study of structure has."""

    variants: Annotated[
        dict[Name, Annotated[dict[Name, Value], Field(min_length=1)]], Field(min_length=1)
    ] = Field(description="Other forms of the model by name, each with the scenario keys that make it.")


def make(ask: Ask) -> Made:
    """Cross variants of the model, arms and worlds."""
    block: StructureBlock = ask.block
    if AS_IT_IS in block.variants:
        raise ask.error("is always there; choose another name", ("structure", "variants", AS_IT_IS))
    ways, of = [], {}
    arms = arms_of(ask)
    count = len(arms) * (1 + len(block.variants))
    refuse_too_many(ask, count, "structure.variants", "combinations of variants and arms")
    for variant, changes in {AS_IT_IS: {}, **block.variants}.items():
        for way in arms:
            both = sorted(set(changes) & set(way.changes))
            place = ("structure", "variants", variant)
            if both:
                raise ask.error(f"the arm {way.name!r} sets {both[0]} too", place)
            name = way.name if variant == AS_IT_IS else f"{way.name} | {variant}"
            if name in of:
                raise ask.error("another arm would have this name", place, value=name)
            ways.append(Way(name, way.interventions, {**way.changes, **changes}, place))
            of[name] = {"arm": way.name, "variant": variant}
    notes = {"variants": [AS_IT_IS, *block.variants], "arms": of, **NESTED}
    return made_of(ask, ways, notes, combined=True)


KIND = StudyKind(
    name="structure",
    sentence="Which findings survive when a mechanism is switched off or takes its rival form?",
    block=StructureBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
)
