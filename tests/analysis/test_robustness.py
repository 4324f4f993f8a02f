"""Regret and satisficing on tables small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.analysis.robustness import regret, satisficing
from cosim.errors import ConfigError

SAFE, BOLD, POOR = [3.0, 3.0, 3.0, 3.0], [1.0, 1.0, 1.0, 8.0], [4.0, 4.0, 4.0, 4.0]


@pytest.fixture
def runs(arm_runs):
    def twice(row):  # two replicates around the mean
        return np.array(row)[:, None] + np.array([[-0.5, 0.5]])

    minutes = {"safe": 100.0, "bold": 50.0, "poor": 10.0}
    return arm_runs(
        {
            arm: {"y": twice(row), "minutes": np.full((4, 2), minutes[arm])}
            for arm, row in {"safe": SAFE, "bold": BOLD, "poor": POOR}.items()
        }
    )


def test_regret_by_hand(runs):
    table = regret(runs, "y", "lower").set_index("arm")
    assert table["mean_regret"].to_dict() == {"safe": 1.5, "bold": 1.25, "poor": 2.5}
    assert table["max_regret"].to_dict() == {"safe": 2.0, "bold": 5.0, "poor": 3.0}
    assert table.loc["bold", "max_regret_world"] == 3
    assert table["worst"].to_dict() == {"safe": 3.0, "bold": 8.0, "poor": 4.0}
    assert table["is_minimax"].to_dict() == {"safe": True, "bold": False, "poor": False}
    # Bold has the smaller largest regret when world 3 is not drawn: (3/4)^4 of the time.
    assert table.loc["bold", "minimax_share"] == pytest.approx(0.75**4, abs=0.06)
    assert table["minimax_share"].sum() == pytest.approx(1.0)
    assert table.loc["bold", "low"] <= 1.25 <= table.loc["bold", "high"]


def test_regret_the_other_way(runs):
    table = regret(runs, "y", "higher").set_index("arm")
    assert table.loc["poor", "max_regret"] == 4.0
    assert table.loc["bold", "max_regret"] == 3.0


def test_satisficing_by_hand(runs):
    table = satisficing(runs, {"y": ("<=", 3.0), "minutes": ("<=", 60.0)}).set_index("arm")
    assert table["share"].to_dict() == {"safe": 0.0, "bold": 0.75, "poor": 0.0}
    assert table["meets y"].to_dict() == {"safe": 1.0, "bold": 0.75, "poor": 0.0}
    assert table["meets minutes"].to_dict() == {"safe": 0.0, "bold": 1.0, "poor": 1.0}
    assert table.loc["bold", "low"] < 0.75 < table.loc["bold", "high"]
    assert satisficing(runs, {"y": (">=", 3.0)}).set_index("arm").loc["safe", "share"] == 1.0


def test_what_cannot_be_judged_is_refused(runs):
    with pytest.raises(ConfigError, match="'lower' or 'higher'"):
        regret(runs, "y", "down")
    with pytest.raises(ConfigError, match="'<=' or '>='"):
        satisficing(runs, {"y": ("<", 3.0)})
    with pytest.raises(ConfigError, match="no requirements"):
        satisficing(runs, {})
