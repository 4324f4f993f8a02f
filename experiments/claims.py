"""What the scripts beside share: a study's tables, made if need be, and claims held against them."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cosim.analysis.intervals import Interval, mean_interval
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import run_compiled

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
GINI, PARITY = "influence_gini", "influence_parity_public"


@dataclass(frozen=True)
class Claim:
    """A sentence, whether the tables bear it out, and the numbers that say so.

    Attributes
    ----------
    sentence : str
        As far as the model goes: "in this model, under these assumptions" stands before all of them.
    holds : bool
    numbers : sequence of str
        A line each, with intervals.
    """

    sentence: str
    holds: bool
    numbers: Sequence[str]


@dataclass(frozen=True)
class Finished:
    """A finished study.

    Attributes
    ----------
    folder : Path
        Its output folder.
    """

    folder: Path

    def table(self, name: str) -> pd.DataFrame:
        """Return a table that belongs to its report."""
        return pd.read_csv(self.folder / "tables" / f"{name}.csv")

    @property
    def runs(self) -> pd.DataFrame:
        """A row per run."""
        return pd.read_parquet(self.folder / "runs.parquet")


def outcomes_of(scenario: Scenario, projects: range, seed: int) -> pd.DataFrame:
    """Return the outcomes of some projects of one team, a row each; without members, so quickly."""
    rows = run_compiled(resolve(scenario)[0], projects, seed, people=False)
    return pd.DataFrame(rows.runs, columns=list(OUTCOME_NAMES))


def finished(config: str, *, quick: bool) -> Finished:
    """Run a config of this project as far as it has not been run, and return what it gave.

    A folder that holds another study, or the same one of another model, is refused, not read.
    """
    folder = Path("results") / (f"{config}-quick" if quick else config)
    words = ["run", str(CONFIGS / f"{config}.yaml"), "--output", str(folder), "--resume"]
    subprocess.run([sys.executable, "-m", "cosim", *words, *(["--quick"] if quick else [])], check=True)
    return Finished(folder)


def tell(config: str, about: str | None, claims: Callable[[Finished], Sequence[Claim]]) -> None:
    """Run a script: its study, then each claim with its verdict and its numbers."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="the small form of the study: a first look")
    quick = options.parse_args().quick
    study = finished(config, quick=quick)
    print("In this model, under these assumptions" + (" (a first look: few runs):" if quick else ":"))
    print("\n".join(told(claims(study))))


def told(claims: Sequence[Claim]) -> list[str]:
    """Return lines: each claim with its verdict, and its numbers below it."""
    lines = []
    for number, claim in enumerate(claims, 1):
        lines.append(f"{number}. {'holds' if claim.holds else 'DOES NOT HOLD'}: {claim.sentence}")
        lines += [f"   {line}" for line in claim.numbers]
    return lines


def difference(runs: pd.DataFrame, arm: str, outcome: str, other: str = "baseline") -> Interval:
    """Return the mean difference of two arms, world by world, with its 95 % t interval."""
    means = runs.pivot_table(index="world", columns="arm", values=outcome)
    return mean_interval((means[arm] - means[other]).dropna())


def signed(found: Interval) -> str:
    """Return a difference with its interval, in words."""
    return f"{found.estimate:+.4f} ({found.low:+.4f} to {found.high:+.4f})"


def share(found: Interval) -> str:
    """Return a share with its interval, in per cent."""
    return f"{100 * found.estimate:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f})"
