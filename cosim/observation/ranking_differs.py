"""Whether a team's ranking of ways of working differs from the one under the model's defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.interventions import INTERVENTIONS
from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.ranked_interventions import BASELINE, RANKED_BY, TeamWays

RESAMPLES: Final = 2_000


@dataclass(frozen=True)
class RankingDiffers:
    """The team's ranking beside the defaults'.

    Attributes
    ----------
    first, usual_first : str
        The way that does most for equality in this team, and under the defaults (among those whose effect is
        a finding).
    probability : float
        That another way is first in this team than under the defaults, over draws of both.
    usual_too : float
        The same between two halves of the defaults' own draws: what differs although nothing does.
    order : float
        Rank correlation (Spearman) of the two rankings.
    table : DataFrame
        A row per way: arm, team, usual (differences in Gini), apart (team less usual), low, high (95 %).
    """

    first: str
    usual_first: str
    probability: float
    usual_too: float
    order: float
    table: pd.DataFrame


def ranking_differs(team: TeamWays, usual: TeamWays, seed: int = 1) -> RankingDiffers:
    """Compare two sets of runs of the same ways of working.

    Parameters
    ----------
    team, usual : TeamWays
        Of the same team, under its own draws and under the packaged posterior.
    seed : int
    """
    from scipy.stats import spearmanr

    own, other = gains(team), gains(usual)
    arms = [name for name in own.columns if name in other.columns]
    a, b = own[arms].to_numpy(float), other[arms].to_numpy(float)
    rng = np.random.default_rng([seed, 53])
    apart = a.mean(axis=0) - b.mean(axis=0)
    drawn_a, drawn_b = _resampled(a, rng), _resampled(b, rng)
    low, high = np.quantile(drawn_a - drawn_b, [0.025, 0.975], axis=0)
    half = len(b) // 2
    again = _resampled(b[:half], rng).argmin(axis=1) != _resampled(b[half:], rng).argmin(axis=1)
    return RankingDiffers(
        first=arms[int(a.mean(axis=0).argmin())],
        usual_first=arms[int(b.mean(axis=0).argmin())],
        probability=float((drawn_a.argmin(axis=1) != drawn_b.argmin(axis=1)).mean()),
        usual_too=float(again.mean()),
        order=float(spearmanr(a.mean(axis=0), b.mean(axis=0)).statistic),
        table=pd.DataFrame(
            {
                "arm": arms,
                "team": a.mean(axis=0),
                "usual": b.mean(axis=0),
                "apart": apart,
                "low": low,
                "high": high,
            }
        ).sort_values("team", ignore_index=True),
    )


def gains(ways: TeamWays) -> pd.DataFrame:
    """Return the difference that each way makes under each draw, ways whose effect is built in left out."""
    table = ways.runs.pivot_table(index="world", columns="arm", values=RANKED_BY, aggfunc="mean")
    names = [
        str(name)
        for name in ways.runs["arm"].unique()
        if name != BASELINE and RANKED_BY not in INTERVENTIONS[str(name)].built_in
    ]
    return table[names].sub(table[BASELINE], axis=0)


def _resampled(values: Floats, rng: np.random.Generator) -> Floats:
    """Return means over draws, resampled with replacement; shape (R, arms)."""
    count = rng.multinomial(len(values), np.full(len(values), 1.0 / len(values)), RESAMPLES)
    return np.asarray(count @ values / len(values))
