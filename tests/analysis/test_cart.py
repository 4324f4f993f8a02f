"""A tree finds a planted box again, prunes itself, and agrees with scikit-learn where that is installed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.analysis.cart import CartSettings, cart
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError

NAMES = [f"f{i}" for i in range(5)]
FACTORS = Factors(NAMES)


def planted(n=1500, seed=1, noise=0.0):
    rng = np.random.default_rng(seed)
    X = rng.uniform(size=(n, 5))
    y = (X[:, 0] > 0.6) & (X[:, 3] < 0.4)
    return X, np.where(rng.uniform(size=n) < noise, rng.uniform(size=n) < 0.5, y).astype(float)


def cases_of(y):
    table = pd.DataFrame({"point": np.arange(len(y)), "failing": y})
    return table.sample(frac=1, random_state=np.random.default_rng(7))


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_a_planted_box_is_found_again(point_design, noise):
    X, y = planted(noise=noise)
    result = cart(point_design(X, NAMES), cases_of(y), FACTORS)
    box = result.boxes[0]
    assert sorted(box.restricted) == ["f0", "f3"]
    assert box.ranges["f0"] == (pytest.approx(0.6, abs=0.02), np.inf)
    assert box.ranges["f3"] == (-np.inf, pytest.approx(0.4, abs=0.02))
    assert len(result.leaves) == 3
    assert result.leaves["density"].is_monotonic_decreasing
    assert result.leaves["coverage"].sum() == pytest.approx(1.0)
    assert result.leaves["mass"].sum() == pytest.approx(1.0)
    assert "<= f0" in result.leaves["rule"].iloc[0]


def test_noise_alone_is_pruned_to_nothing(point_design):
    rng = np.random.default_rng(2)
    X, y = rng.uniform(size=(500, 5)), (rng.uniform(size=500) < 0.4).astype(float)
    result = cart(point_design(X, NAMES), cases_of(y), FACTORS)
    assert result.leaves["rule"].tolist() == ["everything"]
    assert len(cart(point_design(X, NAMES), cases_of(y), FACTORS, CartSettings(penalty=0.0)).leaves) > 3


def test_categories_are_split_into_sets():
    rng = np.random.default_rng(3)
    n = 1200
    table = pd.DataFrame(
        {
            "rule": rng.choice(["mean", "majority", "lead", "consensus"], size=n),
            "meetings": rng.integers(1, 9, size=n),
            "paid": rng.integers(0, 2, size=n).astype(bool),
        }
    )
    y = (table["rule"].isin(["lead", "majority"]) & (table["meetings"] <= 3)).to_numpy(dtype=float)
    design = table.assign(point=np.arange(n), world=0, arm="a").sample(frac=1, random_state=rng)
    result = cart(design, cases_of(y), Factors(list(table.columns)))
    assert result.boxes[0].categories == {"rule": ("lead", "majority")}
    assert result.boxes[0].ranges["meetings"][1] == 3.0
    assert result.leaves["density"].iloc[0] == 1.0
    assert result.leaves["coverage"].iloc[0] == pytest.approx(1.0)
    for number, box in enumerate(result.boxes):  # leaves are disjoint, so their points add up
        assert box.holds(table).sum() == result.leaves["n_points"].iloc[number]


def test_shares_of_replicates_are_fine(point_design):
    X, y = planted()
    result = cart(point_design(X, NAMES), cases_of(0.2 + 0.6 * y), FACTORS)
    assert result.leaves["density"].iloc[0] == pytest.approx(0.8, abs=0.02)


def test_what_grows_no_tree_is_refused(point_design):
    X, y = planted(n=100)
    with pytest.raises(ConfigError, match="no point fails"):
        cart(point_design(X, NAMES), cases_of(0 * y), FACTORS)
    for wrong in ({"mass_min": 0.0}, {"depth_max": 0}, {"folds": 1}, {"penalty": -1.0}):
        with pytest.raises(ConfigError):
            CartSettings(**wrong)


def test_scikit_learn_grows_the_same_tree(point_design):
    tree = pytest.importorskip("sklearn.tree", exc_type=ImportError)
    X, y = planted(noise=0.3)
    theirs = tree.DecisionTreeClassifier(max_depth=4, min_samples_leaf=75, random_state=1).fit(X, y)
    ours = cart(point_design(X, NAMES), cases_of(y), FACTORS, CartSettings(penalty=0.0))
    guess = np.empty(len(y))
    table = pd.DataFrame(X, columns=NAMES)
    for box, density in zip(ours.boxes, ours.leaves["density"], strict=True):
        guess[box.holds(table)] = density
    assert guess == pytest.approx(theirs.predict_proba(X)[:, 1])
