"""Every superlative of a comparison's page is held against its tables, by numbers, on planted tables."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.reporting.blocks import Bullets, Page, Picture, Quote, Table
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.wording import answer_of, words_of
from cosim.studies.registry import page_for
from cosim.studies.results import read_results
from tests.studies.planted import Shape, Way, plant, single

SINGLES = (
    "buddy",
    "payment",
    "round_robin",
    "talking_tokens",
    "ground_rules",
    "secret_ballot",
    "lead_delegates",
)
BEST = re.compile(r"\b(most|best placed|closest|furthest)\b")
NAMED = re.compile(r"“([^”]+)”")
RULES = "by their rules, |by its rule, "
SIZED = re.compile(r"“([^”]+)” \(([+−]?[0-9.]+)\)")
POOL = re.compile(r"of them|not built in|can be classified|emerges|follow from a rule")


def ways(seed: int, spread: float) -> dict[str, Way]:
    """Ways of working whose true effects are drawn: any of them may be the best one."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in SINGLES:
        shift = {
            "influence_gini": float(rng.normal(-0.02, 0.05)),
            "influence_parity_public": float(rng.normal(0.05, 0.1)),
            "voice_parity_public": float(rng.normal(0.1, 0.2)),
            "minutes": float(rng.integers(-5, 90)),
            "money": float(rng.integers(0, 900)),
        }
        found[name] = Way({name: 1.0}, shift, spread=spread)
    gini = {"influence_gini": float(rng.normal(-0.02, 0.08))}
    found["hidden_and_written"] = Way({"buddy": 1.0, "secret_ballot": 1.0}, gini, spread=spread)
    found["longer"] = Way({}, {"influence_gini": float(rng.normal(-0.02, 0.08))}, {"phases.*.minutes": 99.0})
    return found


def sentences(page: Page) -> list[str]:
    """All that the page says in words, sentence by sentence; a table's or list's heading with it."""
    texts = list(page.answer)
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Bullets):
                texts += [f"{block.title}: {item}" if block.title else item for item in block.items]
            elif isinstance(block, Quote):
                texts.append(block.text)
            elif isinstance(block, Picture):
                texts += [block.caption, block.alt]
            elif isinstance(block, Table):
                texts.append(block.caption)
    return [part for text in texts for part in re.split(r"(?<=[.!?])\s+(?=[A-Z“])", text)]


@pytest.fixture(scope="module", params=[(0, 0.002), (1, 0.002), (2, 0.002), (3, 0.12), (4, 0.12), (5, 0.03)])
def planted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    seed, spread = request.param
    outcomes = ("influence_gini", "influence_parity_public", "voice_parity_public", "minutes", "money")
    folder = plant(
        tmp_path_factory.mktemp("planted"), ways(seed, spread), Shape(outcomes=outcomes, seed=seed + 1)
    )
    return Comparison(read_results(folder))


def whole_answer(comparison: Comparison) -> tuple[str, ...]:
    return answer_of(comparison, words_of(comparison))


def means(comparison: Comparison) -> pd.Series[float]:
    """Mean differences to the baseline, from the run table and nothing else, by title."""
    runs = comparison.results.runs
    found = runs.groupby("arm")["influence_gini"].mean()
    found = (found - found["baseline"]).drop("baseline")
    return found.rename({name: arm.title for name, arm in comparison.arms.items()})


def test_whoever_is_called_best_is_best_of_the_pool_that_the_sentence_names(planted: Comparison) -> None:
    table = means(planted)
    free = [
        planted.arms[name].title
        for name in planted.others
        if planted.status(name, "influence_gini") == EMERGENT
    ]
    assert 1 < len(free) < len(table)
    checked = 0
    for sentence in sentences(page_for("compare")(planted.results)):
        named = [title for title in NAMED.findall(sentence) if title in table.index]
        if not (BEST.search(sentence) and named):
            continue
        checked += 1
        pool = table[free] if POOL.search(sentence) else table
        first = min(named, key=lambda title: pool.get(title, np.inf))
        assert first == pool.idxmin(), sentence
    assert checked >= 2


def test_sizes_beside_names_are_those_of_the_table(planted: Comparison) -> None:
    table = means(planted)
    found = [
        pair
        for sentence in sentences(page_for("compare")(planted.results))
        for pair in SIZED.findall(sentence)
    ]
    for title, size in found:
        assert float(size.replace("−", "-")) == pytest.approx(table[title], abs=0.0006), title


def test_every_rule_that_does_more_than_the_leader_is_in_the_answer_or_the_list(planted: Comparison) -> None:
    page = page_for("compare")(planted.results)
    told = " ".join(sentences(page))
    clear = planted.clearly_built_in
    for name in clear:
        assert f"“{planted.arms[name].title}”" in told
    assert bool(re.search(RULES, " ".join(page.answer), re.I)) == bool(clear)
    assert (" by rule." in " ".join(words_of(planted).parts["plain"])) == bool(clear)
    standing = planted.standing
    assert standing is not None
    assert standing.leader is not None
    leader = means(planted)[planted.arms[standing.leader].title]
    more = sum(means(planted)[planted.arms[name].title] < leader for name in clear)
    said = re.search(r"; (?:(all)|(\d+) of them) by more than|; that is more than", " ".join(page.answer))
    count = 0 if said is None else len(clear) if said[1] or not said[2] else int(said[2])
    assert count == more


def test_nothing_is_called_best_of_a_pool_where_nobody_was_left_out(tmp_path: Path) -> None:
    found = {
        "buddy": single("buddy", influence_gini=-0.1),
        "payment": single("payment", influence_gini=-0.02),
    }
    comparison = Comparison(read_results(plant(tmp_path, found)))
    assert not POOL.search(" ".join(whole_answer(comparison)))
    assert len(whole_answer(comparison)) == 2


def test_what_is_not_classified_and_does_more_is_named(tmp_path: Path) -> None:
    found = {
        "longer": Way({}, {"influence_gini": -0.3}, {"phases.*.minutes": 200.0}),
        "buddy": single("buddy", influence_gini=-0.02),
        "payment": single("payment"),
    }
    told = whole_answer(Comparison(read_results(plant(tmp_path, found))))
    assert "whose effect can be classified" in told[0]
    assert "“Longer” (−0.300)" in told[-1]


@pytest.mark.parametrize(
    ("count", "top", "titles"),
    [(1, 0, ()), (2, 1, ("placed first",)), (3, 1, ("placed first",)), (4, 3, ("in the top 3",))],
)
def test_the_top_group_is_smaller_than_the_field(
    count: int, top: int, titles: tuple[str, ...], tmp_path: Path
) -> None:
    names = ("buddy", "payment", "round_robin", "talking_tokens")[:count]
    comparison = Comparison(read_results(plant(tmp_path, {name: single(name) for name in names})))
    assert comparison.top == top
    page = page_for("compare")(comparison.results)
    heads = [
        block.columns for section in page.sections for block in section.blocks if isinstance(block, Table)
    ]
    said = {head for columns in heads for head in columns if head.startswith(("in the top", "placed first"))}
    assert {head.split(",")[0] for head in said} == set(titles)
