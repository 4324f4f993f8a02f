"""compare: paired differences of every arm from the baseline, over worlds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cosim.config.error_messages import meant_alone
from cosim.execution.joined_points import FirstWorlds, Joined
from cosim.execution.points import Crossed, Way
from cosim.execution.settings import Name, Settings, check_name, check_names
from cosim.studies.arms import BASELINE, arms_of, made_of, worlds_of
from cosim.studies.compare import again
from cosim.studies.compare.switched import Switched, check_channels, nulls, split, ways_of
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

MOST_SPLIT = 5
_PURPOSES = {"nulls": "for the null models", "channels": "for the split over channels"}
_YES_NO = {"yes": True, "no": False}


def _yes_or_no(given: Any) -> Any:
    """Read ``nulls: yes`` as people write it; in YAML 1.2 that is a word."""
    answer = _YES_NO.get(given, given) if isinstance(given, str) else given
    return {} if answer is True else None if answer is False else answer


@meant_alone("worlds")
class NullsBlock(Settings):
    """How much is run of the two null models."""

    worlds: int = Field(32, ge=1, le=1_000_000, description="In how many of the worlds, the first ones.")


_AsWritten = bool | Literal["yes", "no"] | NullsBlock | None


@meant_alone("arms")
class ChannelsBlock(Settings):
    """Which arms' effects are split over the channels of influence."""

    arms: Annotated[list[Name], Field(min_length=1, max_length=MOST_SPLIT)] = Field(
        description="Up to five arms whose effect is split."
    )
    orders: int = Field(
        16, ge=2, le=5040, description="Sampled orders in which channels are switched off; even."
    )
    worlds: int = Field(32, ge=2, le=1_000_000, description="In how many of the worlds, the first ones.")


@meant_alone("against")
class CompareBlock(Settings):
    """What only a comparison has."""

    against: Name = Field(BASELINE, description="The arm that the others are compared with.")
    primary: Name | None = Field(
        None, description="The outcome that ranks; by default the inequality of influence."
    )
    matters: dict[Name, Annotated[float, Field(ge=0)]] = Field(
        default_factory=dict,
        description="The smallest difference that matters, by outcome: better, the same, worse or unclear.",
    )
    top: int = Field(3, ge=1, le=100, description="For `in the top n in so many % of worlds`.")
    look_again: int = Field(
        0,
        ge=0,
        le=1_000_000_000,
        description="Further runs, in fresh worlds, of the arms that may be the best; 0 for none.",
    )
    until: float | None = Field(
        None,
        gt=0,
        description="Looking again ends early, once who is best is clear or known to within this half-width.",
    )
    nulls: Annotated[NullsBlock | None, BeforeValidator(_yes_or_no, json_schema_input_type=_AsWritten)] = (
        Field(
            None,
            description="Also run every arm with nobody persuaded, and with no ballot channel: yes or no.",
        )
    )
    channels: ChannelsBlock | None = Field(
        None, description="Split effects over the seven channels of influence (Shapley values)."
    )


def make(ask: Ask) -> Made:
    """Cross arms and worlds; add what is run with channels of influence switched off."""
    block: CompareBlock = ask.block
    ways = arms_of(ask)
    names = [way.name for way in ways]
    if len(ways) < 2:
        raise ask.error(
            "there is nothing to compare the baseline with; list interventions, bundles or arms", "study"
        )
    if block.against not in names:
        raise ask.error(
            "there is no such arm", "compare.against", value=block.against, allowed=", ".join(names)
        )
    outcomes = list(ask.outcomes)
    if block.primary is not None:
        check_name(block.primary, outcomes, "outcome", ask.source, ("compare", "primary"))
    for outcome in block.matters:
        check_name(outcome, outcomes, "outcome", ask.source, ("compare", "matters", outcome))
    notes: dict[str, Any] = {"against": block.against, "arms": names, "top": block.top, **NESTED}
    notes |= {"primary": block.primary} if block.primary is not None else {}
    notes |= {"matters": dict(block.matters)} if block.matters else {}
    if block.until is not None and not block.look_again:
        raise ask.error("says when to look no more, so say how many runs at most", "compare.look_again")
    if block.look_again:
        notes |= again.notes_of(ask)
    made = made_of(ask, ways, notes)
    groups = _groups(ask, block, names)
    return _joined(ask, ways, made, groups) if groups else made


def _groups(ask: Ask, block: CompareBlock, names: Sequence[str]) -> dict[str, Switched]:
    groups = {}
    if block.nulls is not None:
        groups["nulls"] = nulls(names, block.nulls.worlds)
    if block.channels is not None:
        wanted = block.channels.arms
        others = [name for name in names if name != block.against]
        check_names(wanted, others, "arm", ask.source, ("compare", "channels", "arms"))
        ask_for = (block.channels.worlds, block.channels.orders, ask.settings.seed)
        groups["channels"] = split([block.against, *wanted], *ask_for)
    return groups


def _joined(ask: Ask, ways: Sequence[Way], made: Made, groups: dict[str, Switched]) -> Made:
    worlds = worlds_of(ask)
    further = ways_of(ways, tuple(groups.values()))
    for each in further.values():
        check_channels(ask, each, f"compare.{next(iter(groups))}")
    parts = [Crossed(FirstWorlds(worlds, count), each) for count, each in further.items()]
    notes = {**made.notes, "switched": {key: group.notes() for key, group in groups.items()}}
    return Made(Joined([made.points, *parts]), notes, made.unchecked, _prices(ways, groups, len(worlds)))


def _prices(ways: Sequence[Way], groups: dict[str, Switched], worlds: int) -> dict[str, int]:
    """Return how many points each group adds; what two of them share is counted with the first."""
    told, known = {}, 0
    for n, key in enumerate(groups, 1):
        further = ways_of(ways, tuple(groups.values())[:n])
        count = sum(min(size, worlds) * len(each) for size, each in further.items())
        told[_PURPOSES[key]], known = count - known, count
    return told


KIND = StudyKind(
    name="compare",
    sentence="Which arms differ from the baseline, by how much, in how many worlds, and at what cost?",
    block=CompareBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
    people=True,
    grow=again.grow,
)
