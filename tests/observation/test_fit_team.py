"""A team's own floor parameters: known ones are found again, from a log that was written and read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.counterparts import Counterparts
from cosim.calibration.simulated_projects import simulated_log
from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log
from cosim.meeting_logs.turn_log import TurnLog, turn_log
from cosim.observation.fit_team import LEADING, RETURNING, SPREAD, TeamFit, fit_team, untruncated
from cosim.observation.own_team import OwnTeams, own_teams

SIMULATIONS = 1_600


def written(folder: Path, log: TurnLog) -> TurnLog:
    """Write a simulated log as a user's file, and read it back."""
    path = folder / "log.csv"
    log.frame[["meeting", "speaker", "role", "words"]].to_csv(path, index=False)
    return read_log(path)


def design(meetings: int) -> OwnTeams:
    """A team of seven, one of whom leads, in which to simulate meetings of known parameters."""
    roles = {"A": "Principal investigator", **dict.fromkeys("BCDEFG", "researcher")}
    rows = [
        {"meeting": str(meeting), "speaker": name, "role": role, "words": 10.0}
        for meeting in range(meetings)
        for name, role in roles.items()
    ]
    teams = own_teams(turn_log(pd.DataFrame(rows * 3)))
    assert len(Counterparts(teams).teams) == 1
    return teams


def log_of(known: dict[str, float], minutes: float, meetings: int, seed: int) -> TurnLog:
    teams = design(meetings)
    scenario = teams.scenario(dict(teams.usual().who), meetings, minutes).replace(known)
    labels = {group: role for group, role in teams.labels().items() if group in scenario.team}
    return simulated_log(scenario, [0], seed, labels=labels)


def fitted(folder: Path, known: dict[str, float], minutes: float, meetings: int, seed: int) -> TeamFit:
    log = written(folder, log_of(known, minutes, meetings, seed))
    return fit_team(own_teams(log), seed=seed, simulations=SIMULATIONS)


@pytest.mark.slow
def test_intervals_hold_known_parameters(tmp_path: Path) -> None:
    rng, hits = np.random.default_rng(7), []
    for seed in range(1, 11):
        known = {
            SPREAD: float(rng.uniform(0.25, 1.45)),
            RETURNING: float(rng.uniform(0.4, 5.5)),
            LEADING: float(rng.uniform(0.25, 0.95)),
        }
        table = fitted(tmp_path, known, 60.0, 1, seed).summary().set_index("parameter")
        hits += [table.loc[name, "low"] <= value <= table.loc[name, "high"] for name, value in known.items()]
    # 30 intervals of 95 %: 28.5 are expected to hold; fewer than 25 have a chance of 2 in 1,000.
    assert sum(hits) >= 25


def test_what_a_meeting_tells_is_found_and_what_it_hardly_tells_stays_wide(tmp_path: Path) -> None:
    low = fitted(tmp_path, {RETURNING: 0.4, SPREAD: 0.5}, 60.0, 1, 3).summary().set_index("parameter")
    high = fitted(tmp_path, {RETURNING: 4.5, SPREAD: 0.5}, 60.0, 1, 3).summary().set_index("parameter")
    assert low.loc[RETURNING, "high"] < high.loc[RETURNING, "low"]
    assert low.loc[RETURNING, "low"] <= 0.4 <= low.loc[RETURNING, "high"]
    assert high.loc[RETURNING, "low"] <= 4.5 <= high.loc[RETURNING, "high"]
    # One meeting of seven people says little about how people differ or what leading counts.
    assert low.loc[LEADING, "high"] - low.loc[LEADING, "low"] > 0.3
    assert low.loc[SPREAD, "high"] - low.loc[SPREAD, "low"] > 0.3
    assert (low["prior_low"] <= low["low"]).all()
    assert (low["high"] <= low["prior_high"]).all()


def test_a_short_meeting_tells_less_than_a_long_one(tmp_path: Path) -> None:
    short = fitted(tmp_path, {RETURNING: 1.5}, 9.0, 1, 5).summary().set_index("parameter")
    long = fitted(tmp_path, {RETURNING: 1.5}, 90.0, 2, 5).summary().set_index("parameter")
    widths = [table.loc[RETURNING, "high"] - table.loc[RETURNING, "low"] for table in (short, long)]
    assert widths[0] > 1.3 * widths[1]


def test_the_same_seed_gives_the_same_fit_and_draws_carry_turn_lengths(tmp_path: Path) -> None:
    log = written(tmp_path, log_of({}, 30.0, 1, 2))
    teams = own_teams(log)
    one, again = (fit_team(teams, seed=4, simulations=900) for _ in range(2))
    assert one.posterior.theta.tolist() == again.posterior.theta.tolist()
    assert one.simulations <= 900
    draw = one.draws(3, seed=1)[0]
    assert set(draw) == {SPREAD, RETURNING, LEADING, "speech.words_log_mean", "speech.words_log_sd"}
    speech = load_scenario("research_team").speech
    assert draw["speech.words_log_mean"] == pytest.approx(speech.words_log_mean, abs=0.25)
    assert draw["speech.words_log_sd"] == pytest.approx(speech.words_log_sd, abs=0.2)


@pytest.mark.parametrize(("mu", "sigma", "cut"), [(2.6, 0.9, 0.92), (1.9, 1.2, 0.92), (3.0, 0.5, -0.7)])
def test_lengths_before_the_short_ones_were_dropped(mu: float, sigma: float, cut: float) -> None:
    drawn = np.random.default_rng(1).normal(mu, sigma, 400_000)
    seen = drawn[drawn > cut]
    assert untruncated(float(seen.mean()), float(seen.std()), cut) == pytest.approx((mu, sigma), abs=0.03)


def test_nobody_leads_nothing_about_leading(tmp_path: Path) -> None:
    frame = log_of({}, 30.0, 1, 2).frame.assign(role="unknown")
    fit = fit_team(own_teams(turn_log(frame)), simulations=800)
    assert fit.summary()["parameter"].to_list() == [SPREAD, RETURNING]


def test_too_short_to_fit() -> None:
    frame = pd.DataFrame({"meeting": "m", "speaker": ["A", "B"] * 10, "words": 8.0})
    with pytest.raises(ConfigError, match="too short to fit: it has 20 floor turns"):
        fit_team(own_teams(turn_log(frame)))
    apart = pd.DataFrame({"meeting": np.repeat([f"m{i}" for i in range(6)], 8), "speaker": ["A", "B"] * 24})
    with pytest.raises(ConfigError, match="no meeting says who follows whom"):
        fit_team(own_teams(turn_log(apart.assign(words=8.0))))
