"""Whether others come to a member's first answer because that member speaks, or because they are right.

For groups with a task that has an answer: how much of a member's first answer is found in what the others
answer at the end, by the member's share of talk and by how right they were. Groups are resampled whole:
members of one group share a fate.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats

DRAWS: Final = 1_000
NEEDED: Final = ("meeting", "words", "score_initial", "solved_initial", "agree_initial_with_others_final")


def voice_and_being_right(members: pd.DataFrame, *, seed: int = 1, draws: int = DRAWS) -> pd.DataFrame:
    """Estimate what voice and being right are worth, each with the other held equal.

    Parameters
    ----------
    members : DataFrame
        A row per member, with the columns in `NEEDED` (see `bundled_logs.delidata_members`).
    seed, draws : int
        Of the bootstrap over meetings.

    Returns
    -------
    DataFrame
        A row per term: voice (an equal share of words more), solved (the first answer is right), score (by
        how much it is right beyond that, 0..1): term, effect (on the share of the member's first answer that
        others hold at the end), low, high (95 %), relative (effect over the mean), relative_low,
        relative_high, members, meetings.

    Raises
    ------
    ConfigError
        When a column is missing or there are fewer than ten meetings of three or more.
    """
    for column in NEEDED:
        if column not in members.columns:
            raise ConfigError("the table of members lacks this column", key=column)
    table = members.dropna(subset=list(NEEDED))
    size = table.groupby("meeting")["words"].transform("size")
    table = table[size >= 3]
    names, place = np.unique(table["meeting"].astype(str).to_numpy(), return_inverse=True)
    if len(names) < 10:
        raise ConfigError("too few groups to tell voice from being right", value=len(names), allowed=">= 10")
    words = table["words"].to_numpy(float)
    total = np.bincount(place, words)[place]
    count = np.bincount(place)[place]
    voice = np.divide(words * count, total, out=np.ones(len(words)), where=total > 0.0) - 1.0
    solved, score = (table[name].to_numpy(float) for name in ("solved_initial", "score_initial"))
    x = np.column_stack([voice, solved, score - score.mean()])
    y = table["agree_initial_with_others_final"].to_numpy(float)
    rng = np.random.default_rng([seed, 61])
    seen = _within(x, y, place, np.ones(len(names)))
    even = np.full(len(names), 1.0 / len(names))
    picks = rng.multinomial(len(names), even, draws).astype(np.float64)
    drawn = np.array([_within(x, y, place, pick) for pick in picks])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    mean = float(y.mean())
    return pd.DataFrame(
        {
            "term": ["voice", "solved", "score"],
            "effect": seen,
            "low": low,
            "high": high,
            "relative": seen / mean,
            "relative_low": low / mean,
            "relative_high": high / mean,
            "members": len(y),
            "meetings": len(names),
        }
    )


def _within(x: Floats, y: Floats, place: np.ndarray, weight: Floats) -> Floats:
    """Return slopes within groups, groups weighted."""
    count = np.bincount(place)

    def apart(values: Floats) -> Floats:
        return np.asarray(values - (np.bincount(place, values) / count)[place])

    root = np.sqrt(weight[place])
    design = np.column_stack([apart(column) for column in x.T]) * root[:, None]
    return np.asarray(np.linalg.lstsq(design, apart(y) * root, rcond=None)[0])
