"""Who gives and who gains, group by group: a team's own groups instead of the model's four roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cosim.analysis.intervals import Interval, mean_interval
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import GREY, VERMILION
from cosim.execution.manifest import PEOPLE
from cosim.execution.run_tables import read_frame
from cosim.formatting.titles import ROLE_WORDS
from cosim.formatting.words import number, plain_name, signed, span
from cosim.reporting.blocks import Block, Cell, Picture, Prose, Section, Table
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.compare.figures import note, stamp
from cosim.studies.compare.findings import PARITY, VOICE, Comparison

MEASURES = ("voice", "influence")
_COLUMNS = (
    *("arm", "world", "group", "role", "members"),
    *("replicates", "turns", "equal_turns", "influence_share"),
)


@dataclass(frozen=True)
class GroupShares:
    """Voice and influence of each group of members, in equal shares, by arm and world.

    Attributes
    ----------
    table : DataFrame
        Indexed by arm, world, group: ``voice`` (turns over an equal share of those present) and
        ``influence`` (share of the team's over share of the seats); ``role``, ``members``.
    labels : mapping of str to str
        What each group is called.
    baseline : str
    """

    table: pd.DataFrame
    labels: Mapping[str, str]
    baseline: str

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Groups in canonical order."""
        return tuple(str(name) for name in self.table.index.unique("group"))

    def about(self, group: str) -> tuple[str, int]:
        """Return role and number of members, as the baseline has them."""
        rows = self.table.xs(group, level="group")
        row = rows.xs(self.baseline, level="arm").iloc[0]
        return str(row["role"]), int(row["members"])

    def level(self, group: str, measure: str, arm: str) -> Interval:
        """Return a group's mean over the worlds under one arm."""
        return mean_interval(self._values(group, measure, arm).to_numpy(dtype=float))

    def difference(self, group: str, measure: str, arm: str) -> Interval:
        """Return the paired difference of an arm to the baseline, over worlds."""
        change = self._values(group, measure, arm) - self._values(group, measure, self.baseline)
        return mean_interval(change.dropna().to_numpy(dtype=float))

    def _values(self, group: str, measure: str, arm: str) -> pd.Series[float]:
        found: pd.Series[float] = self.table.xs((arm, group), level=("arm", "group"))[measure]
        return found


def group_shares(people: pd.DataFrame, labels: Mapping[str, str], baseline: str) -> GroupShares:
    """Work out the shares of groups from a study's people table.

    Parameters
    ----------
    people : DataFrame
        A row per point, block of replicates and group; see
        `cosim.studies.team_model.group_rows`.
    labels : mapping of str to str
    baseline : str
    """
    keys = ["arm", "world", "group"]
    table = people[[*keys, "role", "members"]].copy()
    weight = people["replicates"] * people["members"]
    columns = ["turns", "equal_turns", "influence_share"]
    for name in columns:
        table[name] = people[name] * weight
    table["seats"] = weight.astype(float)
    sums = table.groupby(keys, sort=False)[[*columns, "seats"]].sum()
    whole = sums.groupby(["arm", "world"], sort=False)[["influence_share", "seats"]].transform("sum")
    found = table.drop_duplicates(keys).set_index(keys)[["role", "members"]]
    found["voice"] = (sums["turns"] / sums["equal_turns"]).fillna(0.0)
    share, seats = sums["influence_share"] / whole["influence_share"], sums["seats"] / whole["seats"]
    found["influence"] = (share / seats).fillna(0.0)
    return GroupShares(found, labels, baseline)


def shares_of(comparison: Comparison) -> GroupShares | None:
    """Return the shares of the team's groups; None where members were not kept, or are of one group."""
    results = comparison.results
    path = results.folder / PEOPLE
    if results.scenario is None or not path.is_file() or VOICE not in results.outcomes:
        return None
    people = read_frame(path, _COLUMNS)
    names = {str(name) for name in people["group"].unique()}
    team = results.scenario.team
    labels = {name: team[name].called(name) if name in team else plain_name(name) for name in names}
    found = group_shares(people, labels, comparison.baseline)
    return found if len(found.groups) > 1 else None


def section(comparison: Comparison, shares: GroupShares) -> Section:
    """Return the part of the report that tells of groups."""
    best = next((arm for arm in comparison.ranked if arm in comparison.candidates), comparison.ranked[0])
    title = comparison.arms[best].title
    blocks: list[Block] = [
        Prose(
            (
                "The groups are those of the scenario, under their own names. Voice is a member's turns over "
                "an equal share of those present, influence their share of the team's over their share of "
                "the seats: 1 is an equal share.",
            )
        ),
        Picture(
            "groups",
            _plot(comparison, shares, best).draw,
            f"How much each group is heard and how much of the decisions it makes up: business as usual "
            f"beside {title}. The line is an equal share.",
            f"Dot plot of voice and influence of every group, for the baseline and {title}.",
        ),
        _table(comparison, shares),
    ]
    return Section("groups", "Group by group", tuple(blocks))


def _plot(comparison: Comparison, shares: GroupShares, best: str) -> RowPlot:
    looks = ((comparison.baseline, GREY, "o", 0.12), (best, VERMILION, "s", -0.12))
    panels = tuple(
        Panel(
            title=measure.capitalize(),
            xlabel="of an equal share",
            series=tuple(
                Series(
                    {group: _dot(shares.level(group, measure, arm)) for group in shares.groups},
                    color,
                    marker,
                    shift=shift,
                )
                for arm, color, marker, shift in looks
            ),
            lines=((1.0, "equal"),),
        )
        for measure in MEASURES
    )
    labels = {group: _named(shares, group) for group in shares.groups}
    return RowPlot(
        groups=(Group("", shares.groups),),
        labels=labels,
        panels=panels,
        note=note(comparison, "means")
        if comparison.results.worlds > 1
        else "Means over all replicates; with one setting there is no interval.",
        stamp=stamp(comparison.results),
        legend=tuple(Key(comparison.arms[arm].title, color, marker) for arm, color, marker, _ in looks),
    )


def _dot(interval: Interval) -> Dot:
    return Dot(interval.estimate, interval.low, interval.high)


def _named(shares: GroupShares, group: str) -> str:
    _, members = shares.about(group)
    return f"{shares.labels[group]} ({members})" if members > 1 else shares.labels[group]


def _table(comparison: Comparison, shares: GroupShares) -> Table:
    baseline = comparison.baseline
    start: list[Cell | str] = [Cell(comparison.arms[baseline].title, "baseline")]
    for group in shares.groups:
        levels = [number(shares.level(group, measure, baseline).estimate, 2) for measure in MEASURES]
        start.append(" / ".join(levels))
    rows = [tuple(start)]
    for arm in comparison.ranked:
        status = comparison.status(arm, PARITY)
        cells: list[Cell | str] = [Cell(comparison.arms[arm].title, status if status != EMERGENT else "")]
        for group in shares.groups:
            one = shares.difference(group, "influence", arm)
            cells.append(f"{signed(one.estimate, 2)} ({span(one.low, one.high, 2)})")
        rows.append(tuple(cells))
    heads = [f"{_named(shares, group)}, {_role(shares, group)}" for group in shares.groups]
    return Table(
        ("way of working", *heads),
        tuple(rows),
        frozenset(range(1, len(shares.groups) + 1)),
        caption="First row: voice / influence of each group in equal shares. Below: change of influence "
        "(95 % interval of the paired difference to the baseline).",
        folded="The numbers: every group's voice and influence",
    )


def _role(shares: GroupShares, group: str) -> str:
    role, _ = shares.about(group)
    return ROLE_WORDS.get(role, role)


def numbers(shares: GroupShares, arms: Sequence[str]) -> pd.DataFrame:
    """Return a row per arm and group: label, role, members, voice, influence, its change."""
    rows = []
    for arm in arms:
        for group in shares.groups:
            role, members = shares.about(group)
            change = shares.difference(group, "influence", arm)
            rows.append(
                {
                    "arm": arm,
                    "group": group,
                    "label": shares.labels[group],
                    "role": role,
                    "members": members,
                    **{measure: shares.level(group, measure, arm).estimate for measure in MEASURES},
                    "influence_change": change.estimate,
                    "low": change.low,
                    "high": change.high,
                }
            )
    return pd.DataFrame(rows)
