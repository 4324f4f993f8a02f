"""Every number that the report of a comparison shows, worked out once from the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cosim.analysis import gaps
from cosim.analysis.compare import Better, CompareSettings, compare
from cosim.analysis.intervals import Interval
from cosim.analysis.ranking import Field, Standing
from cosim.analysis.resampling import Luck
from cosim.outcomes import OUTCOMES, outcome_named
from cosim.studies.arm_titles import BUILT_IN, EMERGENT, UNCLASSIFIED, Arm, arms_of
from cosim.studies.results import ERROR, KEYS, Results, present

GINI, PARITY, VOICE = "influence_gini", "influence_parity_public", "voice_parity_public"
COSTS = ("minutes", "money")
_PRODUCT_GROUPS, _PROCESS_GROUPS = ("decision", "agreement"), ("process",)
# Belong with what the process does to people, though they are measured with influence.
_PROCESS_TOO = ("perceived_influence_public", "withheld_public")


@dataclass(frozen=True)
class Comparison:
    """A study of kind ``compare``, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

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
    def luck(self) -> Luck:
        """How replicate numbers relate to luck in this design."""
        return "crossed" if self.results.notes.get("luck") == "crossed" else "nested"

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
        """The outcome that ranks the arms: the inequality of influence, where there is one."""
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
    def candidates(self) -> tuple[str, ...]:
        """Arms whose effect on the primary outcome is a finding."""
        return self.of_status(EMERGENT, self.primary)

    @cached_property
    def field(self) -> Field | None:
        """The arms on the primary outcome; None when it has no good direction."""
        if self.better is None:
            return None
        return Field(self.results.runs, self.primary, self.better, self.luck)

    @cached_property
    def standing(self) -> Standing | None:
        """Who is best among the arms whose effect is a finding."""
        return self.field.standing(self.baseline, self.candidates) if self.field else None

    @cached_property
    def clearly_built_in(self) -> tuple[str, ...]:
        """Arms that are clearly better than the baseline by construction of their rule, best first."""
        if self.field is None:
            return ()
        arms = self.of_status(BUILT_IN, self.primary)
        found = [arm for arm in arms if self.field.contest(arm, self.baseline, len(arms)).clear]
        return tuple(sorted(found, key=self.field.badness))

    @cached_property
    def unclassified_above(self) -> tuple[str, ...]:
        """Arms without a record that are placed above every finding and above the baseline, best first."""
        if self.field is None:
            return ()
        beaten = [self.baseline, *self.candidates]
        best = min(self.field.badness(arm) for arm in beaten)
        found = [arm for arm in self.of_status(UNCLASSIFIED, self.primary) if self.field.badness(arm) < best]
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
        found = gaps.roles_in(self.results.outcomes, self.results.runs)
        return tuple(found) if "public" in found and len(found) > 1 else ()

    @cached_property
    def role_differences(self) -> Mapping[str, Mapping[str, Interval]]:
        """Paired differences of every role's influence to the baseline: role, then arm."""
        return gaps.role_differences(self.results.runs, self.roles, self.baseline, self.luck)

    @cached_property
    def payers(self) -> tuple[gaps.Payer, ...]:
        """Arms that lift the public at the expense of another role."""
        if not self.roles:
            return ()
        return tuple(gaps.payers(self.results.runs, self.role_differences, self.ranked))

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
        runs = self.results.runs
        spread = runs.loc[runs["arm"] == self.baseline, outcomes].std(ddof=1)
        sd = table["outcome"].map(spread)
        table["effect"] = (table["difference"] / sd).where(sd > 0, 0.0)
        return table

    def _gaps(self, outcome: str) -> Mapping[str, gaps.Gap] | None:
        if outcome not in self.results.outcomes:
            return None
        return gaps.parity_gaps(self.results.runs, outcome, self.baseline, self.luck)

    def _good(self, groups: Sequence[str]) -> tuple[str, ...]:
        wanted = [each.name for each in OUTCOMES if each.group in groups and each.better != 0]
        return tuple(present(wanted, self.results))

    def _compare(self, outcomes: Sequence[str], arms: Sequence[str] | None = None) -> pd.DataFrame:
        ways = {outcome: direction(outcome) for outcome in outcomes}
        settings = CompareSettings(
            better={outcome: way for outcome, way in ways.items() if way is not None},
            costs=self.costs,
            top=max(1, self.top),
            luck=self.luck,
        )
        runs = self.results.runs
        if arms is not None:  # first the columns, then the rows: the table is large
            runs = runs[list(dict.fromkeys([*KEYS, *outcomes, *self.costs, ERROR]))]
            runs = runs.loc[runs["arm"].isin(arms)]
        return compare(runs, self.baseline, list(outcomes), settings)


def direction(outcome: str) -> Better | None:
    """Return which way an outcome is good: lower, higher, near to 1 for a parity; None when nobody says."""
    if "_parity_" in outcome:
        return 1.0
    better = outcome_named(outcome).better
    return None if better == 0 else "higher" if better > 0 else "lower"
