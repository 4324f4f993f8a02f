"""Texts to paste: readable where they should be, and each number and superlative that of the tables."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from cosim.formatting.readability import grade
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.wording import words_of
from cosim.studies.limitations import limitations
from cosim.studies.report_texts import status_counts
from cosim.studies.results import read_results
from tests.studies.planted import SOME, Shape, Way, plant, single

OUTCOMES = (*SOME, "parts_public")
READING_AGE_12 = 7.0  # US school year of those who are 12
FOUND = {
    "best": {
        "buddy": single("buddy", influence_gini=-0.15, parts_public=9.0),
        "payment": single("payment", influence_gini=-0.02),
        "secret_ballot": single("secret_ballot", influence_gini=-0.3, parts_public=20.0),
    },
    "tie": {
        "buddy": single("buddy", influence_gini=-0.1, parts_public=4.0),
        "payment": single("payment", influence_gini=-0.1, parts_public=5.0),
        "round_robin": single("round_robin", influence_gini=0.1, voice_parity_public=0.4),
    },
    "none": {
        "buddy": Way({"buddy": 1.0}, {"influence_gini": 0.05}, spread=0.1),
        "round_robin": Way({"round_robin": 1.0}, {"influence_gini": 0.06}, spread=0.1),
    },
    "one": {"buddy": Way({"buddy": 1.0}, {"influence_gini": 0.05}, spread=0.1)},
}


def plain(comparison):
    return " ".join(words_of(comparison).parts["plain"])


def protocol(comparison):
    return " ".join(words_of(comparison).parts["protocol"])


@pytest.fixture(scope="module", params=list(FOUND))
def comparison(request, tmp_path_factory):
    shape = Shape(outcomes=OUTCOMES, seed=3)
    return Comparison(
        read_results(plant(tmp_path_factory.mktemp(request.param), FOUND[request.param], shape))
    )


def mean(comparison, arm):
    runs = comparison.results.runs
    return runs.loc[runs["arm"] == arm, "parts_public"].mean()


def test_the_plain_text_can_be_read_at_twelve(comparison):
    told = re.sub(r"“[^”]*”", "this way", plain(comparison))
    assert grade(told) <= READING_AGE_12
    longest = max(len(sentence.split()) for sentence in re.split(r"(?<=[.!?])\s", told))
    assert longest <= 26, told


def test_its_numbers_are_those_of_the_tables(comparison):
    told = plain(comparison)
    usual = re.search(r"as usual, about (\d+) of every 100 parts", told)
    assert float(usual[1]) == pytest.approx(mean(comparison, "baseline"), abs=0.51)
    assert "it would be 33." in told  # four of twelve
    for title, part in re.findall(r"With “([^”]+)”, the public's part was about (\d+) of 100", told):
        [arm] = [name for name, one in comparison.arms.items() if one.title == title]
        assert float(part) == pytest.approx(mean(comparison, arm), abs=0.51)
    for share in re.findall(r"in about (\d+) of every 100 of these worlds", told):
        above = comparison.above(comparison.standing.leader, "baseline").estimate
        assert float(share) == pytest.approx(100 * above, abs=0.51)


def test_its_superlatives_hold_in_the_table(comparison):
    told = plain(comparison)
    runs = comparison.results.runs.groupby("arm")["influence_gini"].mean()
    free = runs[list(comparison.candidates)]
    named = re.search(r"“([^”]+)” came closest", told) or re.search(r"best placed of them is “([^”]+)”", told)
    if named:
        assert comparison.arms[str(free.idxmin())].title == named[1]
        assert runs[free.idxmin()] < runs["baseline"]
        others = [arm for arm in comparison.others if arm not in free and runs[arm] < free.min()]
        assert ("of those that do not simply follow from a rule" in told) == bool(others)
    else:
        assert re.search("[Nn]o way|did not clearly", told)
        assert comparison.standing.finding not in ("best", "tie", "coin")


def test_no_text_stumbles(comparison):
    results = comparison.results
    for told in (protocol(comparison), plain(comparison), limitations(results)):
        assert "study study" not in told
        assert told.count("9.9.9") <= 1
        assert not re.search(r"\([^()]*\([^()]*\)", told), "brackets in brackets"
        assert "  " not in told
        assert not re.search(r"\b(\w+) \1\b", told), "a word twice"
        assert ".." not in told
        assert told.endswith(".")
        assert not re.search(r"\b(nan|None|inf)\b", told)


def test_counts_of_parameters_are_those_of_the_records(comparison):
    counts = status_counts()
    told = limitations(comparison.results)
    assert f"{counts['assumption']} of its {sum(counts.values())} parameters" in told
    assert f"{counts['empirical']} were estimated" in told


def test_of_a_mix_of_teams_it_tells_sizes_and_the_mean_share(tmp_path):
    ways = {"buddy": single("buddy", influence_gini=-0.1, parts_public=4.0)}
    folder = plant(tmp_path, ways, Shape(worlds=8, outcomes=OUTCOMES))
    design = pd.read_parquet(folder / "design.parquet")
    share = np.where(design["world"] % 2 == 0, 0.2, 0.4)
    design.assign(team_size=4 + design["world"], team_public_share=share).to_parquet(
        folder / "design.parquet"
    )
    told = plain(Comparison(read_results(folder)))
    assert "4 to 11 people" in told
    assert "About 30 of every 100 people" in told
    assert "it would be 30." in told


def test_without_the_public_or_its_parts_nothing_is_said_of_them(tmp_path):
    ways = {"buddy": single("buddy", influence_gini=-0.1)}
    told = plain(Comparison(read_results(plant(tmp_path, ways, Shape(worlds=4)))))
    assert "of every 100 parts" not in told
    assert "the public's part" not in told
