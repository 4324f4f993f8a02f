"""What to record next, to learn most about which way of working comes first in this team.

The worth of a record is the expected value of sample information: how much better the way that would be
chosen with it is, on average, than the one that would be chosen now, in points of the Gini of influence. It
is found by regression of what each way does on what would be recorded (Strong, Oakley, Brennan & Breeze
2015, doi 10.1177/0272989X15575286), over draws from what is believed of the team; what regression finds in
records that are shuffled among draws is taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.calibration.simulated_projects import patched
from cosim.engine.batch import run_compiled
from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.fit_team import SUMMARIES as FLOOR
from cosim.observation.learning import Learned, regressed, survey_table
from cosim.observation.matched_simulations import AlikeLogs
from cosim.observation.ranked_interventions import team_ways
from cosim.observation.ranking_differs import gains
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve

DRAWS: Final = 96
REPLICATES: Final = 12
SHUFFLES: Final = 40
MOST_WAYS: Final = 8
"""So many ways are compared, the best of those that are tried: the best of many would look good by chance."""

ITEMS: Final = 10

DESIGNS: Final[Mapping[str, str]] = {
    "meeting": "Another meeting, recorded as the last",
    "views": f"What everybody thinks before and after, on {ITEMS} items",
    "both": "Another meeting and views before and after",
    "ballot": "A secret ballot on one item, beside the decision made in the open",
    "all": "If all of the model's numbers for this team were known",
}
"""What could be recorded; the last is a bound on what any record is worth."""


@dataclass(frozen=True)
class NextMeeting:
    """What records would be worth.

    Attributes
    ----------
    table : DataFrame
        A row per design: design, title, worth (expected gain in Gini points, 0..1), low, high (95 %, by
        bootstrap over draws), changes (probability that another way would be chosen).
    now : str
        The way that would be chosen now.
    margin : float
        By how much it is ahead of the next, in Gini points.
    draws, replicates : int
    """

    table: pd.DataFrame
    now: str
    margin: float
    draws: int
    replicates: int


def next_meeting(
    learned: Learned,
    scenario: Scenario,
    alike: AlikeLogs,
    *,
    retest: float,
    seed: int = 1,
    draws: int = DRAWS,
    replicates: int = REPLICATES,
) -> NextMeeting:
    """Say what records would be worth.

    Parameters
    ----------
    learned : Learned
        What is believed of the team now.
    scenario : Scenario
        Its project.
    alike : AlikeLogs
        Simulates meetings like the log.
    retest : float
        Correlation of answers if nothing happens.
    seed, draws, replicates : int
    """
    believed = learned.draws(draws, seed)
    theta = np.array([[one[name] for name in learned.names] for one in believed])
    ways = gains(team_ways(scenario, believed, replicates=replicates, seed=seed + 7_000))
    ways = ways[ways.mean().sort_values().index[:MOST_WAYS]]
    worth = -ways.to_numpy(float)
    floor = pd.DataFrame([alike.once(_floor(one), seed + place) for place, one in enumerate(believed)])
    floor = floor[[name for name in FLOOR if name in floor]]
    views = survey_table(scenario, learned.names, theta, ITEMS, retest, seed + 11_000)
    records = {
        "meeting": floor,
        "views": views,
        "both": pd.concat([floor, views], axis=1),
        "ballot": _ballots(scenario, believed, seed),
        "all": pd.DataFrame(theta),
    }
    rng = np.random.default_rng([seed, 59])
    rows = []
    for design, record in records.items():
        gain, low, high, changes = value_of(worth, _standard(record), rng)
        rows.append((design, DESIGNS[design], gain, low, high, changes))
    mean = np.sort(worth.mean(axis=0))[::-1]
    return NextMeeting(
        pd.DataFrame(rows, columns=["design", "title", "worth", "low", "high", "changes"]),
        str(ways.columns[0]),
        float(mean[0] - mean[1]) if len(mean) > 1 else float("nan"),
        draws,
        replicates,
    )


def value_of(worth: Floats, record: Floats, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Return the expected value of a record, its 95 % interval, and how often it changes the choice.

    Parameters
    ----------
    worth : array of shape (M, ways)
        What each way is worth under each draw.
    record : array of shape (M, s)
        What would be recorded under each draw, standardised.
    rng : Generator
    """
    design = np.column_stack([np.ones(len(record)), record])
    found, choice = _gain(worth, design)
    shuffled = float(
        np.mean([_gain(worth, design[rng.permutation(len(design))])[0] for _ in range(SHUFFLES)])
    )
    again = []
    for _ in range(200):
        pick = rng.integers(0, len(worth), len(worth))
        again.append(_gain(worth[pick], design[pick])[0] - shuffled)
    low, high = np.quantile(again, [0.025, 0.975])
    now = int(worth.mean(axis=0).argmax())
    return (
        max(found - shuffled, 0.0),
        max(float(low), 0.0),
        max(float(high), 0.0),
        float((choice != now).mean()),
    )


def _gain(worth: Floats, design: Floats) -> tuple[float, np.ndarray]:
    fitted, _ = regressed(design, worth)
    return float(fitted.max(axis=1).mean() - worth.mean(axis=0).max()), fitted.argmax(axis=1)


def _standard(record: pd.DataFrame) -> Floats:
    values = record.to_numpy(float)
    kept = np.isfinite(values).all(axis=0) & (np.nan_to_num(values).std(axis=0) > 1e-12)
    values = values[:, kept]
    return np.asarray((values - values.mean(axis=0)) / values.std(axis=0))


def _floor(one: Mapping[str, float]) -> dict[str, float]:
    return {key: value for key, value in one.items() if key.startswith(("floor.", "standing.", "speech."))}


def _ballots(scenario: Scenario, believed: list[dict[str, float]], seed: int) -> pd.DataFrame:
    """Return what a secret ballot would show under each draw: who prefers another option than was decided."""
    plan = resolve(scenario)[0]
    at = [OUTCOME_NAMES.index(name) for name in ("private_dissent", "first_choice_changed")]
    rows = [
        run_compiled(patched(plan, one), range(1), seed + 13_000 + place, people=False).runs[0, at]
        for place, one in enumerate(believed)
    ]
    return pd.DataFrame(np.array(rows), columns=["dissent", "changed"])
