"""Simulated projects one at a time, with their turn logs and what their members think before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.engine.batch import Bench, room_for
from cosim.errors import ConfigError, nearest_name
from cosim.mechanisms.facilitation import INVITED, QUEUED, WRITTEN
from cosim.meeting_logs.turn_log import TurnLog, turn_log
from cosim.model.state import State
from cosim.scenario import Scenario
from cosim.scenario.plan import MEETING, Member, Plan, resolve, unchanged, words_table
from cosim.scenario.vocabulary import PHASES

FACILITATOR: Final = "facilitator"
"""Name of whoever chairs in a simulated log; no member may be called so there."""

CHAIR: Final = "Chair"
"""Their role in a simulated log."""

_ROOM: Final = 4096
_SESSIONS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Project:
    """One simulated project.

    Attributes
    ----------
    replicate : int
    turns : int
        Its contributions, and a chair's turns.
    log : array of `cosim.model.turn_records.TURN`
        These, as far as there was room.
    state : State
        As the project left it: `views_before` and `belief` of the last phase, `merit`, `talkative`, ...
    choices : (P,) array of int
        Options chosen, by phase.

    All arrays are used again for the next project: copy what is to be kept.
    """

    replicate: int
    turns: int
    log: Any
    state: State
    choices: Any

    @property
    def contributions(self) -> Any:
        """What members said and wrote, as far as there was room: the log without a chair's turns."""
        return self.log[self.log["speaker"] >= 0]

    @property
    def spoken(self) -> Any:
        """What members said."""
        return self.contributions[self.contributions["mode"] != WRITTEN]


def projects(plan: Plan, replicates: Iterable[int], seed: int, room: int | None = None) -> Iterator[Project]:
    """Run projects on the compiled engine, one after another.

    Parameters
    ----------
    plan : Plan
    replicates : iterable of int
    seed : int
    room : int, optional
        Contributions that are kept of each project; by default all of them.
    """
    bench = bench_for(plan, room or _ROOM)
    for replicate in replicates:
        one = run_on(bench, replicate, seed)
        if room is None and one.turns > len(bench.rows.log):
            bench = bench_for(plan, 2 * one.turns)
            one = run_on(bench, replicate, seed)
        yield one


def bench_for(plan: Plan, room: int) -> Bench:
    """Return a plan laid out for one project at a time, with room for so many contributions."""
    return Bench(plan, unchanged(plan), room_for(plan, 1, people=False, log=room))


def run_on(bench: Bench, replicate: int, seed: int) -> Project:
    """Run one project."""
    used = bench.run(seed, np.array([replicate], dtype=np.int64))
    log = bench.rows.log[: min(used, len(bench.rows.log))]
    return Project(replicate, used, log, bench.state, bench.rows.choices[0])


def patched(plan: Plan, changes: Mapping[str, float]) -> Plan:
    """Return a plan with other parameters in all its meetings, as if the scenario had had them.

    The same as resolving the changed scenario again, and a hundred times faster; for plans without
    interventions.

    Parameters
    ----------
    plan : Plan
    changes : mapping of dotted key to number
        Parameters of the scenario's sections, such as ``floor.returning``.

    Raises
    ------
    ConfigError
        When a key is no number that holds in a meeting.
    """
    meetings, phases = plan.meetings.copy(), plan.phases
    names = MEETING.names or ()
    for key, value in changes.items():
        if key.startswith("phases."):
            phases = _with_demonstrability(phases, key, value)
            continue
        field = key.replace(".", "_")
        if field not in names or "." not in key:
            known = [name.replace("_", ".", 1) for name in names]
            raise ConfigError(
                "is no parameter of a meeting", key=key, value=value, nearest=nearest_name(key, known)
            )
        meetings[field] = value
    first = meetings[0]
    words = plan.words
    if "uptake.voices" in changes:
        phases = _with_voices(plan._replace(phases=phases), float(changes["uptake.voices"]))
    if any(key.startswith("speech.words_log") for key in changes):
        words = words_table(float(first["speech_words_log_mean"]), float(first["speech_words_log_sd"]))
    return plan._replace(meetings=meetings, phases=phases, words=words)


def _with_demonstrability(phases: Any, key: str, value: float) -> Any:
    """Return phases' rows with another demonstrability, the one number of a phase that is probed."""
    parts = key.split(".")
    if len(parts) != 3 or parts[1] not in ("*", *PHASES) or parts[2] != "demonstrability":
        allowed = "phases.NAME.demonstrability, or a parameter that holds in a meeting"
        raise ConfigError("cannot be changed in a plan", key=key, value=value, allowed=allowed)
    changed = phases.copy()
    meant = np.array([parts[1] in ("*", PHASES[code]) for code in phases["code"]])
    changed["demonstrability"] = np.where(meant, value, phases["demonstrability"])
    return changed


def _with_voices(plan: Plan, voices: float) -> Any:
    """Return a plan's phases with another weight of others' voices where one answer must come out."""
    phases = plan.phases.copy()
    before = float(plan.meetings[0]["uptake_voices"])
    if before == 1.0 and voices != 1.0:
        told = "cannot be told from the weight that other tasks have"
        raise ConfigError(told, key="uptake.voices", value=before)
    phases["voices"] = np.where(phases["voices"] == before, voices, phases["voices"])
    return phases


def whole_words(words: Any) -> Any:
    """Return simulated lengths as counts: to the nearest whole word, at least one."""
    return np.maximum(np.rint(words), 1.0)


def simulated_log(
    scenario: Scenario,
    replicates: Iterable[int] = range(100),
    seed: int = 1,
    *,
    labels: Mapping[str, str] | None = None,
    facilitator: bool = False,
) -> TurnLog:
    """Simulate a team and return its meetings as a turn log, like that of real ones.

    Parameters
    ----------
    scenario : Scenario
    replicates : iterable of int
    seed : int
    labels : mapping of group to str, optional
        What members of a group are called in the column role; by default the model's role.
    facilitator : bool
        Whether a chair's turns are told too. Where nobody chairs, every invited or queued turn costs the
        meeting the facilitator's `handling_seconds`. They are made a turn of the facilitator before it, with
        the words that the meeting's pace allows.

    Returns
    -------
    TurnLog
        Spoken turns only. A meeting is called ``7b``: replicate 7, its second meeting.

    Raises
    ------
    ConfigError
        When nobody speaks, a label is of a group that the team lacks, or a project has more than 26
        meetings.
    """
    plan, members = resolve(scenario)
    labels = dict(labels or {})
    for group in labels:
        if group not in scenario.team:
            near = nearest_name(group, scenario.team)
            raise ConfigError("the team has no such group", key=f"labels.{group}", nearest=near)
    if len(plan.meetings) > len(_SESSIONS):
        raise ConfigError("too many meetings to name", value=len(plan.meetings), allowed="at most 26")
    parts = [_spoken(plan, members, labels, one, facilitator) for one in projects(plan, replicates, seed)]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if table.empty:
        raise ConfigError("nobody speaks in the simulated meetings")
    return turn_log(table, f"simulated {scenario.name}")


def _spoken(
    plan: Plan, members: tuple[Member, ...], labels: Mapping[str, str], one: Project, facilitator: bool
) -> pd.DataFrame:
    log = one.log[one.log["mode"] != WRITTEN] if facilitator else one.spoken
    # The chair's place, -1, is the last.
    names = np.array([*(member.name for member in members), FACILITATOR], dtype=object)
    roles = np.array([*(labels.get(member.group, member.role) for member in members), CHAIR], dtype=object)
    table = pd.DataFrame(
        {
            "meeting": [f"{one.replicate}{_SESSIONS[m]}" for m in log["meeting"]],
            "speaker": names[log["speaker"]],
            "role": roles[log["speaker"]],
            "words": whole_words(log["words"]),
        }
    )
    unsaid = plan.meetings["facilitation_chairing"][log["meeting"]] == 0.0
    steered = unsaid & ((log["mode"] == INVITED) | (log["mode"] == QUEUED))
    if not facilitator or not steered.any():
        return table
    rows = plan.meetings[log["meeting"][steered]]
    words = rows["facilitation_handling_seconds"] / 60.0 * rows["speech_words_per_minute"]
    own = table[steered].assign(speaker=FACILITATOR, role=CHAIR, words=whole_words(words))
    own.index = own.index - 0.5
    both: pd.DataFrame = pd.concat([table, own]).sort_index(kind="stable").reset_index(drop=True)
    return both
