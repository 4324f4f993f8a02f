"""Answers before and after: every statistic on tables that can be worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cosim.catalogue import load_scenario
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve
from cosim.validation.answers import OF_ANSWERS, Answers, simulated_answers, slopes


def answers(
    before: list[list[int]],
    after: list[list[int]],
    turns: list[list[float]] | None = None,
    right: int = 0,
    decided: int = 0,
    agreed: bool = True,
) -> Answers:
    first, last = np.array(before), np.array(after)
    groups = len(first)
    spoken = np.ones(first.shape) if turns is None else np.array(turns, dtype=float)
    return Answers(
        first, last, np.full(groups, right), spoken, np.full(groups, decided),
        np.full(groups, agreed),
        (first == right).astype(float), (last == right).astype(float),
    )  # fmt: skip


def test_three_members_two_of_whom_come_round() -> None:
    one = answers([[0, 1, 2]], [[0, 0, 0]])
    assert OF_ANSWERS["kept_answer"]([one], {}) == pytest.approx(1 / 3)
    assert OF_ANSWERS["agreement_gain"]([one], {}) == pytest.approx(1.0)
    assert OF_ANSWERS["correctness_gain"]([one], {}) == pytest.approx(2 / 3)


def test_agreement_counts_pairs_within_groups() -> None:
    # Of three pairs one agrees before (0, 0), and one after (1, 1).
    one = answers([[0, 0, 1]], [[0, 1, 1]])
    assert one.agreement()[0] == pytest.approx([1 / 3])
    assert one.agreement()[1] == pytest.approx([1 / 3])
    assert OF_ANSWERS["agreement_gain"]([one], {}) == pytest.approx(0.0)


def test_adoption_counts_those_who_first_disagreed_and_came_over() -> None:
    one = answers([[0, 1, 1, 2]], [[0, 0, 1, 1]], turns=[[4.0, 2.0, 1.0, 1.0]])
    table = one.adoption()
    # Member 1: of three who disagreed one came to 0. Members 2 and 3: of two (0 and 2) one came to 1.
    assert table["adoption"].to_list() == pytest.approx([1 / 3, 1 / 2, 1 / 2, 0.0])
    assert table["voice"].to_list() == pytest.approx([2.0, 1.0, 0.5, 0.5])
    assert table["correct"].to_list() == [1.0, 0.0, 0.0, 0.0]
    assert table["support"].to_list() == pytest.approx([0.0, 1 / 3, 1 / 3, 0.0])


def test_members_with_whom_all_agree_have_no_adoption() -> None:
    assert answers([[0, 0, 0]], [[0, 0, 0]]).adoption().empty
    mixed = answers([[0, 0, 0], [0, 1, 1]], [[0, 0, 0], [1, 1, 1]])
    assert len(mixed.adoption()) == 3


def test_slopes_are_found_again_in_a_made_up_table() -> None:
    rng = np.random.default_rng(3)
    voice, correct, support = rng.uniform(0, 3, 200), rng.integers(0, 2, 200), rng.uniform(0, 1, 200)
    adoption = 0.1 + 0.04 * voice + 0.3 * correct + 0.35 * support
    table = pd.DataFrame({"adoption": adoption, "voice": voice, "correct": correct, "support": support})
    assert slopes(table) == pytest.approx({"voice": 0.04, "correct": 0.3, "support": 0.35})


def test_groups_of_two_do_not_count_for_adoption_but_for_keeping() -> None:
    pair = answers([[0, 1]], [[0, 0]])
    three = answers([[0, 1, 2], [1, 1, 0], [2, 0, 0]], [[0, 0, 0], [1, 1, 1], [0, 0, 0]])
    with_pair = OF_ANSWERS["adoption_by_support"]([pair, three], {})
    assert with_pair == OF_ANSWERS["adoption_by_support"]([three], {})
    assert OF_ANSWERS["kept_answer"]([pair], {}) == 0.5
    assert OF_ANSWERS["kept_answer"]([pair, three], {}) == pytest.approx(6 / 11)


def test_win_rate_counts_every_option_of_every_group() -> None:
    # Option 0 has three supporters twice and wins once; option 1 has three supporters once and loses.
    one = answers([[0, 0, 0, 1], [0, 0, 0, 1], [1, 1, 1, 0]], [[0, 0, 0, 0]] * 3)
    one = Answers(**{**vars(one), "decided": np.array([0, 1, 0])})
    assert OF_ANSWERS["win_rate"]([one], {"supporters": 3}) == pytest.approx(1 / 3)
    assert OF_ANSWERS["win_rate"]([one], {"supporters": 1}) == pytest.approx(2 / 3)
    assert math.isnan(OF_ANSWERS["win_rate"]([one], {"supporters": 2}))


def test_take_repeats_groups_in_every_array() -> None:
    one = answers([[0, 1], [2, 3]], [[4, 5], [6, 7]])
    again = one.take(np.array([1, 1, 0]))
    assert again.before.tolist() == [[2, 3], [2, 3], [0, 1]]
    assert again.after.tolist() == [[6, 7], [6, 7], [4, 5]]
    assert again.groups == 3


def twelve(**changes: object) -> Scenario:
    small = {"phases.priority_setting.options": 2, "phases.priority_setting.minutes": 60.0}
    return load_scenario("symmetric_null").replace({**small, **changes})


def test_nobody_moves_without_openness_and_a_unanimous_group_gets_what_it_wants() -> None:
    plan = resolve(twelve(**{"team.*.openness": 0.0, "team.*.mandate": 0.0, "uptake.reflection": 0.0}))[0]
    found = simulated_answers(plan, range(60))
    assert OF_ANSWERS["kept_answer"]([found], {}) == 1.0
    assert OF_ANSWERS["agreement_gain"]([found], {}) == 0.0
    assert OF_ANSWERS["win_rate"]([found], {"supporters": 12}) == 1.0
    assert OF_ANSWERS["win_rate"]([found], {"supporters": 0}) == 0.0


def test_open_members_come_to_agree_and_scores_lie_between_worst_and_best() -> None:
    found = simulated_answers(resolve(twelve(**{"team.*.openness": 1.0, "uptake.rate": 0.9}))[0], range(60))
    assert OF_ANSWERS["agreement_gain"]([found], {}) > 0.05
    for score in (found.score_before, found.score_after):
        assert ((score >= 0.0) & (score <= 1.0)).all()
    assert (found.score_before[found.before == found.right[:, None]] == 1.0).all()
    assert (found.turns.sum(axis=1) > 50).all()


def test_a_hung_group_loses_every_case() -> None:
    hung = answers([[0, 0, 0, 1]], [[0, 0, 0, 1]], agreed=False)
    assert OF_ANSWERS["win_rate"]([hung], {"supporters": 3}) == 0.0
    assert OF_ANSWERS["win_rate"]([hung], {"supporters": 1}) == 0.0
