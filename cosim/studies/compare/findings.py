"""Every number that the report of a comparison shows, worked out once from the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from cosim.analysis import gaps
from cosim.analysis.compare import Better, CompareSettings, compare
from cosim.analysis.equivalence import Judged, judge
from cosim.analysis.intervals import Interval
from cosim.analysis.places import COIN, Places, places
from cosim.analysis.ranking import Field, Standing
from cosim.analysis.resampling import Replication
from cosim.outcomes import OUTCOMES, outcome_named
from cosim.studies.arm_titles import BUILT_IN, EMERGENT, UNCLASSIFIED, Arm, arms_of
from cosim.studies.compare.channels import TALK, Channels, own_part
from cosim.studies.compare.panel import NEAR_EQUAL, PANEL, Entry
from cosim.studies.results import Results, present

GINI, PARITY, VOICE = "influence_gini", "influence_parity_public", "voice_parity_public"
COSTS = ("minutes", "money")
_PRODUCT_GROUPS, _PROCESS_GROUPS = ("decision", "agreement"), ("process",)
# Belong with what the process does to people, though they are measured with influence.
_PROCESS_TOO = ("perceived_influence_public", "withheld_public")
# So many outcomes are compared at once: their runs are in memory together.
_AT_ONCE = 8


Path = Literal["talk", "outside", "rule", "open"]
"""How an arm's effect on the primary outcome comes about: through the talk (or, where no null model was run,
not by a rule's construction), not through the talk, by a rule, or nobody can say."""


@dataclass(frozen=True)
class Comparison:
    """A study of kind ``compare``, worked out.

    Attributes
    ----------
    whole : Results
        With the arms that were run with channels of influence off, if there are any.
    """

    whole: Results

    @cached_property
    def results(self) -> Results:
        """The comparison itself, without those arms."""
        return own_part(self.whole)

    @cached_property
    def channels(self) -> Channels:
        """What was run with channels of influence off."""
        return Channels(self.whole, self.baseline, self.replication)

    @cached_property
    def arms(self) -> Mapping[str, Arm]:
        """Every arm, in the order of the design."""
        return arms_of(self.results)

    @cached_property
    def baseline(self) -> str:
        """Name of the arm that the others are compared with."""
        return str(self.results.notes.get("against", "baseline"))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Every arm but the baseline."""
        return tuple(name for name in self.arms if name != self.baseline)

    @cached_property
    def replication(self) -> Replication:
        """How replicates relate to worlds in this design."""
        return self.results.replication

    @cached_property
    def top(self) -> int:
        """Size of the top group: as configured where not all fit into it, else 1; 0 with one candidate."""
        wanted = int(self.results.notes.get("top", 3))
        count = len(self.candidates)
        return wanted if count > wanted else min(1, count - 1) if count else 0

    @property
    def top_words(self) -> str:
        """What the top group is called in a heading."""
        return "placed first" if self.top == 1 else f"in the top {self.top}"

    @cached_property
    def primary(self) -> str:
        """The outcome that ranks the arms: the config's, or the inequality of influence."""
        chosen = self.results.notes.get("primary")
        if chosen in self.results.outcomes:
            return str(chosen)
        if GINI in self.results.outcomes:
            return GINI
        wanted = present(list(self.results.config.get("outcomes", [])), self.results)
        return (wanted or list(self.results.outcomes))[0]

    @cached_property
    def better(self) -> Better | None:
        """Which way the primary outcome is good; None when nobody says."""
        return direction(self.primary)

    @cached_property
    def costs(self) -> tuple[str, ...]:
        """Cost columns that the run table has."""
        return tuple(present(COSTS, self.results))

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """Outcomes of the main table: the primary one, public influence and voice, those of the config."""
        wanted = [self.primary, PARITY, VOICE, *self.results.config.get("outcomes", [])]
        return tuple(dict.fromkeys(present(wanted, self.results)))

    def status(self, arm: str, outcome: str) -> str:
        """Say whether an arm's effect on an outcome is emergent, built in or not classified."""
        return self.arms[arm].status(outcome)

    def of_status(self, status: str, outcome: str) -> tuple[str, ...]:
        """Return the arms, baseline left out, whose effect on an outcome is of one status."""
        return tuple(name for name in self.others if self.status(name, outcome) == status)

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        """How every arm's effect on the primary outcome comes about; computed where the nulls were run."""
        return {arm: self._path(arm) for arm in self.others}

    def _path(self, arm: str) -> Path:
        status = self.status(arm, self.primary)
        if status == BUILT_IN:
            return "rule"
        if self.channels.nulls:
            return "outside" if self.channels.kept(arm, TALK, self.primary).stays else "talk"
        return "open" if status == UNCLASSIFIED else "talk"

    def on_path(self, path: Path) -> tuple[str, ...]:
        """Return the arms whose effect comes about in one way."""
        return tuple(arm for arm in self.others if self.paths[arm] == path)

    @cached_property
    def candidates(self) -> tuple[str, ...]:
        """Arms that are ranked: no rule makes what they do, and most of it goes when nobody is persuaded."""
        return self.on_path("talk")

    @cached_property
    def matters(self) -> Mapping[str, float]:
        """The smallest difference that matters, by outcome."""
        return dict(self.results.notes.get("matters", {}))

    def judged(self, outcome: str, arm: str) -> Judged:
        """Say whether an arm is better than the baseline on an outcome, the same, worse, or unclear."""
        field = self._fields[outcome]
        gains = field.gains(arm, self.baseline)
        return judge(gains, self.matters.get(outcome, 0.0), replication=self.replication)

    @cached_property
    def _fields(self) -> _Fields:
        return _Fields(self)

    @cached_property
    def panel(self) -> tuple[Entry, ...]:
        """The entries of the panel that were measured; what the config lists and it lacks at the end."""
        wanted = [name for name in self.shown if name not in _PANEL_HAS and direction(name) is not None]
        every = (*PANEL, *(Entry(name, name) for name in wanted))
        there = self.results.outcomes
        return tuple(
            replace(entry, judged=entry.judged if entry.judged in there else "")
            for entry in every
            if entry.outcome in there
        )

    @cached_property
    def judged_panel(self) -> tuple[Entry, ...]:
        """The panel's entries that its figure shows: those of which one can say which way is good."""
        return tuple(entry for entry in self.panel if entry.judged and entry.short)

    def verdict(self, entry: Entry, arm: str) -> str:
        """Return the verdict of a panel's entry; empty where nobody can say which way is good."""
        return self.judged(entry.judged, arm).verdict if entry.judged else ""

    @cached_property
    def trades(self) -> Mapping[str, tuple[str, ...]]:
        """Arms that are better on the primary outcome, and on which outcomes of the panel they are worse."""
        if self.better is None:
            return {}
        found = {}
        for arm in self.ranked:
            if self.judged(self.primary, arm).verdict != "better":
                continue
            worse = [
                entry.outcome
                for entry in self.panel
                if not entry.cost and entry.judged != self.primary and self.verdict(entry, arm) == "worse"
            ]
            if worse:
                found[arm] = tuple(worse)
        return found

    @cached_property
    def places(self) -> Places | None:
        """Arms in every sampled world, replicate noise taken out; None with one world, or no direction."""
        if self.better is None or self.results.worlds < 2:
            return None
        return places(self.results.outcome_runs([self.primary]), self.primary, self.better)

    @cached_property
    def pool(self) -> pd.DataFrame | None:
        """Places among the candidates and the baseline, by arm: best share, mean rank, expected regret."""
        if self.places is None or not self.candidates:
            return None
        return self.places.among([self.baseline, *self.candidates]).table.set_index("arm")

    def above(self, first: str, second: str) -> Interval:
        """Share of settings in which one arm is better; replicate noise is taken out where it can be."""
        if self.places is not None:
            return self.places.above(first, second)
        assert self.field is not None
        return self.field.contest(first, second).above

    @cached_property
    def finding(self) -> str:
        """What may be said of the candidates: as `Standing.finding`, or ``coin``.

        A leader that is clearly ahead on average, but in fewer than two of three settings, is ahead as a coin
        might say: then signs are told, and no order.
        """
        standing = self.standing
        if standing is None or standing.leader is None:
            return "nothing"
        following = standing.over_next
        if standing.finding == "best" and following is not None and following.second in standing.winners:
            ahead = self.above(standing.leader, following.second)
            return "best" if ahead.estimate >= COIN else "coin"
        return standing.finding

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Arms clearly better than the baseline, most of it with nobody persuaded; best first, not ranked."""
        return self._clear_ones(self.on_path("outside"))

    @cached_property
    def field(self) -> Field | None:
        """The arms on the primary outcome; None when it has no good direction."""
        if self.better is None:
            return None
        return self._fields[self.primary]

    @cached_property
    def standing(self) -> Standing | None:
        """Who is best among the arms whose effect is a finding."""
        return self.field.standing(self.baseline, self.candidates) if self.field else None

    @cached_property
    def clearly_built_in(self) -> tuple[str, ...]:
        """Arms that are clearly better than the baseline by construction of their rule, best first."""
        return self._clear_ones(self.on_path("rule"))

    def _clear_ones(self, arms: Sequence[str]) -> tuple[str, ...]:
        if self.field is None:
            return ()
        found = [arm for arm in arms if self.field.contest(arm, self.baseline, len(arms)).clear]
        return tuple(sorted(found, key=self.field.badness))

    @cached_property
    def rule_first(self) -> bool:
        """Whether a rule does more by its construction than the leader of the others."""
        if self.field is None or not self.clearly_built_in:
            return False
        leader = self.standing.leader if self.standing else None
        return leader is None or self.field.badness(self.clearly_built_in[0]) < self.field.badness(leader)

    @cached_property
    def unclassified_above(self) -> tuple[str, ...]:
        """Arms without a record that are placed above every finding and above the baseline, best first."""
        if self.field is None:
            return ()
        beaten = [self.baseline, *self.candidates]
        best = min(self.field.badness(arm) for arm in beaten)
        found = [arm for arm in self.on_path("open") if self.field.badness(arm) < best]
        return tuple(sorted(found, key=self.field.badness))

    @cached_property
    def table(self) -> pd.DataFrame:
        """`cosim.analysis.compare.compare` on the outcomes that are shown; a row per outcome and arm."""
        return self._compare(self.shown)

    @cached_property
    def top_shares(self) -> pd.DataFrame:
        """The same on the primary outcome, among the baseline and the arms whose effect is a finding only."""
        return self._compare([self.primary], [self.baseline, *self.candidates]).set_index("arm")

    def rows(self, outcome: str) -> pd.DataFrame:
        """Return the table's rows of one outcome, by arm."""
        return self.table.loc[self.table["outcome"] == outcome].set_index("arm")

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        return {
            (str(row["outcome"]), str(row["arm"])): {str(key): value for key, value in row.items()}
            for row in self.table.to_dict("records")
        }

    def row(self, outcome: str, arm: str) -> Mapping[str, Any]:
        """Return one row of the table, by column."""
        return self._numbers[outcome, arm]

    def compared(self, outcome: str) -> pd.DataFrame:
        """Return `cosim.analysis.compare.compare` on one outcome, shown or not, by arm."""
        if outcome in self.shown:
            return self.rows(outcome)
        if outcome not in self._beside:
            self._beside[outcome] = self._compare([outcome]).set_index("arm")
        return self._beside[outcome]

    @cached_property
    def _beside(self) -> dict[str, pd.DataFrame]:
        return {}

    def value(self, outcome: str, arm: str, column: str) -> float:
        """Return one number of the table."""
        return float(self._numbers[outcome, arm][column])

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Arms without the baseline: best mean on the primary outcome first."""
        if self.field is not None:
            return tuple(sorted(self.others, key=self.field.badness))
        means = self.rows(self.primary)["mean"]
        return tuple(sorted(self.others, key=lambda arm: -float(means[arm])))

    def groups(self, outcome: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return ranked arms by status on an outcome: findings, then built in, then not classified."""
        return tuple(
            (status, tuple(arm for arm in self.ranked if self.status(arm, outcome) == status))
            for status in (EMERGENT, BUILT_IN, UNCLASSIFIED)
        )

    @cached_property
    def voice(self) -> Mapping[str, gaps.Gap] | None:
        """The public's voice under every arm; None when it was not measured."""
        return self._gaps(VOICE)

    @cached_property
    def influence(self) -> Mapping[str, gaps.Gap] | None:
        """The public's influence under every arm; None when it was not measured."""
        return self._gaps(PARITY)

    @cached_property
    def heard(self) -> gaps.Heard | None:
        """Arms by what they do to the public's voice and influence; built-in influence is left out."""
        if self.voice is None or self.influence is None:
            return None
        return gaps.heard(self.voice, self.influence, self.of_status(EMERGENT, PARITY))

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles with seats, where their influence was measured."""
        found = gaps.roles_in(self.results.outcomes, self.role_runs)
        return tuple(found) if "public" in found and len(found) > 1 else ()

    @cached_property
    def role_differences(self) -> Mapping[str, Mapping[str, Interval]]:
        """Paired differences of every role's influence to the baseline: role, then arm."""
        return gaps.role_differences(self.role_runs, self.roles, self.baseline, self.replication)

    @property
    def role_runs(self) -> pd.DataFrame:
        """The runs with every role's influence."""
        return self.results.outcome_runs(
            present([gaps.role_parity(role) for role in gaps.ROLES], self.results)
        )

    @cached_property
    def payers(self) -> tuple[gaps.Payer, ...]:
        """Arms that lift the public at the expense of another role."""
        if not self.roles:
            return ()
        return tuple(gaps.payers(self.role_runs, self.role_differences, self.ranked))

    @cached_property
    def worth(self) -> tuple[str, ...]:
        """Findings for which no other gives at least as much for less, among those that help at all."""
        if self.field is None or self.standing is None:
            return ()
        start = self.field.badness(self.baseline)
        gains = {arm: start - self.field.badness(arm) for arm in self.standing.winners}
        return tuple(gaps.worth_their_cost(self.rows(self.primary).reset_index(), gains, self.costs))

    @cached_property
    def product(self) -> tuple[str, ...]:
        """Outcomes of the decision that have a good direction."""
        return self._good(_PRODUCT_GROUPS)

    @cached_property
    def process(self) -> tuple[str, ...]:
        """Outcomes of the process that have a good direction."""
        return (*self._good(_PROCESS_GROUPS), *present(_PROCESS_TOO, self.results))

    @cached_property
    def impacts(self) -> pd.DataFrame:
        """`compare` on process and product, with ``effect``: the difference in SDs of a single project."""
        outcomes = [*self.product, *self.process]
        if not outcomes:
            return pd.DataFrame()
        table = self._compare(outcomes)
        runs = self.results.of_runs(["arm", *outcomes])
        spread = runs.loc[runs["arm"] == self.baseline, outcomes].std(ddof=1)
        sd = table["outcome"].map(spread)
        table["effect"] = (table["difference"] / sd).where(sd > 0, 0.0)
        return table

    def _gaps(self, outcome: str) -> Mapping[str, gaps.Gap] | None:
        if outcome not in self.results.outcomes:
            return None
        return gaps.parity_gaps(
            self.results.outcome_runs([outcome]), outcome, self.baseline, self.replication
        )

    def _good(self, groups: Sequence[str]) -> tuple[str, ...]:
        wanted = [each.name for each in OUTCOMES if each.group in groups and each.better != 0]
        return tuple(present(wanted, self.results))

    def _compare(self, outcomes: Sequence[str], arms: Sequence[str] | None = None) -> pd.DataFrame:
        tables = []
        for start in range(0, len(outcomes), _AT_ONCE):
            some = list(outcomes[start : start + _AT_ONCE])
            ways = {outcome: direction(outcome) for outcome in some}
            settings = CompareSettings(
                better={outcome: way for outcome, way in ways.items() if way is not None},
                costs=self.costs,
                top=max(1, self.top),
                replication=self.replication,
            )
            runs = self.results.outcome_runs([*some, *self.costs])
            if arms is not None:
                runs = runs.loc[runs["arm"].isin(arms)]
            tables.append(compare(runs, self.baseline, some, settings))
        return pd.concat(tables, ignore_index=True)


_PANEL_HAS = frozenset(name for entry in PANEL for name in (entry.outcome, entry.judged))


class _Fields(dict[str, Field]):
    """The arms on an outcome, made when asked for."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def __missing__(self, outcome: str) -> Field:
        better = direction(outcome)
        assert better is not None
        one = self._comparison
        self[outcome] = Field(one.results.outcome_runs([outcome]), outcome, better, one.replication)
        return self[outcome]


def direction(outcome: str) -> Better | None:
    """Return which way an outcome is good: lower, higher, near to 1 for a parity; None when nobody says."""
    if "_parity_" in outcome or outcome in NEAR_EQUAL:
        return 1.0
    better = outcome_named(outcome).better
    return None if better == 0 else "higher" if better > 0 else "lower"
