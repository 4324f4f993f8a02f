"""What docs/evidence.md says of the fit is what the fit says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from cosim.calibration.fitted import fitted, logs_alone
from cosim.calibration.influence import joint_priors
from cosim.calibration.influence_folds import kept_influence
from cosim.validation.tables import fold_rows

TEXT = " ".join(
    (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8").split()
)
FOLDS = ("left out", "targets", "met when left out", "met by the full fit")


def numbers(pattern: str) -> list[float]:
    found = re.search(pattern, TEXT)
    assert found, pattern
    return [float(number) for number in found.groups()]


def test_how_far_the_views_move_the_floor() -> None:
    before, after = logs_alone().posterior, fitted().posterior
    places = [after.names.index(name) for name in before.names]
    sd = np.sqrt(np.diag(before.covariance()))
    moved = np.abs(after.mean()[places] - before.mean()) / sd
    ratio = np.sqrt(np.diag(after.covariance()))[places] / sd
    told = numbers(r"means by at most (\.\d+) of an SD, its SDs by a factor of (\.\d+) to (\d\.\d+)")
    assert told == pytest.approx([moved.max(), ratio.min(), ratio.max()], abs=0.006)


def test_floor_and_influence_are_told_apart() -> None:
    after = fitted().posterior
    floor = [after.names.index(name) for name in logs_alone().posterior.names]
    rest = [place for place in range(len(after.names)) if place not in floor]
    tied = np.abs(np.corrcoef(after.theta.T)[np.ix_(floor, rest)])
    assert numbers(r"\|r\| at most (\.\d+) in (\d+) draws") == [round(tied.max(), 2), len(after.theta)]


def test_what_the_fit_has_learned() -> None:
    both, logs = fitted(), logs_alone()
    told = numbers(r"effective number of parameters is ([\d.]+) of (\d+): ([\d.]+) of the floor's (\d+)")
    assert told == pytest.approx(
        [
            both.about.effective_parameters,
            len(both.posterior.names),
            logs.about.effective_parameters,
            len(logs.posterior.names),
        ],
        abs=0.06,
    )
    left = joint_priors(logs.posterior).standard(both.posterior.theta).std(0)
    least = sorted(
        (
            float(left[place])
            for place, name in enumerate(both.posterior.names)
            if name not in logs.posterior.names
        ),
        reverse=True,
    )[:4]
    first = numbers(r"its SD is (\d\.\d+) of what was believed before")
    others = numbers(r"`uptake\.certainty` \((\.\d+), (\.\d+) and (\.\d+)\)")
    assert [*first, *others] == pytest.approx(least, abs=0.006)


def test_how_many_targets_a_fit_without_a_survey_foretells() -> None:
    columns, rows = fold_rows(kept_influence())
    left_out, targets, when, whole = (columns.index(name) for name in FOLDS)
    surveys = [row for row in rows if not row[left_out].startswith("task")]
    told = numbers(r"left out, (\d+) of (\d+) targets are foretold within what is accepted, all (\d+) met")
    assert told == [sum(int(row[place]) for row in surveys) for place in (when, targets, whole)]
