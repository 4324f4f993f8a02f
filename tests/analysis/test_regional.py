"""Regional sensitivity: a planted factor, Ishigami's order, SALib's and SciPy's numbers, a true floor."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from SALib.analyze import rsa
from SALib.test_functions import Ishigami
from scipy import stats

from cosim.analysis.regional import regional, regional_along
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError

NAMES = ["x1", "x2", "x3", "idle"]
FACTORS = Factors(NAMES)


def cases_of(failing):
    table = pd.DataFrame({"point": np.arange(len(failing)), "failing": np.asarray(failing, dtype=float)})
    return table.sample(frac=1, random_state=np.random.default_rng(7))


def outcome_of(values):
    return pd.DataFrame({"point": np.arange(len(values)), "value": values}).sample(frac=1, random_state=3)


@pytest.fixture(scope="module")
def ishigami():
    X = stats.qmc.scale(stats.qmc.Sobol(4, seed=1).random(2048), -np.pi, np.pi)
    return X, Ishigami.evaluate(X[:, :3])


def test_only_the_planted_factor_differs(point_design):
    X = np.random.default_rng(1).uniform(size=(500, 4))
    found = regional(point_design(X, NAMES), cases_of(X[:, 2] > 0.7), FACTORS)
    first = found.iloc[0]
    assert found.loc[found["above_floor"], "factor"].tolist() == ["x3"]
    # Nothing that fails lies below 0.7, all that does not fail does.
    assert first["gap"] == pytest.approx(1.0)
    assert first["at"] == pytest.approx(0.7, abs=0.01)
    assert first["fails_where"] == "high"
    assert first["p"] == pytest.approx(1 / 1001)
    assert found["p"].iloc[1] > 0.05


def test_gaps_are_scipys(ishigami, point_design):
    X, y = ishigami
    fails = y > np.quantile(y, 0.8)
    found = regional(point_design(X, NAMES), cases_of(fails), FACTORS).set_index("factor")
    for k, name in enumerate(NAMES):
        test = stats.ks_2samp(X[fails, k], X[~fails, k])
        assert found.loc[name, "gap"] == pytest.approx(test.statistic)
        assert found.loc[name, "at"] == pytest.approx(test.statistic_location)


def test_ishigamis_largest_outcomes_come_from_its_factors_in_order(ishigami, point_design):
    """High outcomes need a high sine of x1, most of all; x2 enters squared, and x3 only through x1."""
    X, y = ishigami
    found = regional(point_design(X, NAMES), cases_of(y > np.quantile(y, 0.8)), FACTORS)
    assert found["factor"].tolist() == ["x1", "x2", "x3", "idle"]
    assert found.set_index("factor")["above_floor"].to_dict() == {
        "x1": True,
        "x2": True,
        "x3": True,
        "idle": False,
    }
    along = regional_along(point_design(X, NAMES), outcome_of(y), FACTORS)
    most = along.loc[along.groupby("factor")["distance"].idxmax()].set_index("factor")
    # The fourth power of x3 makes the lowest and the highest outcomes.
    assert most["distance"].sort_values().index.tolist() == ["idle", "x2", "x3", "x1"]
    assert most["bin"]["x3"] in (1, 10)
    assert set(along.loc[along["above_floor"], "factor"]) == {"x1", "x2", "x3"}


def test_distances_along_the_outcome_are_salibs(ishigami, point_design):
    X, y = ishigami
    along = regional_along(point_design(X, NAMES), outcome_of(y), FACTORS, bins=5)
    problem = {"num_vars": 4, "names": NAMES, "bounds": [[-np.pi, np.pi]] * 4}
    salib = rsa.analyze(problem, X, y, bins=5, target="Y")
    for name in NAMES:
        part = along[along["factor"] == name]
        assert part["distance"].to_numpy() == pytest.approx(salib[name])
        assert part["outcome_low"].iloc[0] == y.min()
        assert part["outcome_high"].iloc[-1] == y.max()


def test_a_category_is_compared_by_shares(point_design):
    rng = np.random.default_rng(2)
    rule = rng.choice(["chair", "mean", "vote"], size=300)
    table = point_design(rng.uniform(size=(300, 1)), ["x"]).sort_values("point").assign(rule=rule)
    found = regional(table, cases_of(rule == "mean"), Factors(["x", "rule"])).iloc[0]
    assert (found["factor"], found["fails_where"]) == ("rule", "mean")
    assert found["gap"] == pytest.approx(1.0)
    assert np.isnan(found["at"])
    along = regional_along(table, outcome_of(rng.uniform(size=300)), Factors(["x", "rule"]))
    assert set(along["factor"]) == {"x"}


def test_where_nothing_matters_the_floor_holds_for_all_factors_together(point_design):
    """One study in twenty names any factor: of 100, more than 12 in less than 1 of 500 such tests."""
    rng = np.random.default_rng(4)
    names = [f"f{n}" for n in range(12)]
    named = along = 0
    for _ in range(100):
        X = rng.uniform(size=(80, 12))
        X[:, :4] = X[:, :4] > 0.5  # two-valued factors have floors of their own
        found = regional(
            point_design(X, names), cases_of(rng.uniform(size=80) < 0.3), Factors(names),
            resampling=Resampling(draws=200),
        )  # fmt: skip
        named += bool(found["above_floor"].any())
        few = regional_along(
            point_design(X, names), outcome_of(rng.uniform(size=80)), Factors(names[3:6]), bins=4
        )
        along += bool(few["above_floor"].any())
    assert 0 < named <= 12
    assert along <= 12


def test_what_cannot_be_compared_is_refused(point_design):
    X = np.random.default_rng(1).uniform(size=(60, 4))
    design = point_design(X, NAMES)
    with pytest.raises(ConfigError, match="no point fails"):
        regional(design, cases_of(np.zeros(60)), FACTORS)
    with pytest.raises(ConfigError, match="2 to 12"):
        regional_along(design, outcome_of(X[:, 0]), FACTORS, bins=13)
    with pytest.raises(ConfigError, match="lacks a value"):
        regional_along(design, outcome_of(X[:50, 0]), FACTORS)
    # A part of the range with one value only has no distance.
    along = regional_along(design, outcome_of(np.minimum(X[:, 0], 0.5)), FACTORS, bins=2)
    assert np.isnan(along.loc[along["bin"] == 2, "distance"]).all()
