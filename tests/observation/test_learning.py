"""What a team's views teach the model, the ranking beside the defaults', and what to record next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.posterior import Posterior, weighted_quantile
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.observation.learning import SUMMARIES, Learned, _likelihood, learn, summaries, survey_table
from cosim.observation.next_meeting import value_of
from cosim.observation.own_team import own_teams
from cosim.observation.planted_views import Planted
from cosim.observation.ranked_interventions import BASELINE, TeamWays, team_ways
from cosim.observation.ranking_differs import gains, ranking_differs
from cosim.observation.team_views import look_at_views


@pytest.fixture(scope="module")
def project():
    teams = own_teams(shipped_log("example_icsi"))
    return teams.project(teams.usual(), 30.0)


@pytest.fixture(scope="module")
def floor() -> Posterior:
    theta = np.random.default_rng(1).normal(1.0, 0.3, (50, 1))
    return Posterior(("floor.returning",), theta, np.full(50, 0.02))


@pytest.fixture(scope="module")
def alike(project, floor) -> tuple[Learned, pd.DataFrame]:
    """Draws without views, and simulated surveys of 150 items under each of them."""
    found = learn(project, floor, {}, None, draws=240)
    table = survey_table(project, found.names, found.theta, 150, 0.87, 5)
    return found, table


def test_without_views_all_draws_count_alike(alike) -> None:
    found, _ = alike
    assert found.effective_size == pytest.approx(240)
    assert found.summary()["ratio"].to_numpy() == pytest.approx(1.0)
    assert len(found.draws(32, 1)) == 32
    assert set(found.draws(1, 1)[0]) == set(found.names)


def test_each_simulated_team_is_found_among_the_others(alike) -> None:
    """One draw plays the team: intervals hold its numbers as often as they say, and lean to its side."""
    found, table = alike
    place = found.names.index("uptake.reflection")
    used = [name for name in SUMMARIES if table[name].notna().all()]
    assert {"closed", "shift", "moved", "same_order"} <= set(used)
    inside, leans = [], []
    for one in range(0, 240, 3):
        others = np.arange(240) != one
        values = table[used].to_numpy(float)
        logs, far = _likelihood(values[others], found.theta[others], found.names, values[one])
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        theta = found.theta[others][:, place]
        low, high = weighted_quantile(theta, weights, np.array([0.025, 0.975]))
        inside.append(low <= found.theta[one, place] <= high)
        leans.append(weights @ theta)
        assert not far or one  # one in a thousand may be far
    assert np.mean(inside) > 0.85
    assert np.corrcoef(leans, found.theta[::3, place])[0, 1] > 0.15


def test_a_team_unlike_the_model_is_called_so(alike) -> None:
    found, table = alike
    used = ["closed", "shift", "moved", "same_order"]
    _, far = _likelihood(
        table[used].to_numpy(float), found.theta, found.names, np.array([0.99, 5.0, 9.0, -0.9])
    )
    assert far


def test_views_weight_the_draws(project, floor) -> None:
    views = look_at_views(Planted(2, 4, 12).views(np.random.default_rng(2)), 0.87)
    found = learn(project, floor, {"speech.words_log_mean": 2.0}, views, draws=60)
    assert 1.0 <= found.effective_size < 60.0
    assert found.weights.sum() == pytest.approx(1.0)
    check = found.check().set_index("statistic")
    assert (check["low"] <= check["high"]).all()
    assert check["below"].between(0.0, 1.0).all()
    assert found.draws(3, 1)[0]["speech.words_log_mean"] == 2.0


def test_summaries_have_known_answers() -> None:
    before = np.array([[0.0, 0.2, 0.4, 0.6]] * 6) + np.arange(6)[:, None] * 0.01
    public = np.array([True, True, False, False])
    found = summaries(before, before + 0.1, public)
    spread = np.std([0.0, 0.2, 0.4, 0.6], ddof=1)
    assert found["closed"] == pytest.approx(0.0)
    assert found["shift"] == pytest.approx(0.1 / spread)
    assert found["same_order"] == pytest.approx(1.0)
    assert found["apart"] == pytest.approx(0.4 / spread)
    mean = before.mean(axis=1, keepdims=True)
    assert summaries(before, mean + 0.5 * (before - mean), public)["closed"] == pytest.approx(0.5)
    assert np.isnan(summaries(before, before, np.zeros(4, dtype=bool))["apart"])


def test_a_record_that_tells_the_world_is_worth_its_gain_and_noise_nothing() -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(400)
    worth = np.column_stack([x, -x])  # knowing x gains its mean size
    gain, low, high, changes = value_of(worth, x[:, None], rng)
    assert gain == pytest.approx(np.abs(x).mean(), abs=0.1)
    assert low <= gain <= high
    assert 0.3 < changes < 0.7
    assert value_of(worth, rng.standard_normal((400, 1)), rng)[0] < 0.1
    assert value_of(np.column_stack([x + 9.0, x]), x[:, None], rng)[0] == pytest.approx(0.0)


def test_the_same_runs_differ_no_more_than_their_halves(project) -> None:
    ways = team_ways(project, [{"uptake.rate": 0.2}, {"uptake.rate": 0.3}] * 2, replicates=4)
    found = ranking_differs(ways, ways)
    assert found.first == found.usual_first
    assert found.order == pytest.approx(1.0)
    assert found.table["apart"].abs().max() == 0.0
    other = ways.runs.copy()
    name = gains(ways).columns[-1]
    other.loc[other["arm"] == name, "influence_gini"] -= 0.5
    moved: TeamWays = replace(ways, runs=other)
    apart = ranking_differs(moved, ways)
    assert apart.first == name
    assert apart.probability > 0.95
    assert apart.table.iloc[0]["arm"] == name
    assert BASELINE not in set(apart.table["arm"])
