"""Cross-validation of the second step of the fit: leave out a data set or a kind of task, and predict it.

Simulations around the fit teach an emulator (the one that sharpens the fit); without the targets of a fold
its chains are run again over all numbers, floor and influence, and what was left out is predicted by the
emulator at the medians of that sample. Turn logs are never left out here (`cross_validation` does that): the
floor keeps what they say of it, and comes to it again where no view is left to move it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.cross_validation import COLUMNS, KeptTable, kept_table
from cosim.calibration.emulator import chains, design_around, learned
from cosim.calibration.fitted import fitted, logs_alone
from cosim.calibration.influence import ViewAim, ViewLikeness, joint_priors
from cosim.meeting_logs.turn_statistics import Floats
from cosim.patterns.surveys import survey
from cosim.version import __version__

_FILE: Final = "influence_cross_validation.csv"
_KEEP: Final = 400


class KeptInfluence(KeptTable):
    """A cross-validation of the influence half that was kept."""

    def about(self) -> str:
        """Return how it came about, and how to read it, in sentences."""
        return (
            "Floor and influence were fitted again without one survey, or without all in which one "
            "answer must come out, the floor being known from the logs, and what was left out was "
            "predicted. Errors as above. What only one survey tells (how far groups begin divided; how much "
            "further voices pull where one answer must come out) is then believed within the bounds of the "
            "design only. "
            f"{self.simulations:,} simulated parameter sets around the fit, seed {self.seed}, cosim "
            f"{self.version}, {self.date}; made by experiments/cross_validate.py --influence."
        )


def kept_influence(path: Path | None = None) -> KeptInfluence | None:
    """Return the cross-validation of influence that comes with cosim, or lies in a file; None without one."""
    place = files("cosim.calibration") / "data" / _FILE if path is None else path
    if not place.is_file():
        return None
    found = kept_table(Path(str(place)))
    return None if found is None else KeptInfluence(**vars(found))


def view_folds(every: tuple[ViewAim, ...]) -> dict[str, tuple[int, ...]]:
    """Return which targets each fold leaves out, by their place: surveys, then tasks with several surveys."""
    names = list(dict.fromkeys(aim.survey for aim in every))
    found = {
        name.replace("_", " by "): tuple(n for n, aim in enumerate(every) if aim.survey == name)
        for name in names
    }
    for task in dict.fromkeys(survey(name).task for name in names):
        own = [name for name in names if survey(name).task == task]
        if len(own) > 1:
            found[f"task: {task}"] = tuple(n for n, aim in enumerate(every) if aim.survey in own)
    return found


def cross_validate_influence(
    count: int = 250,
    seed: int = 1,
    report: Callable[[str], None] | None = None,
    simulate: Callable[[Floats, NDArray[np.int64]], Floats] | None = None,
) -> KeptInfluence:
    """Fit without each fold and predict it.

    Parameters
    ----------
    count : int
        Parameter sets simulated.
    seed : int
    report : callable, optional
        Told what is being done.
    simulate : callable, optional
        In the place of the model, such as one on several processes.
    """
    tell = report or (lambda _: None)
    likeness = ViewLikeness()
    priors, rng = joint_priors(logs_alone().posterior), np.random.default_rng([seed, 3])
    design = design_around(fitted().posterior, priors, count, rng)
    seeds = np.arange(1, count + 1, dtype=np.int64) + (seed << 41)
    summaries = (simulate or likeness)(priors.values(design), seeds)
    apart = (summaries - likeness.observed) / likeness.scale
    known = np.isfinite(apart).all(axis=1)
    design, apart = design[known], apart[known]
    whole = learned(design, apart, priors)

    def predicted(kept: NDArray[np.bool_]) -> Floats:
        ends = chains(learned(design, apart[:, kept], priors), _KEEP, rng)
        middle = np.median(ends, axis=0)[None, :]
        return np.asarray(likeness.observed + whole.mean(middle)[0] * likeness.scale, dtype=np.float64)

    everything = np.ones(len(likeness.aims), dtype=bool)
    tell("fit to everything")
    full = predicted(everything)
    rows = []
    for name, left in view_folds(likeness.aims).items():
        tell(f"left out: {name}")
        kept = everything.copy()
        kept[list(left)] = False
        found = predicted(kept)
        rows += [_row(name, likeness.aims[n], float(found[n]), float(full[n])) for n in left]
    return KeptInfluence(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        datetime.datetime.now(datetime.UTC).date().isoformat(),
        __version__,
        seed,
        len(design),
        float(np.sqrt(whole.noise)),
    )


def _row(name: str, aim: ViewAim, predicted: float, full: float) -> dict[str, object]:
    low, high = aim.target.accepted()[0]
    middle = (low + high) / 2.0
    return {
        "left_out": name,
        "pattern": aim.pattern.id,
        "target": aim.target.name,
        "corpus": aim.survey,
        "observed": aim.target.values[0],
        "predicted": predicted,
        "full": full,
        "error": abs(predicted - middle) / aim.half_width(),
        "full_error": abs(full - middle) / aim.half_width(),
    }
