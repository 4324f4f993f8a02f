"""Noise shares of known two-level models, convergence, and the words about N."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosim.analysis.noise import (
    convergence,
    cross_variance,
    difference_components,
    enough,
    noise_of,
    noise_share,
    variance_components,
)
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import Response
from cosim.errors import ConfigError


def responses(values) -> Response:
    return Response(np.arange(values.shape[0]), np.arange(values.shape[1]), values)


@pytest.mark.parametrize("shared", [0.0, 1.0])
def test_noise_share_of_a_known_two_level_model(shared):
    rng = np.random.default_rng(1)
    common = shared * rng.normal(size=(1, 10))  # common random numbers move all points alike
    values = 2 * rng.normal(size=(4000, 1)) + common + rng.normal(size=(4000, 10))
    found = noise_of(responses(values))
    assert found.signal == pytest.approx(4.0, rel=0.06)
    own = 1.0 + common.var(ddof=1)
    assert found.of_runs == pytest.approx(own / (own + 4), abs=0.02)


def test_cross_variance_is_not_fooled_by_noise():
    rng = np.random.default_rng(2)
    found = [cross_variance(rng.normal(size=(50, 3))) for _ in range(400)]
    assert abs(np.mean(found)) < 4 * np.std(found) / 20  # no signal: 0 on average
    assert np.var(rng.normal(size=(50, 3)).mean(axis=1)) > 0.15  # where the plain variance sees 1/3


def test_noise_share_from_tables(point_runs, point_design):
    values = np.array([[1.0, 3.0], [5.0, 7.0], [9.0, 11.0]])
    found = noise_share(point_runs(values), point_design(np.arange(3.0)[:, None], ["x"]), "y")
    assert found.noise == pytest.approx(2.0)
    assert found.signal == pytest.approx(16.0)
    assert "11%" in found.words()
    assert "Nothing varied" in noise_of(responses(np.ones((3, 2)))).words()
    with pytest.raises(ConfigError, match="one replicate"):
        noise_of(responses(np.ones((3, 1))))


@pytest.mark.parametrize("replication", ["crossed", "nested"])
def test_variance_components_of_a_known_model(arm_runs, replication):
    rng = np.random.default_rng(3)
    A, W, R = 60, 80, 10
    sd = {"arm": 1.0, "world": 2.0, "arm x world": 0.5, "shared replicate": 1.5, "replicate": 0.7}
    values = (
        sd["arm"] * rng.normal(size=(A, 1, 1))
        + sd["world"] * rng.normal(size=(1, W, 1))
        + sd["arm x world"] * rng.normal(size=(A, W, 1))
        + sd["replicate"] * rng.normal(size=(A, W, R))
    )
    common = sd["shared replicate"] * rng.normal(size=R) if replication == "crossed" else np.zeros(R)
    runs = arm_runs({f"a{a}": {"y": values[a] + common} for a in range(A)})
    found = variance_components(runs, "y", replication).set_index("component")
    for name in ("arm", "world", "arm x world", "replicate"):
        assert found.loc[name, "variance"] == pytest.approx(sd[name] ** 2, rel=0.35), name
    assert found["share"].sum() == pytest.approx(1.0)
    assert ("shared replicate" in found.index) == (replication == "crossed")
    if replication == "crossed":
        assert found.loc["shared replicate", "variance"] == pytest.approx(common.var(ddof=1), rel=0.01)


def test_components_of_differences(arm_runs):
    rng = np.random.default_rng(4)
    base = rng.normal(size=(500, 8))
    arm = base + 0.4 * rng.normal(size=(500, 1)) + 0.2 * rng.normal(size=(500, 8))
    found = difference_components(arm_runs({"base": {"y": base}, "arm": {"y": arm}}), "base", "y")
    assert found["arm"].worlds == pytest.approx(0.16, rel=0.2)
    assert found["arm"].noise_share == pytest.approx(0.2, abs=0.04)


def test_convergence_narrows_and_ends_at_the_estimate():
    values = np.random.default_rng(5).normal(size=400)
    curve = convergence(values, np.mean, resampling=Resampling(draws=200))
    assert curve["n"].iloc[-1] == 400
    assert curve["estimate"].iloc[-1] == curve["low"].iloc[-1] == pytest.approx(values.mean())
    widths = (curve["high"] - curve["low"]).to_numpy()
    assert widths[0] > 3 * widths[-3] > 0
    with pytest.raises(ConfigError, match="2 to 400"):
        convergence(values, np.mean, sizes=[500])


def test_words_about_n():
    assert enough(0.01, 0.02, 100).startswith("100 worlds were enough")
    assert "about 900 worlds would do" in enough(0.03, 0.01, 100)
    assert "cannot be said" in enough(math.nan, 0.01, 1)
