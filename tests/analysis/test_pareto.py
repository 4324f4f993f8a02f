"""Planted fronts are found again; volumes are those of geometry."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cosim.analysis.pareto import epsilon_archive, front, front_shares, hypervolume, non_dominated
from cosim.analysis.tables import UnusableRunsError
from cosim.errors import ConfigError


def test_a_planted_front_is_found_again():
    rng = np.random.default_rng(1)
    direction = rng.uniform(0.1, 1, size=(30, 4))
    planted = direction / np.linalg.norm(direction, axis=1, keepdims=True)  # on a sphere nobody dominates
    planted = 2 - planted
    behind = planted[rng.integers(30, size=200)] + rng.uniform(0.01, 1, size=(200, 4))
    costs = np.vstack([planted, behind])
    order = rng.permutation(len(costs))
    assert np.array_equal(np.sort(order[non_dominated(costs[order])]), np.arange(30))


def test_directions_and_equal_rows():
    table = pd.DataFrame(
        {"gini": [0.1, 0.1, 0.3, 0.3], "quality": [0.9, 0.9, 0.95, 0.5], "note": list("abcd")}
    )
    found = front(table, {"gini": "min", "quality": "max"})
    assert found["on_front"].tolist() == [True, True, True, False]
    assert found["note"].tolist() == list("abcd")


def test_differences_within_epsilon_count_as_none():
    costs = np.array([[1.0, 5.0], [1.001, 3.0], [4.0, 2.9995], [5.0, 1.0]])
    assert non_dominated(costs).tolist() == [True, True, True, True]
    assert non_dominated(costs, epsilon=0.01).tolist() == [False, True, False, True]


def test_epsilon_never_empties_the_front():
    costs = np.array([[0.0, 1.2, 2.4], [1.2, 2.4, 0.0], [2.4, 0.0, 1.2]])
    assert non_dominated(costs, epsilon=1.3).any()


def test_archive_keeps_one_row_per_box():
    costs = np.array([[0.11, 0.81], [0.15, 0.85], [0.51, 0.41], [0.55, 0.95]])
    assert epsilon_archive(costs, 0.1).tolist() == [0, 2]
    with pytest.raises(ConfigError):
        epsilon_archive(costs, 0.0)


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ([[0.0, 0.0]], 1.0),
        ([[0.5, 0.5]], 0.25),
        ([[0.0, 0.5], [0.5, 0.0]], 0.75),
        ([[0.0, 0.5], [0.5, 0.0], [0.6, 0.6], [2.0, -1.0]], 0.75),
        ([[0.0, 0.5, 0.5], [0.5, 0.0, 0.5], [0.5, 0.5, 0.0]], 0.5),
        ([[1.0, 1.0, 1.0]], 0.0),
    ],
)
def test_hypervolume_of_boxes(costs, expected):
    costs = np.array(costs)
    assert hypervolume(costs, [1.0] * costs.shape[1]) == pytest.approx(expected)


@given(hnp.arrays(float, st.tuples(st.integers(1, 12), st.just(4)), elements=st.floats(0, 1, width=16)))
def test_hypervolume_is_the_share_of_dominated_points(costs):
    # Counting the cells of a grid through all coordinates is exact too, and quite another way to do it.
    cuts = [np.unique(np.append(costs[:, k], 1.0)) for k in range(4)]
    widths = np.meshgrid(*[np.diff(cut) for cut in cuts], indexing="ij")
    lower = np.stack(np.meshgrid(*[cut[:-1] for cut in cuts], indexing="ij"), axis=-1)
    if lower.size == 0:
        expected = 0.0
    else:
        dominated = (costs[:, None] <= lower.reshape(-1, 4)[None]).all(axis=2).any(axis=0)
        expected = float(np.prod(np.stack(widths), axis=0).reshape(-1)[dominated].sum())
    assert hypervolume(costs, [1.0] * 4) == pytest.approx(expected, abs=1e-9)


def test_hypervolume_agrees_with_pymoo():
    indicator = pytest.importorskip("pymoo.indicators.hv", exc_type=ImportError).HV
    costs = np.random.default_rng(2).uniform(size=(60, 4))
    assert hypervolume(costs, [1.0] * 4) == pytest.approx(float(indicator(ref_point=np.ones(4))(costs)))


def test_front_shares_over_worlds(arm_runs):
    worlds = 20
    gini = np.full((worlds, 2), 0.3)
    other = gini.copy()
    other[:5] = 0.2  # better than the first arm in 5 of 20 worlds, equal in the rest, and dearer
    runs = arm_runs(
        {
            "plain": {"gini": gini, "money": np.full((worlds, 2), 10.0)},
            "dear": {"gini": other, "money": np.full((worlds, 2), 20.0)},
        }
    )
    table = front_shares(runs, {"gini": "min", "money": "min"}).set_index("arm")
    assert table["front_share"].to_dict() == {"plain": 1.0, "dear": 0.25}
    assert table.loc["dear", "front_low"] < 0.25 < table.loc["dear", "front_high"]
    assert table["on_front"].all()
    assert front_shares(runs, {"gini": "min", "money": "min"}, {"gini": 0.2})["on_front"].tolist() == [
        True,
        False,
    ]


def test_what_has_no_front_is_refused(arm_runs):
    table = pd.DataFrame({"y": [1.0, np.nan]})
    with pytest.raises(ConfigError, match="row 1"):
        front(table, {"y": "min"})
    with pytest.raises(ConfigError, match="'min' or 'max'"):
        front(table, {"y": "lower"})
    with pytest.raises(ConfigError, match="no objectives"):
        front(table, {})
    with pytest.raises(ConfigError, match="not an objective"):
        front(table.head(1), {"y": "min"}, {"z": 1.0})
    with pytest.raises(ConfigError, match="one finite value per objective"):
        hypervolume(np.ones((2, 2)), [1.0])
    runs = arm_runs({"a": {"y": np.array([[1.0, np.nan]])}})
    with pytest.raises(UnusableRunsError, match="run 1"):
        front_shares(runs, {"y": "min"})
