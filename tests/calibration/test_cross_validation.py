"""Cross-validation: what each fold leaves out, the regression that stands in for the model, the kept
table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.calibration import aims
from cosim.calibration.cross_validation import COLUMNS, Bank, KeptTable, Regression, folds, kept_table
from cosim.calibration.priors import Prior, Priors
from cosim.errors import ConfigError

PRIORS = Priors([Prior("a", 0.0, 1.0), Prior("b", -1.0, 1.0)])


def test_folds_leave_out_sizes_and_corpora() -> None:
    every = aims()
    found = folds(every)
    assert list(found)[-3:] == ["icsi", "ami", "delidata"]
    for place in found["groups of 6"]:
        assert every[place].target.at["n"] == 6
    assert {every[place].corpus for place in found["groups of 5"]} == {"icsi", "delidata"}
    assert set(found["ami"]) <= set(found["groups of 4"])
    left = sorted(place for name in ("icsi", "ami", "delidata") for place in found[name])
    assert left == list(range(len(every))), "every target is left out once with its corpus"


def test_the_regression_finds_a_quadratic_model_again() -> None:
    rng = np.random.default_rng(5)
    standard = rng.standard_normal((400, 2)).clip(-3, 3)

    def truth(x: np.ndarray) -> np.ndarray:
        return np.column_stack([1 + 2 * x[:, 0] - x[:, 1] ** 2, 3 * x[:, 0] * x[:, 1]])

    data = Bank(standard, truth(standard) + rng.normal(0.0, [0.01, 0.02], (400, 2)))
    regression = Regression(data, PRIORS)
    assert regression.sd == pytest.approx([0.01, 0.02], rel=0.2)
    asked = PRIORS.values(np.array([[0.5, -1.0]] * 200))
    found = regression(asked, np.arange(1, 201))
    assert found.mean(axis=0) == pytest.approx(truth(np.array([[0.5, -1.0]]))[0], abs=0.01)
    assert found.std(axis=0) == pytest.approx([0.01, 0.02], rel=0.3)
    assert (regression(asked, np.arange(1, 201)) == found).all(), "a seed gives the same noise"


def test_too_few_parameter_sets_are_refused() -> None:
    with pytest.raises(ConfigError, match="too few parameter sets"):
        Regression(Bank(np.zeros((10, 2)), np.zeros((10, 1))), PRIORS)


def test_a_kept_table_reads_back(tmp_path: Path) -> None:
    row = dict.fromkeys(COLUMNS, 1.0) | {"left_out": "ami", "pattern": "A2", "target": "gini_words"}
    kept = KeptTable(pd.DataFrame([row | {"corpus": "ami"}]), "2026-01-01", "0.1.0", 3, 500, 0.25)
    kept.write(tmp_path / "kept.csv")
    again = kept_table(tmp_path / "kept.csv")
    assert again is not None
    pd.testing.assert_frame_equal(again.table, kept.table)
    assert (again.date, again.seed, again.simulations, again.noise) == ("2026-01-01", 3, 500, 0.25)
    assert "500 simulated parameter sets" in again.about()
    assert kept_table(tmp_path / "none.csv") is None


def test_a_broken_kept_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("# date: 2026-01-01\nleft_out,pattern\nami,A2\n")
    with pytest.raises(ConfigError, match="version"):
        kept_table(tmp_path / "kept.csv")


def test_the_table_that_comes_with_cosim_is_about_the_targets_of_the_fit() -> None:
    kept = kept_table()
    assert kept is not None
    every = aims()
    assert len(kept.table) == sum(len(left) for left in folds(every).values())
    assert set(zip(kept.table["pattern"], kept.table["target"], strict=True)) == {
        (aim.pattern.id, aim.target.name) for aim in every
    }
    by_value = {(aim.pattern.id, aim.target.name): aim.target.values[0] for aim in every}
    for _, row in kept.table.iterrows():
        assert row["observed"] == pytest.approx(by_value[row["pattern"], row["target"]], abs=1e-4)
    assert kept.noise < 0.5, "the regression stands in for the model to within half a tolerance"
