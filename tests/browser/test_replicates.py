"""Many projects for many tabs: numbers as in one go, and nobody waits for somebody else's giant team."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from cosim.browser import replicates as module
from cosim.browser.queue import FullError, Turns
from cosim.browser.replicates import BUDGET, FEWEST, SLICE, Engine, Progress
from cosim.browser.setup import Setup, Way
from cosim.browser.worker import answer
from cosim.errors import CosimError
from tests.browser.conftest import PATIENCE

SETUP = Setup("research_team", 3, Way(), Way({"round_robin": 1.0}))


class Pretended(Engine):
    """An engine whose projects take a time of their own, on a clock of its own."""

    def __init__(self, seconds: dict[int, float]) -> None:
        super().__init__()
        self.seconds = seconds
        self.asked: list[tuple[int, int]] = []

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        seed, count = request["seed"], request["replicates"]
        self.asked.append((seed, count))
        time.sleep(0.001)
        numbers = list(range(request["first"], request["first"] + count))
        return {
            "runs": {"influence_gini": [float(number) for number in numbers]},
            "most_influence_role": ["researcher"] * count,
            "seconds": self.seconds[seed] * count,
        }


def test_slices_give_the_numbers_of_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the slices are: each replicate has luck of its own."""
    engine = Engine()
    monkeypatch.setattr(engine, "_ask", lambda request: {**answer(request), "seconds": 0.1})
    found = engine.run(SETUP, 11)
    assert found is not None
    for team in "AB":
        whole = answer({"scenario": SETUP.team(team).to_dict(), "seed": 3, "first": 0, "replicates": 11})
        assert found.runs[team] == whole["runs"]
        assert found.leaders[team] == whole["most_influence_role"]
    assert found.count == 11


def test_a_usual_team_is_run_in_few_slices() -> None:
    engine = Pretended({3: 0.0007})
    told: list[Progress] = []
    found = engine.run(SETUP, 200, tell=told.append)
    assert found is not None
    assert found.runs["A"]["influence_gini"] == [float(number) for number in range(200)]
    assert len(engine.asked) <= 8
    assert told[-1] == Progress(200, 200, 1)


def test_a_giant_team_is_cut_short_and_says_how_many_it_ran() -> None:
    engine = Pretended({3: 1.5})
    found = engine.run(SETUP, 200)
    assert found is not None
    assert FEWEST <= found.count < 200
    assert max(count for _, count in engine.asked) * 1.5 <= max(SLICE, 1.5)
    assert sum(count for _, count in engine.asked) * 1.5 <= BUDGET + 2 * 1.5
    slow = Pretended({3: 100.0}).run(SETUP, 200)
    assert slow is not None
    assert slow.count == FEWEST


def test_a_giant_team_does_not_block_a_usual_one() -> None:
    """The work of the usual team is done after a handful of slices of the giant one's."""
    engine = Pretended({1: 1.5, 2: 0.0007})
    started = threading.Event()
    giant = threading.Thread(
        target=lambda: engine.run(Setup("research_team", 1), 200, tab="giant", tell=lambda _: started.set())
    )
    giant.start()
    assert started.wait(PATIENCE)
    before = len(engine.asked)
    found = engine.run(Setup("research_team", 2), 200, tab="usual")
    assert found is not None
    after = engine.asked[before:]
    assert sum(count for seed, count in after if seed == 1) <= 8
    assert giant.is_alive()
    giant.join(PATIENCE)


def test_tabs_take_turns_one_after_the_other() -> None:
    turns = Turns()
    order: list[str] = []
    tabs = ["a", "b", "c"]
    entered = threading.Barrier(len(tabs))

    def work(tab: str) -> None:
        turns.enter(tab)
        entered.wait(PATIENCE)
        for _ in range(10):
            turns.slice(tab, lambda: (order.append(tab), time.sleep(0.002)))
        turns.leave(tab)

    threads = [threading.Thread(target=work, args=(tab,)) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert sorted(order) == sorted(tabs * 10)
    for place in range(3, 24):  # at no moment is one tab more than two slices ahead
        counts = [order[:place].count(tab) for tab in tabs]
        assert max(counts) - min(counts) <= 2
    assert turns.others == 0


def test_a_tab_asks_once_at_a_time_and_a_full_queue_says_so() -> None:
    turns = Turns(longest=2)
    turns.enter("a")
    with pytest.raises(FullError):
        turns.enter("a")
    turns.enter("b")
    with pytest.raises(FullError, match="2 others"):
        turns.enter("c")
    turns.leave("a")
    turns.enter("c")


def test_a_failure_frees_the_engine_for_others() -> None:
    engine = Pretended({3: 0.001})
    with pytest.raises(KeyError):
        engine.run(Setup("research_team", 99), 5, tab="a")
    assert engine.run(SETUP, 5, tab="a") is not None


def test_a_tab_that_was_closed_costs_nothing_more() -> None:
    engine = Pretended({3: 1.0})
    assert engine.run(SETUP, 200, tab="a", wanted=lambda: len(engine.asked) < 4) is None
    assert len(engine.asked) == 4
    assert engine.turns.others == 0


def test_a_worker_that_ends_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    with pytest.raises(CosimError, match="try again"):
        Engine().run(SETUP, 5)


@pytest.mark.parametrize("fails", [False, True])
def test_the_worker_gets_ready_once_ahead_and_leaves_the_queue(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    engine = Engine()
    asked: list[dict[str, Any]] = []

    def ask(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        if fails:
            raise CosimError("it has ended")
        return {}

    monkeypatch.setattr(engine, "_ask", ask)
    before = set(threading.enumerate())
    for _ in range(5):
        engine.prepare()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENCE)
    assert asked == [{"prepare": True}]
    assert engine.turns.others == 0


def test_what_gets_ready_runs_nothing_that_is_seen() -> None:
    assert answer({"prepare": True}) == {}
