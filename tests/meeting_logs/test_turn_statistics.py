"""Statistics of turn logs: known answers by hand, and the logs' published table digit by digit."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import ConfigError
from cosim.mechanisms import inequality
from cosim.meeting_logs.bundled_logs import delidata_members, least_words, shipped_log
from cosim.meeting_logs.summaries import (
    by_role,
    by_size,
    role_ratio,
    session_stability,
    stability,
    turn_lengths,
)
from cosim.meeting_logs.turn_log import TurnLog, combine, turn_log
from cosim.meeting_logs.turn_statistics import LEAST_TURNS, floor_turns, gini, meetings, people


def log_of(
    turns: list[tuple[str, float]], meeting: str = "m", roles: dict[str, str] | None = None
) -> TurnLog:
    frame = pd.DataFrame(turns, columns=["speaker", "words"])
    frame["meeting"] = meeting
    frame["role"] = [(roles or {}).get(name, "peer") for name in frame["speaker"]]
    return turn_log(frame, meeting)


# ---------------------------------------------------------------- known answers


@pytest.mark.parametrize(
    ("amounts", "value"),
    [([1, 1, 1, 1], 0.0), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25), ([5], 0.0), ([2, 4, 6], 2 / 9)],
)
def test_gini_of_known_amounts(amounts: list[float], value: float) -> None:
    assert gini(amounts) == pytest.approx(value, abs=1e-15)


def test_gini_of_nothing_is_nan() -> None:
    assert math.isnan(gini([]))
    assert math.isnan(gini([0.0, 0.0]))


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=12), st.floats(0.1, 10.0))
def test_gini_is_half_the_relative_mean_difference_and_has_no_unit(x: list[float], unit: float) -> None:
    values = np.array(x)
    pairs = np.abs(values[:, None] - values[None, :]).mean() / (2.0 * values.mean())
    assert gini(values) == pytest.approx(pairs, abs=1e-9)
    assert gini(values * unit) == pytest.approx(gini(values), abs=1e-9)


def test_floor_turns_drop_short_turns_and_merge_again() -> None:
    log = log_of([("A", 5), ("B", 1), ("A", 4), ("B", 3), ("B", 0), ("B", 9), ("C", 2)])
    turns = floor_turns(log)
    assert turns[["turn", "speaker", "words"]].to_numpy().tolist() == [[1, "A", 9.0], [2, "B", 12.0]]
    every = floor_turns(log, least=1)
    assert every["speaker"].to_list() == ["A", "B", "A", "B", "C"]
    assert every["words"].sum() == 24.0


def test_floor_turns_do_not_run_on_from_one_meeting_to_the_next() -> None:
    both = combine([log_of([("A", 5), ("B", 5)], "m1"), log_of([("B", 5), ("A", 5)], "m2")])
    turns = floor_turns(both)
    assert turns["speaker"].to_list() == ["A", "B", "B", "A"]
    assert turns["turn"].to_list() == [1, 2, 1, 2]


def test_aba_and_its_expectation_by_hand() -> None:
    speakers = "ABABACABCAC"  # 11 turns: 5 A, 3 B, 3 C
    table = meetings(log_of([(name, 9.0) for name in speakers])).iloc[0]
    assert table["aba"] == pytest.approx(5 / 9)
    share = {"A": 5 / 11, "B": 3 / 11, "C": 3 / 11}
    by_hand = [share[a] / (1 - share[b]) for a, b in pairwise(speakers[:-1])]
    assert table["aba_expected"] == pytest.approx(sum(by_hand) / 9)
    assert table["aba_lift"] == pytest.approx(table["aba"] / table["aba_expected"])
    short = meetings(log_of([(name, 9.0) for name in speakers[: LEAST_TURNS - 1]])).iloc[0]
    assert math.isnan(short["aba"])
    assert math.isnan(short["aba_expected"])


def test_without_memory_aba_is_what_is_expected() -> None:
    rng = np.random.default_rng(1)
    steps = rng.integers(1, 5, size=40_000)  # five equal people, never twice in a row
    log = log_of([(f"P{code}", 9.0) for code in np.cumsum(steps) % 5])
    both = meetings(combine([log, log_of([("A", 9.0), ("B", 9.0)] * 6, "other")])).set_index("meeting")
    assert both.loc["m", "aba"] == pytest.approx(0.25, abs=0.01)
    assert both.loc["m", "aba_expected"] == pytest.approx(0.25, abs=0.01)
    assert both.loc["other", ["aba", "aba_expected"]].to_list() == [1.0, 1.0]


def test_gini_is_the_model_s_own() -> None:
    amounts = np.array([3.0, 0.0, 9.0, 4.0])
    assert gini(amounts) == pytest.approx(inequality.gini(amounts, np.ones(4, dtype=np.bool_)))


def test_shares_per_person() -> None:
    table = people(log_of([("A", 60), ("B", 2), ("A", 4), ("C", 30), ("D", 0)], roles={"A": "lead"}))
    assert table["speaker"].to_list() == ["A", "B", "C"], "who said nothing did not speak"
    assert table["word_share"].to_list() == [64 / 96, 2 / 96, 30 / 96]
    assert table["relative_words"].sum() == pytest.approx(3.0)
    assert table["turns"].to_list() == [1.0, 0.0, 1.0], "A's two turns merge over a back-channel"
    assert table["rank"].to_list() == [1, 3, 2]
    assert table["role"].to_list() == ["lead", "peer", "peer"]


def test_a_role_ratio_is_a_geometric_mean_within_meetings() -> None:
    one = log_of([("A", 80), ("B", 10), ("C", 30)], "m1", {"A": "chair"})  # 80 against 20
    two = log_of([("A", 10), ("D", 10)], "m2", {"A": "chair"})
    alone = log_of([("E", 10), ("F", 10)], "m3")
    found = role_ratio(combine([one, two, alone]), "chair")
    assert found.ratio == pytest.approx(2.0)
    assert (found.meetings, found.persons, found.above_one) == (2, 1, 0.5)
    assert found.low < 2.0 < found.high
    with pytest.raises(ConfigError, match="did you mean 'chair'"):
        role_ratio(one, "chairs")
    with pytest.raises(ConfigError, match="no meeting of the log m has both"):
        role_ratio(log_of([("A", 10), ("D", 10)]), "peer")
    with pytest.raises(ConfigError, match="allowed: words, turns"):
        role_ratio(one, "chair", of="minutes")


def test_persistence_within_and_between_sessions() -> None:
    same = [("A", 9.0), ("B", 6.0), ("C", 3.0)] * 8
    assert stability(log_of(same)) == pytest.approx(1.0)
    other = [("A", 3.0), ("B", 6.0), ("C", 9.0)] * 8
    sessions = combine([log_of(same, "t1a"), log_of(same, "t1b"), log_of(other, "t1c"), log_of(same, "t2a")])
    assert session_stability(sessions, lambda name: name[:-1]) == pytest.approx(0.0), (
        "one pair of r 1, one of r -1"
    )


def test_a_tally_has_shares_and_no_turn_taking() -> None:
    tally = shipped_tally()
    table = meetings(tally)
    assert table["aba"].isna().all()
    assert table["gini_words"].notna().all()
    with pytest.raises(ConfigError, match="needs the order of turns"):
        floor_turns(tally)
    with pytest.raises(ConfigError, match="needs the order of turns"):
        turn_lengths(tally)


def test_misuse_is_refused() -> None:
    log = log_of([("A", 5), ("B", 5)])
    with pytest.raises(ConfigError, match="least: must be at least 1"):
        floor_turns(log, 0)
    with pytest.raises(ConfigError, match="no turn of the log m has 9 words"):
        turn_lengths(log, 9)
    with pytest.raises(ConfigError, match="no such meeting"):
        log.only(["other"])
    with pytest.raises(ConfigError, match="also stands in m"):
        combine([log, log])
    with pytest.raises(ConfigError, match="lacks this column"):
        turn_log(pd.DataFrame({"speaker": ["A"]}))
    with pytest.raises(ConfigError, match="0 or more"):
        turn_log(pd.DataFrame({"meeting": ["m"], "speaker": ["A"], "words": [-1.0]}))


# ---------------------------------------------------------------- the published table, digit by digit


@cache
def corpus(name: str) -> TurnLog:
    return shipped_log(name)


def shipped_tally() -> TurnLog:
    members = delidata_members()
    frame = pd.DataFrame(
        {
            "meeting": members["meeting"],
            "turn": 1,
            "speaker": members["speaker"],
            "role": "member",
            "words": members["words"].astype(float),
            "start_s": np.nan,
            "end_s": np.nan,
            "turns": members["messages"].astype(float),
        }
    )
    return TurnLog(frame, "members", tally=True)


# Published with the logs: set, n, meetings, Gini of words (SD), Gini of turns, ABA, word share by rank.
TABLE = """
icsi     | 5 |  13 | .412 (.149) | .342 | .662 | .483 .242 .145 .085 .046
icsi     | 6 |  18 | .440 (.102) | .350 | .563 | .413 .256 .163 .098 .050 .022
icsi     | 7 |   9 | .459 (.110) | .377 | .596 | .396 .226 .157 .101 .065 .038 .016
icsi     | 8 |   7 | .404 (.082) | .343 | .429 | .288 .211 .179 .127 .099 .050 .034 .012
ami      | 4 |  97 | .220 (.108) | .163 | .532 | .409 .258 .198 .135
delidata | 3 | 125 | .202 (.105) | .099 | .466 | .493 .317 .190
delidata | 4 |  69 | .276 (.103) | .148 | .312 | .442 .269 .188 .101
delidata | 5 |  32 | .314 (.110) | .178 | .205 | .406 .241 .164 .113 .077
"""


def digits(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_reproduces_the_published_table(row: str) -> None:
    name, n, count, words, turns, returns, shares = (cell.strip() for cell in row.split("|"))
    table = by_size(corpus(name), least_words(name)).set_index("n").loc[int(n)]
    assert int(table["meetings"]) == int(count)
    assert f"{digits(table['gini_words'])} ({digits(table['gini_words_sd'])})" == words
    assert digits(table["gini_turns"]) == turns
    assert digits(table["aba"]) == returns
    assert " ".join(digits(table[f"share_{rank}"]) for rank in range(1, int(n) + 1)) == shares


def test_reproduces_the_published_row_over_all_icsi_meetings() -> None:
    table = meetings(corpus("icsi"))
    assert len(table) == 51
    assert f"{digits(table['gini_words'].mean())} ({digits(table['gini_words'].std())})" == ".427 (.116)"
    assert digits(table["gini_turns"].mean()) == ".347"
    assert digits(table["aba"].mean()) == ".582"
    assert digits(table["top_share"].mean()) == ".413"
    assert f"{table['turns'].mean():.0f}" == "369"
    assert digits(table["aba_expected"].mean()) == ".330", "evidence A7: share-based chance .33"
    lengths = turn_lengths(corpus("icsi"))
    assert f"{lengths.mean_of_meetings:.1f}" == "20.7"
    assert (
        f"{lengths.mean:.1f} {lengths.median:.0f} {lengths.log_mean:.2f} {lengths.log_sd:.2f}"
        == "19.0 11 2.45 0.92"
    )


@pytest.mark.parametrize(
    ("name", "role", "published"),
    [
        ("icsi", "Professor", "2.17 (.81) / 1.75"),
        ("icsi", "Postdoc", "1.32 (.65) / 1.08"),
        ("icsi", "PhD", "0.79 (.57) / 0.91"),
        ("icsi", "Grad", "0.74 (.75) / 0.81"),
        ("ami", "Project Manager", "1.46 (.57) / 1.33"),
    ],
)
def test_reproduces_the_published_shares_by_role(name: str, role: str, published: str) -> None:
    row = by_role(corpus(name)).set_index("role").loc[role]
    spread = two_digits(row["relative_words_sd"]).removeprefix("0")
    assert (
        f"{two_digits(row['relative_words'])} ({spread}) / {two_digits(row['relative_turns'])}" == published
    )


def two_digits(value: float) -> str:
    """Round as the published shares were: to three digits, then half up to two (1.31459 is printed 1.32)."""
    return str(Decimal(f"{value:.3f}").quantize(Decimal("0.01"), ROUND_HALF_UP))


def test_the_other_ami_roles_lie_in_the_published_range() -> None:
    others = by_role(corpus("ami")).set_index("role").drop("Project Manager")
    assert len(others) == 3
    assert others["relative_words"].between(0.80, 0.895).all()


def test_reproduces_the_published_facts_of_ami_sessions_and_delidata_members() -> None:
    person = people(corpus("ami"))
    manager = person[person["role"] == "Project Manager"]
    by_session = manager.groupby(manager["meeting"].str[-1])["word_share"].mean()
    assert [f"{share:.2f}" for share in by_session] == ["0.51", "0.32", "0.27", "0.36"]
    others = person[person["role"] != "Project Manager"].groupby("meeting")["words"].agg(gini)
    assert digits(others.mean()) == ".157"
    members = delidata_members()
    published = {"solved_initial": ".097", "solved_final": ".318", "kept_answer": ".353"}
    assert {name: digits(members[name].mean()) for name in published} == published
    assert (digits(members["score_initial"].mean()), digits(members["score_final"].mean())) == (
        ".589",
        ".709",
    )


def test_professors_and_managers_speak_more_than_the_others_in_their_meetings() -> None:
    professor = role_ratio(corpus("icsi"), "Professor")
    assert (professor.meetings, professor.persons) == (40, 5)
    assert [round(x, 2) for x in (professor.ratio, professor.low, professor.high)] == [2.87, 2.36, 3.49]
    manager = role_ratio(corpus("ami"), "Project Manager")
    assert [round(x, 2) for x in (manager.ratio, manager.low, manager.high)] == [1.63, 1.43, 1.86]
