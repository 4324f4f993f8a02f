"""Cross-validation of the influence half: what a fold leaves out, and what it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cosim.calibration.fitted import fitted, logs_alone
from cosim.calibration.influence import EVERY, ViewLikeness, joint_priors, view_aims
from cosim.calibration.influence_folds import cross_validate_influence, kept_influence, view_folds


def test_folds_are_surveys_and_the_task_that_several_share() -> None:
    every = view_aims()
    found = view_folds(every)
    assert list(found)[-1] == "task: agreement"
    by_survey = [found[name] for name in found if not name.startswith("task")]
    assert sorted(n for left in by_survey for n in left) == list(range(len(every)))
    assert {every[n].survey for n in found["task: agreement"]} == {"facts", "facts_chat", "scores"}


def test_what_is_left_out_is_predicted_where_the_others_tell_the_same_numbers(tmp_path: Path) -> None:
    """A made-up model, linear in the numbers, whose truth is the fit: every fold finds its way back."""
    likeness = ViewLikeness()
    rng = np.random.default_rng(5)
    slopes = rng.standard_normal((len(EVERY), 20)) * likeness.scale / 3.0
    priors = joint_priors(logs_alone().posterior)
    truth = priors.scaled(priors.standard(np.array([list(fitted().medians().values())])))

    def simulate(theta: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        noise = 0.02 * likeness.scale * rng.standard_normal((len(theta), 20))
        return likeness.observed + (priors.scaled(priors.standard(theta)) - truth) @ slopes + noise

    kept = cross_validate_influence(200, simulate=simulate)  # type: ignore[arg-type]
    assert kept.noise < 0.1
    apart = (kept.table["predicted"] - kept.table["observed"]).abs()
    assert apart.median() < 0.05
    kept.write(tmp_path / "kept.csv")
    again = kept_influence(tmp_path / "kept.csv")
    assert again is not None
    assert again.table["predicted"].to_list() == pytest.approx(kept.table["predicted"].to_list(), abs=1e-4)
    assert again.about() == kept.about()
    assert kept_influence(tmp_path / "none.csv") is None
