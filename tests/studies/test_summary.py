"""The answer follows the tables: a planted winner is named, a tie is called a tie, built-in is no finding."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.wording import answer_of, words_of
from cosim.studies.report_texts import CEILING
from cosim.studies.results import read_results
from tests.studies.planted import Shape, Way, plant, single


def parts(comparison: Comparison) -> dict[str, str]:
    return {name: " ".join(told) for name, told in words_of(comparison).parts.items()}


def told_of(folder: Path, ways: dict[str, Way], shape: Shape | None = None) -> tuple[str, str]:
    """What is said of the ways of working that are ranked, and what the best takes."""
    found = parts(Comparison(read_results(plant(folder, ways, shape))))
    return found["found"], found["takes"]


def test_a_clear_winner_is_named_with_its_runner_up(tmp_path):
    first, second = told_of(
        tmp_path,
        {
            "buddy": single("buddy", influence_gini=-0.02),
            "round_robin": single(
                "round_robin", influence_gini=-0.10, influence_parity_public=0.2, minutes=30.0
            ),
            "payment": single("payment"),
        },
    )
    assert first.startswith(f"{CEILING}, “Round robin” lowered inequality of influence most")
    assert "ranked above business as usual in 100\N{NARROW NO-BREAK SPACE}%" in first
    assert "the next best, “Buddy or mentor”, in 100" in first
    assert first.endswith("of 12 sampled settings.")
    assert "0.70 of an equal share of influence instead of 0.50" in second
    assert "30 more minutes and no more money per project" in second


def test_the_winner_changes_with_the_data(tmp_path):
    ways = {
        "buddy": single("buddy", influence_gini=-0.10),
        "round_robin": single("round_robin", influence_gini=-0.02),
    }
    first, _ = told_of(tmp_path, ways)
    assert "“Buddy or mentor” lowered" in first
    assert "next best, “Round robin”" in first


def test_a_tie_is_called_a_tie(tmp_path):
    ways = {
        "buddy": Way({"buddy": 1.0}, {"influence_gini": -0.05}, spread=0.02),
        "payment": Way({"payment": 1.0}, {"influence_gini": -0.0501}, spread=0.02),
        "round_robin": single("round_robin", influence_gini=-0.01),
    }
    first, _ = told_of(tmp_path, ways)
    assert "no single way of working lowered inequality of influence most" in first
    assert "cannot be told apart" in first
    assert "“Buddy or mentor”" in first
    assert "“Payment”" in first
    told = first.split("cannot be told apart")[0]
    assert "Round robin" not in told


def test_no_winner_is_no_winner(tmp_path):
    ways = {
        "buddy": single("buddy", influence_gini=0.03),
        "payment": Way({"payment": 1.0}, {}, spread=0.02),
    }
    first, second = told_of(tmp_path, ways)
    assert "none of the 2 ways of working" in first
    assert "most" not in first
    assert "minutes" not in second


def test_built_in_effects_never_win(tmp_path):
    ways = {
        "secret_ballot": single("secret_ballot", influence_gini=-0.3, influence_parity_public=0.4),
        "buddy": single("buddy", influence_gini=-0.02),
        "payment": single("payment", influence_gini=-0.01),
    }
    first, _ = told_of(tmp_path, ways)
    assert "“Buddy or mentor” lowered" in first
    assert "Secret ballot" not in first


def test_a_bundle_with_a_built_in_part_is_built_in(tmp_path):
    ways = {
        "strong": Way({"secret_ballot": 1.0, "buddy": 1.0}, {"influence_gini": -0.3}),
        "buddy": single("buddy", influence_gini=-0.02),
        "payment": single("payment"),
    }
    first, _ = told_of(tmp_path, ways)
    assert "“Buddy or mentor” lowered" in first
    assert "Strong" not in first


def test_only_built_in_helpers_are_named_as_such(tmp_path):
    ways = {
        "secret_ballot": single("secret_ballot", influence_gini=-0.3),
        "buddy": single("buddy", influence_gini=0.05),
        "payment": single("payment", influence_gini=0.05),
    }
    comparison = Comparison(read_results(plant(tmp_path, ways)))
    text = words_of(comparison)
    first, second, *_ = answer_of(comparison, text)
    assert first.startswith(f"{CEILING}, by its rule, “Secret ballot” (−0.300) lowered")
    assert second.startswith("None of the 2 ways")


def test_nothing_but_built_in(tmp_path):
    first, second = told_of(tmp_path, {"secret_ballot": single("secret_ballot", influence_gini=-0.3)})
    assert "othing that was compared can count as a finding" in first
    assert second.endswith(".")


def test_changed_settings_without_a_record_are_left_out(tmp_path):
    ways = {
        "longer": Way({}, {"influence_gini": -0.3}, {"phases.*.minutes": 200.0}),
        "buddy": single("buddy", influence_gini=-0.02),
        "payment": single("payment"),
    }
    first, _ = told_of(tmp_path, ways)
    assert "“Buddy or mentor” lowered" in first
    assert "Longer" not in first


def test_one_arm(tmp_path):
    first, _ = told_of(tmp_path, {"buddy": single("buddy", influence_gini=-0.05)})
    assert (
        "“Buddy or mentor” lowered inequality of influence: it ranked above business as usual in 100" in first
    )
    assert "next best" not in first


def test_one_arm_that_does_nothing(tmp_path):
    first, _ = told_of(tmp_path, {"buddy": Way({"buddy": 1.0}, spread=0.02)})
    assert "has not clearly lowered" in first


def test_voice_without_influence_is_told(tmp_path):
    ways = {
        "round_robin": single("round_robin", voice_parity_public=0.4),
        "talking_tokens": single("talking_tokens", voice_parity_public=0.2, influence_parity_public=0.3),
        "buddy": single("buddy", influence_gini=-0.1),
    }
    _, second = told_of(tmp_path, ways)
    assert (
        "of 2 ways of working that closed at least a tenth of the public's gap in voice, 1 closed less"
        in second
    )


def test_one_setting_speaks_of_replicates(tmp_path):
    first, _ = told_of(
        tmp_path, {"buddy": single("buddy", influence_gini=-0.05)}, Shape(worlds=1, replicates=20)
    )
    assert first.endswith("of 20 replicates of one setting.")


def test_a_single_run_cannot_say(tmp_path):
    first, _ = told_of(
        tmp_path, {"buddy": single("buddy", influence_gini=-0.05)}, Shape(worlds=1, replicates=1)
    )
    assert "one run each cannot say" in first


def test_missing_costs_are_not_mentioned(tmp_path):
    outcomes = ("influence_gini", "influence_parity_public")
    ways = {"buddy": single("buddy", influence_gini=-0.05, influence_parity_public=0.1)}
    _, second = told_of(tmp_path, ways, Shape(outcomes=outcomes))
    assert "minutes" not in second
    assert "0.60 of an equal share" in second


def test_an_outcome_without_direction_is_not_ranked(tmp_path):
    ways = {"a": Way({}, {"effect": 2.0}, {"x": 1}), "b": Way({}, {}, {"x": 2})}
    first, second = told_of(tmp_path, ways, Shape(outcomes=("effect",), scenario={"toy": 1}))
    assert "“A” moved effect most: by +2.00" in first
    assert "nothing is ranked" in second


@pytest.mark.parametrize("shift", [-0.1, 0.0, 0.1])
def test_the_answer_has_two_sentences_and_keeps_to_the_ceiling(tmp_path, shift):
    ways = {
        "buddy": single("buddy", influence_gini=shift, voice_parity_public=0.2),
        "payment": Way({"payment": 1.0}, spread=0.02),
    }
    told = told_of(tmp_path, ways)
    assert told[0].startswith(CEILING)
    for sentence in told:
        assert len(re.findall(r"[.!?](?:\s|$)", sentence)) == 1, sentence
        assert not re.search(r"\b(increases|improves|causes|proves|significant)\b", sentence)


@pytest.mark.parametrize(("extra", "says"), [(1.0, "for 1 more minute and"), (2.0, "for 2 more minutes and")])
def test_one_minute_is_told_in_the_singular(extra: float, says: str, tmp_path):
    _, second = told_of(tmp_path, {"buddy": single("buddy", influence_gini=-0.1, minutes=extra)})
    assert says in second


def test_arms_that_are_all_alike_have_a_precision(tmp_path):
    folder = plant(tmp_path, {"same": Way({"buddy": 1.0}, {}, spread=0.0)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = parts(Comparison(read_results(folder)))["methods"]
    assert "largest 0.0000" in told
    assert "squared standard error" not in told
