"""What is told about a real meeting, beside chance and beside simulated ones."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.meeting_logs.roles import model_role
from cosim.meeting_logs.turn_log import TurnLog, turn_log
from cosim.meeting_logs.turn_statistics import floor_turns, meetings
from cosim.observation.observation import COMPARED, DOMAIN, observe, place


def simulated_team(weights: list[float], turns: int, seed: int, returning: float = 0.0) -> TurnLog:
    """Make a meeting in which people speak in proportion to weights, the floor returning with added odds."""
    rng, log = np.random.default_rng(seed), [0, 1]
    for _ in range(turns):
        odds = np.array(weights)
        odds[log[-2]] *= 1.0 + returning
        odds[log[-1]] = 0.0
        log.append(int(rng.choice(len(odds), p=odds / odds.sum())))
    return turn_log(
        pd.DataFrame(
            {"meeting": f"m{seed}", "speaker": [f"P{i}" for i in log], "words": rng.integers(3, 40, len(log))}
        )
    )


def test_equal_people_lie_within_chance_and_unequal_ones_outside() -> None:
    equal = observe(simulated_team([1.0] * 5, 150, seed=1), draws=400).summary.set_index("statistic")
    assert equal.loc["gini_words", "chance_low"] < equal.loc["gini_words", "observed"]
    assert equal.loc["gini_words", "observed"] < equal.loc["gini_words", "chance_high"]
    assert equal.loc["aba", "chance_above"] > 0.01
    unequal = observe(simulated_team([6, 3, 1, 1, 1], 150, seed=1, returning=3.0), draws=400)
    table = unequal.summary.set_index("statistic")
    assert table.loc["gini_words", "chance_above"] == pytest.approx(1 / 401)
    assert table.loc["aba", "chance_above"] == pytest.approx(1 / 401)
    assert unequal.people["speaker"].to_list()[:2] == ["P0", "P1"]


def test_the_mean_of_many_meetings_has_a_narrower_baseline_than_one() -> None:
    log = shipped_log("ami")
    one = observe(log.only(["ES2002b"]), draws=300).summary.set_index("statistic").loc["gini_words"]
    ten = observe(log.only(log.meetings[:10]), draws=300).summary.set_index("statistic").loc["gini_words"]
    assert ten["chance_high"] - ten["chance_low"] < 0.6 * (one["chance_high"] - one["chance_low"])


def test_an_observation_says_who_and_how_much() -> None:
    seen = observe(shipped_log("example_icsi"), draws=200)
    assert seen.people["speaker"].to_list()[0] == "P20"
    assert seen.people["word_share"].sum() == pytest.approx(1.0)
    assert seen.composition == {"researcher": 6, "provider": 0, "policymaker": 0, "patient": 0}
    assert seen.roles["role"].to_list() == ["Grad", "PhD", "Professor"]
    assert seen.lengths is not None
    assert seen.notes == ()


def test_an_observation_is_plain_data() -> None:
    seen = observe(shipped_log("example_vtt"), draws=50).as_dict()
    again = json.loads(json.dumps(seen, allow_nan=False))
    assert again == seen
    assert again["domain"] == DOMAIN
    assert again["composition"] is None, "a transcript has names and no roles"
    assert again["roles"] == []


def test_a_tally_has_no_baseline_and_says_so(tmp_path: object) -> None:
    frame = pd.DataFrame(
        {
            "meeting": "m",
            "turn": [1, 2],
            "speaker": ["A", "B"],
            "role": "patient",
            "words": [30.0, 10.0],
            "start_s": math.nan,
            "end_s": math.nan,
            "turns": [3.0, 1.0],
        }
    )
    seen = observe(TurnLog(frame, "t", tally=True))
    assert seen.summary["chance"].isna().all()
    assert seen.summary.set_index("statistic").loc["gini_words", "observed"] == pytest.approx(0.25)
    assert "totals per person" in seen.notes[0]
    assert "one person's in a row are not merged" in seen.notes[1]
    assert json.dumps(seen.as_dict(), allow_nan=False)


def test_a_meeting_of_back_channels_only_is_told() -> None:
    short = turn_log(pd.DataFrame({"meeting": "m", "speaker": ["A", "B"], "words": [1.0, 2.0]}))
    seen = observe(short)
    assert seen.lengths is None
    assert seen.notes == ("1 meeting has no turn of 3 words or more, and so no baseline",)
    assert math.isnan(seen.summary.set_index("statistic").loc["gini_turns", "observed"])


def test_a_log_in_which_nobody_says_anything_is_refused() -> None:
    with pytest.raises(ConfigError, match="nobody says anything in the log t"):
        observe(turn_log(pd.DataFrame({"meeting": "m", "speaker": ["A", "B"], "words": 0.0}), "t"))


def test_means_beside_equal_chance_leave_out_meetings_without_a_baseline() -> None:
    long = pd.DataFrame({"meeting": "m1", "speaker": ["A", "B"] * 20, "words": [5.0, 6.0] * 20})
    short = pd.DataFrame({"meeting": "m2", "speaker": ["A", "B"], "words": [1.0, 2.0]})
    alone = observe(turn_log(long), draws=50)
    both = observe(turn_log(pd.concat([long, short])), draws=50)
    assert both.summary.equals(alone.summary)
    (note,) = both.notes
    assert note.startswith("1 meeting has no turn of 3 words or more, and so no baseline")
    assert note.endswith("means beside equal chance leave it out")


def test_who_had_the_largest_share_of_their_meetings_comes_first() -> None:
    frame = pd.DataFrame(
        {"meeting": list("mmnnnn"), "speaker": list("ABBCDE"), "words": [30.0, 10, 200, 100, 50, 50]}
    )
    people = observe(turn_log(frame), draws=50).people
    assert people["speaker"].to_list() == ["A", "B", "C", "D", "E"]
    assert people["relative_words"].is_monotonic_decreasing
    assert not people["words"].is_monotonic_decreasing


def test_place_among_simulated_meetings() -> None:
    table = meetings(simulated_team([1.0] * 5, 150, seed=1))
    seen = {name: float(table[name].iloc[0]) for name in COMPARED}
    others = pd.concat([meetings(simulated_team([1.0] * 5, 150, seed=i)) for i in range(2, 32)])
    found = place(seen, others).set_index("statistic")
    assert list(found.index) == list(COMPARED)
    assert found["below"].between(0.01, 0.99).all(), "one of the same kind"
    hierarchy = pd.concat([meetings(simulated_team([9, 3, 1, 1, 1], 150, seed=i)) for i in range(2, 12)])
    assert place(seen, hierarchy).set_index("statistic").loc["gini_words", "below"] == 0.0
    tied = others.assign(gini_words=seen["gini_words"])
    assert place(seen, tied).set_index("statistic").loc["gini_words", "below"] == 0.5
    assert math.isnan(place({"aba": math.nan}, others)["below"].item())
    with pytest.raises(ConfigError, match="no simulated meetings"):
        place(seen, others.iloc[:0])
    with pytest.raises(ConfigError, match="aba: the simulated meetings lack"):
        place(seen, others.drop(columns="aba"))


def test_people_and_roles_have_the_interval_of_equal_chance() -> None:
    log = simulated_team([6, 1, 1, 1, 1], 150, seed=1)
    frame = log.frame.assign(role=np.where(log.frame["speaker"] == "P0", "lead", "member"))
    seen = observe(turn_log(frame), draws=400)
    found = seen.people.set_index("speaker")
    assert found.loc["P0", "relative_turns"] > found.loc["P0", "chance_turns_high"] > 1.0
    assert (found["chance_words_low"] < 1.0).all()
    assert (found["chance_words_low"] < found["chance_turns_low"]).all(), "lengths vary too"
    width = found["chance_turns_high"] - found["chance_turns_low"]
    exact = 2 * 1.96 * 5 * math.sqrt(0.2 * 0.8 * 0.6 / 152)  # nobody twice in a row: less than binomial
    assert width.to_numpy() == pytest.approx(exact, rel=0.15)
    roles = seen.roles.set_index("role")
    assert roles.loc["member", "chance_words_high"] - 1 < found.loc["P1", "chance_words_high"] - 1
    equal = observe(simulated_team([1.0] * 5, 150, seed=3), draws=400).people
    assert (
        equal["relative_turns"].between(equal["chance_turns_low"], equal["chance_turns_high"]).mean() >= 0.8
    )


def test_cleaning_accounts_for_every_utterance_and_word() -> None:
    log = shipped_log("example_icsi")
    steps = observe(log, draws=50).cleaning.set_index("step")
    assert steps.loc["read", "turns"] == len(log.frame)
    assert steps.loc["read", "words"] == log.frame["words"].sum()
    gone = steps.loc["too short for a turn", "turns"] + steps.loc["merged", "turns"]
    assert steps.loc["floor turns", "turns"] == len(log.frame) - gone == len(floor_turns(log))
    assert steps.loc["read", "words"] == steps.loc[["too short for a turn", "floor turns"], "words"].sum()
    chat = observe(shipped_log("example_srt"), draws=50, least=1).cleaning.set_index("step")
    assert chat.loc["too short for a turn", "turns"] == 0


def test_minutes_where_the_log_has_times() -> None:
    assert observe(shipped_log("example_icsi"), draws=20).meetings["minutes"].item() == pytest.approx(
        43, abs=25
    )
    assert math.isnan(observe(shipped_log("example_ami"), draws=20).meetings["minutes"].item())


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ({"meeting": [f"m{i // 2}" for i in range(4_010)], "speaker": ["A", "B"] * 2_005}, "2,005 meetings"),
        ({"meeting": "m", "speaker": [f"P{i}" for i in range(300)]}, "300 people speak in the meeting 'm'"),
        ({"meeting": "m", "speaker": ["A", "B"] * 10_001}, "the meeting 'm' has 20,002 turns"),
    ],
)
def test_what_cannot_be_a_teams_log_is_refused(frame: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        observe(turn_log(pd.DataFrame(frame).assign(words=5.0)), draws=10)


@pytest.mark.parametrize(
    ("role", "meant"),
    [
        ("Professor", "researcher"),
        ("PhD", "researcher"),
        ("Public contributor", "patient"),
        ("PPI", "patient"),
        ("Patient representative", "patient"),
        ("service-user", "patient"),
        ("Research nurse", "provider"),
        ("GP", "provider"),
        ("Commissioner", "policymaker"),
        ("Project Manager", None),
        ("Unknown", None),
        ("", None),
        ("patients", "patient"),
        ("expatriate", None),
    ],
)
def test_roles_of_the_model(role: str, meant: str | None) -> None:
    assert model_role(role) == meant


def test_a_log_of_mostly_short_utterances_says_how_they_are_counted() -> None:
    names = ["A", "B"] * 8
    log = turn_log(pd.DataFrame({"meeting": "m", "speaker": names, "words": [1.0, 2.0, 9.0, 2.0] * 4}))
    assert any("--least 1" in note for note in observe(log).notes)
    assert not any("--least 1" in note for note in observe(log, least=1).notes)
