"""Batches of projects on the compiled engine, on as many threads as wanted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from cosim.model.state import EVENTS_WANTED, Rows, State, new_state, with_tape
from cosim.model.turn_records import empty_log
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario.plan import Plan, Variation, unchanged

BATCH = 256
"""Projects that one compiled call runs at the most; results do not depend on it."""
_HELPERS = tuple(
    f"from cosim.engine.batch import fill_cache; fill_cache(backwards={backwards})"
    for backwards in (False, True)
)
_LINE = 64
"""Bytes of memory that processors hand to one another as a whole."""


def run_compiled(
    plan: Plan,
    replicates: range,
    seed: int,
    *,
    workers: int = 1,
    variation: Variation | None = None,
    people: bool = True,
) -> Rows:
    """Run a resolved plan on the compiled engine; a row per replicate.

    Parameters
    ----------
    variation : Variation, optional
        Initial preferences drawn again.
    people : bool
        Whether members' rows are wanted.
    """
    numbers = np.arange(replicates.start, replicates.stop, replicates.step, dtype=np.int64)
    rows = room_for(plan, len(numbers), people=people)
    change = variation or unchanged(plan)

    size = max(1, min(BATCH, -(-len(numbers) // workers)))

    def run(start: int) -> None:
        part = slice(start, start + size)
        own = Rows(rows.runs[part], rows.people[part], rows.choices[part], rows.parts[part], rows.log)
        run_batch_of(plan, change, seed, numbers[part], own)

    starts = range(0, len(numbers), size)
    if workers == 1 or len(starts) == 1:
        for start in starts:
            run(start)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, starts))
    return rows


def compiled_log(plan: Plan, replicate: int, seed: int) -> Any:
    """Return the turn log of one project from the compiled engine (`cosim.model.turn_records.TURN`)."""
    number = np.array([replicate], dtype=np.int64)
    room = 4096
    while True:
        rows = room_for(plan, 1, people=False, log=room)
        used = run_batch_of(plan, unchanged(plan), seed, number, rows)
        if used <= room:
            return rows.log[:used]
        room = used


def room_for(plan: Plan, count: int, *, people: bool, log: int = 0) -> Rows:
    """Return empty rows for `count` projects, and `log` contributions of the last of them."""
    members = (count if people else 0, len(plan.uid), len(PERSON_COLUMNS))
    return Rows(
        runs=np.zeros((count, len(OUTCOME_NAMES))),
        people=np.zeros(members),
        choices=np.zeros((count, len(plan.phases)), dtype=np.int64),
        parts=np.zeros((count if people else 0, len(plan.phases), len(plan.uid) + 1, 3)),
        log=empty_log(log),
    )


def state_for(plan: Plan) -> State:
    """Return a state with room for a project of this plan."""
    options = int(plan.phases["options"].max())
    sizes = (len(plan.uid), plan.base.shape[1], options, len(plan.constituency_uid))
    return _apart(new_state(*sizes, tape=_events_of(plan)))


def _events_of(plan: Plan) -> int:
    """Return how many events the longest phase may be expected to have; where it has more, room is made."""
    words = float(plan.words.mean())
    most = 0.0
    for phase in plan.phases:
        turns = 0.0
        for d in plan.meetings[int(phase["start"]) : int(phase["stop"])]:
            pace = words / d["speech_words_per_minute"] + d["speech_handover_seconds"] / 60.0
            turns += 1.25 * d["talk_minutes"] / pace + len(plan.uid)
        most = max(most, turns + 4.0 * float(phase["options"]))
    return int(min(most, 20_000.0)) + 64


def _apart(state: State) -> State:
    """Return the same state in memory of its own, from one border of a cache line to another.

    Small arrays come from a store that all threads share; two threads whose states lie side by side would
    wait for each other at every turn.
    """
    starts = np.cumsum([0] + [-(-part.nbytes // _LINE) * _LINE for part in state])
    room = np.zeros(starts[-1] + 2 * _LINE, dtype=np.uint8)
    border = -room.ctypes.data % _LINE
    parts = []
    for part, start in zip(state, starts, strict=False):
        own = np.ndarray(part.shape, part.dtype, buffer=room, offset=border + start)
        own[...] = part
        parts.append(own)
    return State(*parts)


def run_batch_of(plan: Plan, change: Variation, seed: int, numbers: Any, rows: Rows) -> int:
    """Run the projects of one batch; return the number of contributions of the last one."""
    return Bench(plan, change, rows).run(seed, numbers)


class Bench:
    """A plan laid out for the engine once, to be run as often as wanted.

    Parameters
    ----------
    plan : Plan
        Its arrays may be written to between runs, but not replaced.
    change : Variation
    rows : Rows
        Room for the results; each run writes over the last one's.

    Attributes
    ----------
    state : State
        As the last project left it.
    """

    def __init__(self, plan: Plan, change: Variation, rows: Rows) -> None:
        from cosim.engine.array_struct import Bundle
        from cosim.engine.project import ENGINE

        self.plan, self.change, self.rows, self.state = plan, change, rows, state_for(plan)
        if ENGINE.compiles:
            self._bundles = [Bundle(arrays) for arrays in (plan, self.state, change, rows)]
            self._run_batch = ENGINE.load(*_HELPERS)["run_batch"]

    def run(self, seed: int, numbers: Any) -> int:
        """Run the projects of these replicates; return the number of contributions of the last one."""
        logged = self._run(seed, numbers, self.rows)
        done = 0
        while logged < 0:  # a project's tape was too short: it is run again on a longer one
            done += -1 - logged
            self._lengthen_tape()
            runs, people, choices, parts, log = self.rows
            rest = Rows(runs[done:], people[done:], choices[done:], parts[done:], log)
            logged = self._run(seed, numbers[done:], rest)
        return logged

    def _run(self, seed: int, numbers: Any, rows: Rows) -> int:
        from cosim.engine.array_struct import Bundle
        from cosim.engine.project import ENGINE, run_batch

        if not ENGINE.compiles:  # NUMBA_DISABLE_JIT: the same code, read line by line by Python
            from cosim.model.model import readable

            own = rows._replace(log=rows.log.view(np.recarray))
            with np.errstate(over="ignore"):  # random_streams.philox wants its products wrapped
                return int(
                    run_batch(readable(self.plan), self.state, self.change, seed, numbers.tolist(), own)
                )
        plan, state, change, kept = self._bundles
        into = kept if rows is self.rows else Bundle(rows)
        return int(self._run_batch(plan, state, change, seed, numbers, into))

    def _lengthen_tape(self) -> None:
        from cosim.engine.array_struct import Bundle
        from cosim.engine.project import ENGINE

        events, rows = (int(wanted * 5 // 4) for wanted in self.state.tape_used[EVENTS_WANTED:])
        longer = with_tape(
            self.state, max(events, len(self.state.tape_events)), max(rows, len(self.state.tape_rows))
        )
        self.state = _apart(longer)
        if ENGINE.compiles:
            self._bundles[1] = Bundle(self.state)


def fill_cache(*, backwards: bool) -> None:
    """Compile the engine for another process (see `Engine.load`)."""
    from cosim.catalogue import load_scenario
    from cosim.engine.array_struct import Bundle
    from cosim.engine.project import ENGINE
    from cosim.scenario.plan import resolve

    plan, _ = resolve(load_scenario("research_team"))
    for arrays in (plan, state_for(plan), unchanged(plan), room_for(plan, 1, people=True)):
        Bundle(arrays)
    ENGINE.fill_cache(backwards=backwards)
