"""Real views before and after, and real chats about a puzzle, through the same code as a team's own."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import delidata_members
from cosim.meeting_logs.views_file import view_table
from cosim.observation.being_right import voice_and_being_right
from cosim.observation.influence_model import InfluenceModel
from cosim.observation.movement import movement
from cosim.observation.view_blocks import blocks_of
from cosim.patterns import patterns
from cosim.patterns.bundled_surveys import survey_table
from experiments.real_views import DATA, DOCS, all_of_it, expert_blocks, forum, table_of


def test_the_docs_have_the_stored_numbers() -> None:
    table = table_of(pd.read_csv(DATA))
    assert table in DOCS.read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_stored_numbers_are_what_the_data_give() -> None:
    stored, found = pd.read_csv(DATA), all_of_it()
    assert stored[["data", "number", "groups"]].equals(found[["data", "number", "groups"]])
    for column in ("value", "low", "high"):
        assert found[column].to_numpy() == pytest.approx(stored[column].to_numpy(), abs=0.01, nan_ok=True)


ELSEWHERE = """
from cosim.observation.influence_model import InfluenceModel
from experiments.real_views import expert_blocks
found = InfluenceModel(expert_blocks()).fit(draws=400)
print(*found.interval(found.closed))
"""


def test_another_processor_draws_the_same() -> None:
    """The kernels of an older processor, where NumPy's linear algebra has a choice (OpenBLAS on x86)."""
    told = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        env={**os.environ, "OPENBLAS_CORETYPE": "Nehalem"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    here = InfluenceModel(expert_blocks()).fit(draws=400)
    assert [float(one) for one in told.split()] == pytest.approx(here.interval(here.closed), abs=1e-6)


def test_expert_panels_move_as_was_found_without_the_model() -> None:
    """Their means shift by .054 and others weigh .24 [.02, .46] (patterns M4, M5)."""
    blocks = expert_blocks()
    found = InfluenceModel(blocks).fit(draws=800)
    assert found.items == 75
    closed, low, high = found.interval(found.closed)
    assert 0.05 < low < closed < high < 0.46
    shift, low, high = found.interval(found.spreads[:, 2])
    assert low < 0.054 < high
    assert abs(shift - 0.054) < 0.02
    assert found.effective_size > 100


@pytest.mark.slow
def test_expert_panels_voice_brings_weight_within_what_was_found() -> None:
    """Pull per unit of relative talk: +.65, 95 % interval -.26 to 1.73 (pattern M10)."""
    found = InfluenceModel(expert_blocks(), voice=True).fit(draws=800)
    assert found.voice is not None
    middle, low, high = found.interval(found.voice)
    assert 0.0 < middle < 1.2
    assert low < 0.65 < high


@pytest.mark.parametrize("of", ["minipublics_statements", "minipublics_rankings"])
def test_citizens_forums_move_more_than_answering_again_would(of: str) -> None:
    names = sorted(survey_table(of)["group"].unique())[:2]
    for name in names:
        blocks = blocks_of(view_table(forum(name, of)))
        assert blocks.roles == ("citizen",) if of.endswith("rankings") else len(blocks.roles) == 1
        team = movement(blocks, 0.87, draws=60).team.set_index("statistic")
        assert team.loc["moved", "value"] > team.loc["moved", "again_high"]
        assert team.loc["same_order", "value"] < team.loc["same_order", "again_low"]
        found = InfluenceModel(blocks).fit(draws=400)
        assert found.weights.shape == (400, 1)
        assert found.interval(found.closed)[1] > 0.05


def test_in_delidata_being_right_counts_for_more_than_voice() -> None:
    """Published without clustering: voice .042 [.026, .058], being right more (pattern A8).

    The packaged table has how much of a first answer others hold at the end, not who came to it: sizes are of
    another scale, the order and the sign are the same.
    """
    found = voice_and_being_right(delidata_members(), draws=300).set_index("term")
    voice = found.loc["voice"]
    published = next(one for one in patterns()["A8"].targets if one.statistic == "adoption_by_voice")
    assert published.interval is not None
    assert voice["low"] > 0.0
    assert voice["low"] < published.interval[1]
    assert published.interval[0] < voice["high"]
    assert found.loc["score", "low"] > voice["high"]
    assert found["meetings"].iloc[0] > 200


def test_voice_and_being_right_are_found_where_they_are_planted() -> None:
    rng = np.random.default_rng(1)
    rows = []
    for meeting in range(150):
        words, solved = rng.integers(5, 100, 4).astype(float), rng.random(4) < 0.3
        score = np.where(solved, 1.0, rng.choice([0.25, 0.5, 0.75], 4))
        held = 0.3 + 0.05 * (words / words.mean() - 1.0) + 0.2 * solved + rng.normal(0.0, 0.1)
        rows.append(pd.DataFrame({"meeting": meeting, "words": words, "solved_initial": solved,
                                  "score_initial": score, "agree_initial_with_others_final":
                                  held + 0.02 * rng.standard_normal(4)}))  # fmt: skip
    table = pd.concat(rows)
    found = voice_and_being_right(table, draws=200).set_index("term")
    for term, want in (("voice", 0.05), ("solved", 0.2), ("score", 0.0)):
        assert found.loc[term, "low"] - 0.005 < want < found.loc[term, "high"] + 0.005
    with pytest.raises(ConfigError, match="too few groups"):
        voice_and_being_right(table[table["meeting"] < 5])
    with pytest.raises(ConfigError, match="lacks this column"):
        voice_and_being_right(table.drop(columns="words"))
