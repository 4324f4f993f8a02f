"""Cross-validation of the fit: leave out groups of one size, or a whole corpus, and predict them.

Every fit needs thousands of simulations, and there are many fits. So parameter sets drawn from the prior are
simulated once; a quadratic regression of every summary on the parameters (with its residual noise) stands in
for the model while each part is left out and the rest is fitted by the sampler of the calibration. What was
left out is then predicted by the model itself, at the medians of that fit.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.abc_smc import Settings, fit
from cosim.calibration.calibration import Aim, Likeness, aims
from cosim.calibration.priors import Priors
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import CORPORA
from cosim.meeting_logs.turn_statistics import Floats
from cosim.version import __version__

SIZES: Final = (3, 4, 5, 6, 7, 8)
FULL: Final = "nothing"
SAMPLER: Final = Settings(particles=400, generations=12, simulations=400_000, block=400, acceptance=0.01)
PREDICTIONS: Final = 20
"""Simulated samples behind each prediction."""
COLUMNS: Final = (
    "left_out", "pattern", "target", "corpus", "observed", "predicted", "full", "error", "full_error"
)  # fmt: skip
_FILE: Final = "cross_validation.csv"


@dataclass(frozen=True)
class KeptTable:
    """The result of a cross-validation that was kept.

    Attributes
    ----------
    table : DataFrame
        A row per left-out target, columns `COLUMNS`. An error is the distance from the middle of what is
        accepted, 1 being its edge; for shares by rank the farthest of them.
    date, version : str
    seed, simulations : int
    noise : float
        Median over summaries of the regression's residual SD, in units of the tolerance.
    """

    table: pd.DataFrame
    date: str
    version: str
    seed: int
    simulations: int
    noise: float

    def about(self) -> str:
        """Return how it came about, and how to read it, in sentences."""
        return (
            "The parameters were fitted again without groups of one size, or without one corpus, and what "
            "was left "
            "out was predicted. An error is in units of the tolerance (1: the edge of what is accepted; "
            "root mean "
            "square over the targets left out); beside it that of the fit to everything. What only one "
            "corpus "
            "tells (the return of the floor in chat; how much less strangers differ, once the research "
            "groups are "
            "left out) keeps its prior when that corpus is left out. "
            f"{self.simulations:,} simulated parameter sets, seed {self.seed}, cosim {self.version}, "
            f"{self.date}; "
            "made by experiments/cross_validate.py."
        )

    def write(self, path: Path) -> None:
        """Write the table as CSV, with how it came about in its head."""
        head = {
            "date": self.date,
            "version": self.version,
            "seed": self.seed,
            "simulations": self.simulations,
            "noise": round(self.noise, 4),
        }
        lines = [f"# {key}: {value}" for key, value in head.items()]
        text = self.table.to_csv(index=False, lineterminator="\n", float_format="%.4f")
        path.write_text("\n".join(lines) + "\n" + text, encoding="utf-8")


def kept_table(path: Path | None = None) -> KeptTable | None:
    """Return the cross-validation that comes with cosim (or lies in a file); None when there is none.

    Raises
    ------
    ConfigError
        When the file is not such a table.
    """
    place = files("cosim.calibration") / "data" / _FILE if path is None else path
    if not place.is_file():
        return None
    lines = place.read_text(encoding="utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# ") and ": " in line)
    table = pd.read_csv(io.StringIO("\n".join(line for line in lines if not line.startswith("#"))))
    missing = [key for key in ("date", "version", "seed", "simulations", "noise") if key not in head]
    missing += [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise ConfigError("this table of a cross-validation lacks something", file=path, key=missing[0])
    return KeptTable(
        table,
        head["date"],
        head["version"],
        int(head["seed"]),
        int(head["simulations"]),
        float(head["noise"]),
    )


@dataclass(frozen=True)
class Bank:
    """Simulated parameter sets.

    Attributes
    ----------
    standard : array of shape (m, k)
        In the priors' standard space.
    summaries : array of shape (m, s)
    """

    standard: Floats
    summaries: Floats


def bank(likeness: Likeness, count: int, seed: int = 1, report: Callable[[str], None] | None = None) -> Bank:
    """Simulate parameter sets drawn from the prior; those without summaries are left out."""
    priors = likeness.priors
    standard = np.random.default_rng(seed).standard_normal((count, len(priors)))
    theta = priors.values(standard)
    rows = []
    for place in range(count):
        rows.append(likeness(theta[place : place + 1], np.array([seed * count + place]))[0])
        if report is not None and (place + 1) % 100 == 0:
            report(f"{place + 1} of {count} parameter sets")
    summaries = np.array(rows)
    known = ~np.isnan(summaries).any(axis=1)
    return Bank(standard[known], summaries[known])


class Regression:
    """Summaries as quadratic functions of the parameters, with the noise that is left; a `Simulator`.

    Parameters
    ----------
    data : Bank
    priors : Priors
    """

    def __init__(self, data: Bank, priors: Priors) -> None:
        design = _quadratic(data.standard)
        if len(design) <= 2 * design.shape[1]:
            raise ConfigError("too few parameter sets", key="count", value=len(design))
        self.priors = priors
        self.slopes = np.linalg.lstsq(design, data.summaries, rcond=None)[0]
        self.residuals = data.summaries - design @ self.slopes

    @property
    def sd(self) -> Floats:
        """SD of what is left, of each summary."""
        spread: Floats = self.residuals.std(axis=0)
        return spread

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        """Return summaries; the noise is that of a parameter set of the bank, the same for all summaries."""
        drawn = np.array(
            [np.random.default_rng(seed).integers(len(self.residuals)) for seed in seeds.tolist()]
        )
        found: Floats = _quadratic(self.priors.standard(theta)) @ self.slopes + self.residuals[drawn]
        return found


def _quadratic(standard: Floats) -> Floats:
    """Return the columns 1, x, x squared and products; standard values are cut at 3."""
    x = np.clip(standard, -3.0, 3.0)
    one, two = np.triu_indices(x.shape[1])
    return np.column_stack([np.ones(len(x)), x, x[:, one] * x[:, two]])


def folds(every: Iterable[Aim]) -> dict[str, tuple[int, ...]]:
    """Return which targets each fold leaves out, by their place; sizes first, then corpora.

    Targets over all sizes of a corpus (role ratios, lengths of turns) stay in when a size is left out; the
    role-played teams all have four members.
    """
    targets = list(every)
    found: dict[str, tuple[int, ...]] = {}
    for size in SIZES:
        left = [n for n, aim in enumerate(targets) if _size(aim) == size]
        if left:
            found[f"groups of {size}"] = tuple(left)
    for name in CORPORA:
        left = [n for n, aim in enumerate(targets) if aim.corpus == name]
        if left:
            found[name] = tuple(left)
    return found


def _size(aim: Aim) -> int:
    return 4 if aim.corpus == "ami" else int(aim.target.at.get("n", 0))


def cross_validate(
    count: int = 1200, seed: int = 1, report: Callable[[str], None] | None = None, date: str | None = None
) -> KeptTable:
    """Fit without each fold and predict it.

    Parameters
    ----------
    count : int
        Parameter sets simulated.
    seed : int
    report : callable, optional
        Told what is being done.
    date : str, optional
        By default today's.
    """
    tell = report or (lambda _: None)
    likeness = Likeness(aims())
    data = bank(likeness, count, seed, report)
    regression = Regression(data, likeness.priors)
    width = np.concatenate([np.full(len(aim.target.values), n) for n, aim in enumerate(likeness.aims)])
    tell("fit to everything")
    full = _predicted(likeness, regression, np.ones(len(width), dtype=bool), seed)
    rows = []
    for name, left in folds(likeness.aims).items():
        tell(f"left out: {name}")
        predicted = _predicted(likeness, regression, ~np.isin(width, left), seed)
        for place in left:
            aim, own = likeness.aims[place], width == place
            rows.append(
                {
                    "left_out": name,
                    "pattern": aim.pattern.id,
                    "target": aim.target.name,
                    "corpus": aim.corpus,
                    "observed": aim.target.values[0],
                    "predicted": predicted[own][0],
                    "full": full[own][0],
                    "error": _distance(aim, predicted[own]),
                    "full_error": _distance(aim, full[own]),
                }
            )
    return KeptTable(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        date or datetime.date.today().isoformat(),
        __version__,
        seed,
        len(data.standard),
        float(np.median(regression.sd / likeness.scale)),
    )


def _predicted(likeness: Likeness, regression: Regression, kept: NDArray[np.bool_], seed: int) -> Floats:
    """Return all summaries as the model has them at the medians of a fit to those that are kept."""
    found = fit(
        lambda theta, seeds: regression(theta, seeds)[:, kept],
        likeness.priors,
        likeness.observed[kept],
        SAMPLER,
        scale=likeness.scale[kept],
    )
    values = {name: found.posterior.median(name) for name in found.posterior.names}
    samples = [likeness.summaries(values, 1_000_000 * seed + n) for n in range(PREDICTIONS)]
    median: Floats = np.nanmedian(np.array(samples), axis=0)
    return median


def _distance(aim: Aim, values: Floats) -> float:
    """Return how far values lie from the middle of what is accepted, 1 being its edge."""
    low, high = np.array(aim.target.accepted()).T
    return float(np.max(np.abs(values - (low + high) / 2.0) / ((high - low) / 2.0)))
