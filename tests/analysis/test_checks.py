"""Every public function of the analysis refuses arguments of the wrong kind in words."""

from __future__ import annotations

import inspect

import numpy as np
import pandas as pd
import pytest

from cosim import analysis
from cosim.errors import ConfigError, CosimError

RNG = np.random.default_rng(1)
DESIGN = pd.DataFrame(
    [
        {"point": 12 * a + w, "world": w, "arm": arm, "x": RNG.random(), "z": RNG.random()}
        for a, arm in enumerate(("baseline", "rounds", "floor"))
        for w in range(12)
    ]
)
RUNS = DESIGN[["point", "world", "arm"]].merge(pd.DataFrame({"replicate": range(3)}), how="cross")
RUNS = RUNS.assign(run=range(len(RUNS)), gini=RNG.random(len(RUNS)), money=RNG.random(len(RUNS)), error=None)
CASES = pd.DataFrame({"point": DESIGN["point"], "failing": DESIGN["x"] > 0.5})
FACTORS = analysis.Factors(["x", "z"])
ARRAY = RNG.random((3, 2))
GOOD = {
    "compare": {
        "runs": RUNS,
        "baseline": "baseline",
        "outcomes": ["gini"],
        "settings": analysis.CompareSettings(costs=["money"]),
    },
    "differences": {"runs": RUNS, "baseline": "baseline", "outcomes": ["gini"]},
    "replicates_needed": {"runs": RUNS, "baseline": "baseline", "outcome": "gini", "half_width": 0.1},
    "mean_interval": {"values": [1, 2, 3], "level": 0.95},
    "wilson_interval": {"successes": 3, "n": 5, "level": 0.9},
    "paired_interval": {"differences": ARRAY, "level": 0.9, "replication": "nested"},
    "components": {"values": ARRAY, "replication": "nested"},
    "monte_carlo_error": {"values": ARRAY, "replication": "nested"},
    "cluster_bootstrap": {"values": ARRAY, "statistic": np.mean, "resampling": analysis.Resampling(20)},
    "regret": {"runs": RUNS, "outcome": "gini", "better": "lower"},
    "satisficing": {"runs": RUNS, "criteria": {"gini": ("<=", 0.5)}, "level": 0.9},
    "front": {"table": RUNS, "objectives": {"gini": "min", "money": "max"}, "epsilon": {"gini": 0.1}},
    "front_shares": {"runs": RUNS, "objectives": {"gini": "min"}, "epsilon": {"gini": 0.1}, "level": 0.9},
    "non_dominated": {"costs": ARRAY, "epsilon": 0.1},
    "epsilon_archive": {"costs": ARRAY, "epsilon": [0.1, 0.2]},
    "hypervolume": {"costs": ARRAY, "reference": [1.0, 1.0]},
    "noise_share": {"runs": RUNS, "design": DESIGN, "outcome": "gini"},
    "variance_components": {"runs": RUNS, "outcome": "gini", "replication": "nested"},
    "pawn": {"runs": RUNS, "design": DESIGN, "outcome": "gini", "factors": FACTORS, "slices": 3},
    "prim": {"design": DESIGN, "cases": CASES, "factors": FACTORS},
    "cart": {"design": DESIGN, "cases": CASES, "factors": FACTORS},
    "failing": {"runs": RUNS, "design": DESIGN, "criteria": {"gini": ("<=", 0.5)}},
    "check_runs": {"runs": RUNS, "outcomes": ["gini"]},
    "bonferroni": {"error": 0.05, "comparisons": 4},
    "expected_by_chance": {"comparisons": 40, "tail": 0.025},
    "rank_arms": {
        "runs": RUNS,
        "outcome": "gini",
        "better": "lower",
        "baseline": "baseline",
        "candidates": ["rounds"],
        "replication": "nested",
        "level": 0.9,
    },
    "parity_gaps": {"runs": RUNS, "outcome": "gini", "baseline": "baseline", "replication": "nested"},
    "Factors": {"names": ["x", "z"], "groups": {"x": "one"}, "dummy": "z"},
    "Resampling": {
        "draws": np.int64(100),
        "seed": np.uint8(1),
        "level": np.float32(0.9),
        "replication": "nested",
    },
    "CompareSettings": {"better": {"gini": "lower"}, "costs": ["money"], "top": 2, "level": 0.9},
}
JUNK = {
    "none": None,
    "number": 3,
    "negative": -1,
    "half": 1.5,
    "nan": float("nan"),
    "true": True,
    "word": "nonsense",
    "empty text": "",
    "bytes": b"x",
    "empty list": [],
    "list of none": [None],
    "list of words": ["nonsense"],
    "ragged": [[1, 2], [3]],
    "mapping": {"nonsense": 1},
    "mapping of none": {"gini": None},
    "array": np.arange(3),
    "empty table": pd.DataFrame(),
    "class": int,
    "object": object(),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_arguments_are_taken(name):
    assert getattr(analysis, name)(**GOOD[name]) is not False


@pytest.mark.parametrize("name", GOOD)
def test_arguments_of_the_wrong_kind_end_in_one_of_our_errors(name):
    refused = 0
    for key in GOOD[name]:
        for junk in JUNK.values():
            try:
                getattr(analysis, name)(**{**GOOD[name], key: junk})
            except CosimError:
                refused += 1
    assert refused > 8 * len(GOOD[name])


@pytest.mark.parametrize("name", analysis.__all__)
def test_every_public_function_is_checked(name):
    thing = getattr(analysis, name)
    if inspect.isfunction(thing):
        assert inspect.unwrap(thing) is not thing


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (lambda: analysis.mean_interval([1, 2], level="0.95"), "level"),
        (lambda: analysis.compare("runs", "baseline", ["gini"]), "runs"),
        (lambda: analysis.compare(RUNS, "baseline", "gini"), "outcomes"),
        (lambda: analysis.prim(DESIGN, CASES, ["x"]), "factors"),
        (lambda: analysis.Resampling(draws=20.0), "draws"),
    ],
)
def test_the_argument_is_named(call, key):
    with pytest.raises(ConfigError) as caught:
        call()
    assert caught.value.key == key
    assert caught.value.allowed
