"""Scenario times replicates to tables, on either engine."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from cosim.catalogue import ScenarioLike, as_scenario
from cosim.config import arguments
from cosim.engine.batch import compiled_log, run_compiled
from cosim.errors import ConfigError
from cosim.model.turn_records import log_table
from cosim.outcomes import OUTCOME_NAMES, OUTCOMES, PERSON_COLUMNS
from cosim.scenario import Scenario
from cosim.scenario.plan import Member, Plan, resolve
from cosim.scenario.vocabulary import ROLES
from cosim.simulation.counterfactual import changed_decisions, of_members, of_roles
from cosim.simulation.tables import group_table, parts_table, people_table

if TYPE_CHECKING:
    import pandas as pd

    from cosim.model.agents import Facilitator, Participant
    from cosim.model.model import CoproductionModel
    from cosim.scenario.plan import Floats

__all__ = [
    "ENGINES",
    "NO_AGENTS",
    "Agents",
    "Engine",
    "Result",
    "compiled_log",
    "run_compiled",
    "simulate",
]

Engine = Literal["compiled", "reference"]
ENGINES: tuple[Engine, ...] = get_args(Engine)
_LOG = logging.getLogger("cosim")
_NUMBER, _COPIES = 8, 2
"""Bytes of a number, and how often the tables lie in memory: as arrays, and as what is returned."""


@dataclass(frozen=True)
class Agents:
    """Classes that a user wrote in the place of ours.

    Attributes
    ----------
    participants : mapping of role to class
        Subclasses of `cosim.model.agents.Participant` for some roles.
    facilitator : class or None
        A subclass of `cosim.model.agents.Facilitator`.

    Raises
    ------
    ConfigError
        For an unknown role, or a class that is not made from ours.
    """

    participants: Mapping[str, type[Participant]] = field(default_factory=dict)
    facilitator: type[Facilitator] | None = None

    def __post_init__(self) -> None:
        if self.facilitator is None and self.participants == {}:
            return  # Mesa, which `cosim.model.agents` needs, takes a while to load
        from cosim.model.agents import Facilitator, participant_classes

        participant_classes(self.participants)
        if self.facilitator is not None:
            arguments.subclass(self.facilitator, Facilitator, "facilitator")

    def sources(self) -> dict[str, str]:
        """Return name and hash of the source of every class, by role: what tells such a run from another."""
        from cosim.simulation.own_agents import FACILITATOR, source_hash

        kinds: dict[str, type[Any]] = dict(self.participants)
        if self.facilitator is not None:
            kinds[FACILITATOR] = self.facilitator
        return {seat: f"{kind.__qualname__}+{source_hash(kind)}" for seat, kind in kinds.items()}


NO_AGENTS = Agents()


@dataclass(frozen=True)
class Result:
    """What a simulation gives.

    Attributes
    ----------
    runs : pandas.DataFrame
        A row per replicate: ``replicate``, then one column per outcome (`cosim.outcomes.OUTCOMES`), and
        where asked for ``counterfactual_influence_ROLE`` for each role: the importance-weighted share of
        key decisions that change when the first views of the whole role are drawn again, 0..1.
    people : pandas.DataFrame
        A row per replicate and member: ``replicate``, ``person``, ``role``, ``group``, ``constituency``,
        then the columns of `cosim.outcomes.PERSON_COLUMNS`, and ``counterfactual_influence`` where asked for.
    log : pandas.DataFrame or None
        A row per contribution of the first replicate, where asked for.
    parts : pandas.DataFrame
        Who made up each decision, in parts of 100: a row per replicate, phase and member (and one for
        evidence from outside): ``replicate``, ``phase``, ``person``, ``role``, ``group``, then ``own``,
        ``carried``, ``argued`` and their sum, ``all``.
    provenance : dict
    labels : mapping of str to str
        What each group is called for people.
    """

    runs: pd.DataFrame
    people: pd.DataFrame
    log: pd.DataFrame | None
    parts: pd.DataFrame
    provenance: dict[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)

    def groups(self) -> pd.DataFrame:
        """Return a row per group of members: how much its members are heard and make up, beside equal shares.

        Returns
        -------
        pandas.DataFrame
            Indexed by group: ``label``, ``role``, ``members``, then ``voice`` (turns over an equal share of
            those present), ``uptake`` and ``influence`` (share of the team's over share of the seats; 1 is
            equal), each a mean over the replicates, with its Monte Carlo standard error (``voice_mcse`` ...).
        """
        return group_table(self.people, self.labels)

    def summary(self) -> pd.DataFrame:
        """Return a row per outcome: its mean over the replicates and how well that mean is known.

        Returns
        -------
        pandas.DataFrame
            Indexed by outcome: ``mean``, ``mcse`` (Monte Carlo standard error of the mean; missing with one
            replicate) and ``unit``.
        """
        import pandas as pd

        values = self.runs.drop(columns="replicate")
        units = {outcome.name: outcome.unit for outcome in OUTCOMES}
        mcse = values.std(ddof=1) / len(values) ** 0.5
        named = [units.get(str(name), "share") for name in values.columns]
        return pd.DataFrame({"mean": values.mean(), "mcse": mcse, "unit": named}).rename_axis("outcome")

    def _repr_html_(self) -> str:
        from html import escape

        told = f"{self.provenance['scenario']}, {len(self.runs):,} replicates, seed {self.provenance['seed']}"
        table: str = self.summary().to_html(float_format="{:.3f}".format, na_rep="")
        return f"<p>{escape(told)}</p>{table}"


def simulate(
    scenario: ScenarioLike,
    replicates: int | range = 100,
    seed: int = 1,
    *,
    engine: Engine = "compiled",
    workers: int = 1,
    counterfactual: bool = False,
    log: bool = False,
    agents: Agents = NO_AGENTS,
) -> Result:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : Scenario, str, Path or mapping
        A scenario, or what `cosim.load_scenario` takes: a name of the catalogue, a file, a mapping.
    replicates : int or range
        How many, or which, of 0..2^32-1; the same seed and replicate give the same random numbers in
        every scenario.
    seed : int
        0..2^63-1.
    engine : {"compiled", "reference"}
        The two give the same bits; the reference is the Mesa model.
    workers : int
        Threads (compiled) or processes (reference); results do not depend on it.
    counterfactual : bool
        Also measure the counterfactual influence of each member and of each role, at the cost of one
        further run for each of them.
    log : bool
        Also return the turn log of the first replicate.
    agents : Agents
        Other classes than those of `cosim.model.agents`; such a team runs on the reference engine.

    Returns
    -------
    Result

    Raises
    ------
    ConfigError
        For an argument that cannot be used (it is named, with what is allowed), for more replicates than
        the memory holds, and for counterfactual influence of overridden agents.

    Examples
    --------
    >>> import cosim
    >>> result = cosim.simulate("research_team", 20, seed=7)
    >>> len(result.runs), len(result.people)
    (20, 240)
    >>> bool(result.runs["influence_gini"].between(0, 1).all())
    True
    """
    arguments.flag(log, "log")
    raw = run_arrays(
        scenario,
        replicates,
        seed,
        engine=engine,
        workers=workers,
        counterfactual=counterfactual,
        agents=agents,
    )
    return raw.result(log=log)


@dataclass(frozen=True, eq=False)
class RunArrays:
    """A simulation before it is made into tables, for who needs no pandas (it takes long to load).

    Attributes
    ----------
    scenario : Scenario
    plan : Plan
    members : list of Member
    replicates : range
    seed : int
    engine : {"compiled", "reference"}
        The one that ran.
    agents : Agents
    runs : ndarray
        (replicates, outcomes), columns as in `cosim.outcomes.OUTCOMES`.
    people : ndarray
        (replicates, members, columns), columns as in `cosim.outcomes.PERSON_COLUMNS`.
    parts : ndarray
        (replicates, phases, members + 1, 3), shares.
    changed : ndarray or None
        (replicates, members + roles): counterfactual influence, where asked for.
    seconds : float
        What the runs took.
    """

    scenario: Scenario
    plan: Plan
    members: Sequence[Member]
    replicates: range
    seed: int
    engine: Engine
    agents: Agents
    runs: Floats
    people: Floats
    parts: Floats
    changed: Floats | None
    seconds: float

    # Any: replicates are whole numbers, outcomes are not.
    def columns(self) -> dict[str, Any]:
        """Return the run table by column: ``replicate``, the outcomes, and what was asked for besides."""
        wanted = self.replicates
        found: dict[str, Any] = {"replicate": np.arange(wanted.start, wanted.stop, wanted.step)}
        found |= {name: self.runs[:, place] for place, name in enumerate(OUTCOME_NAMES)}
        if self.changed is not None:
            of_role = self.changed[:, len(self.members) :]
            found |= {f"counterfactual_influence_{role}": of_role[:, at] for at, role in enumerate(ROLES)}
        return found

    def result(self, *, log: bool = False) -> Result:
        """Return the tables, with the turn log of the first replicate where asked for."""
        import pandas as pd

        scenario, wanted, members = self.scenario, self.replicates, self.members
        people = people_table(self.people, members, wanted)
        if self.changed is not None:
            people["counterfactual_influence"] = self.changed[:, : len(members)].ravel()
        first = (wanted[0], self.seed)
        own = {"agents": self.agents.sources()} if self.agents != NO_AGENTS else {}
        return Result(
            runs=pd.DataFrame(self.columns()),
            people=people,
            log=_first_log(scenario, self.plan, members, first, self.agents) if log else None,
            parts=parts_table(self.parts, members, list(scenario.phases), wanted),
            provenance={**_provenance(scenario, wanted, self.seed, self.engine, self.seconds), **own},
            labels={name: group.called(name) for name, group in scenario.team.items()},
        )


def run_arrays(
    scenario: ScenarioLike,
    replicates: int | range,
    seed: int,
    *,
    engine: Engine = "compiled",
    workers: int = 1,
    counterfactual: bool = False,
    agents: Agents = NO_AGENTS,
) -> RunArrays:
    """Run a scenario many times; arguments and errors are those of `simulate`."""
    scenario = as_scenario(scenario)
    wanted, seed = arguments.replicates(replicates), arguments.seed(seed)
    arguments.one_of(engine, ENGINES, "engine", "engine")
    workers = arguments.workers(workers)
    counterfactual = arguments.flag(counterfactual, "counterfactual")
    arguments.instance(agents, Agents, "agents", "a set of agents")
    if agents != NO_AGENTS:
        engine = _engine_for_agents(engine, counterfactual)
    plan, members = resolve(scenario)
    _check_memory(len(wanted), len(members))
    began = time.perf_counter()
    if engine == "compiled":
        _announce()
        rows = run_compiled(plan, wanted, seed, workers=workers)
        runs, people, chosen, parts = rows.runs, rows.people, rows.choices, rows.parts
    else:
        runs, people, parts = _run_reference(scenario, wanted, seed, workers, agents)
        chosen = None
    changed = None
    if counterfactual:
        redrawn = [*of_members(plan), *of_roles(plan)]
        changed = changed_decisions(plan, wanted, seed, redrawn, workers=workers, base=chosen)
    seconds = time.perf_counter() - began
    return RunArrays(
        scenario, plan, members, wanted, seed, engine, agents, runs, people, parts, changed, seconds
    )


def _announce() -> None:
    """Tell whoever waits that the engine is being compiled, if it is."""
    from cosim.engine.code_folder import is_temporary
    from cosim.engine.compilation import cache_folder
    from cosim.engine.project import ENGINE

    if not ENGINE.kept():
        folder = cache_folder()
        kept = folder is not None and not is_temporary(folder)
        where = f"kept in {folder}" if kept else "not kept: there is no cache folder that is ours alone"
        _LOG.warning("compiling the engine once, about half a minute; %s", where)


def _engine_for_agents(engine: Engine, counterfactual: bool) -> Engine:
    if counterfactual:
        raise ConfigError(
            "counterfactual influence is not available for overridden agents",
            key="counterfactual",
            value=True,
        )
    if engine == "compiled":
        _LOG.warning(
            "overridden agents are plain Python: this runs on the reference engine, about 1000 times slower"
        )
    return "reference"


def _model(scenario: Scenario, seed: int, replicate: int, agents: Agents) -> CoproductionModel:
    from cosim.model.agents import Facilitator
    from cosim.model.model import CoproductionModel

    return CoproductionModel(
        scenario,
        seed,
        replicate,
        participants=agents.participants,
        facilitator=agents.facilitator or Facilitator,
        collect=False,
    ).run_model()


def _first_log(
    scenario: Scenario, plan: Plan, members: Sequence[Member], first: tuple[int, int], agents: Agents
) -> pd.DataFrame:
    """Return the turn log of one (replicate, seed)."""
    replicate, seed = first
    if agents != NO_AGENTS:
        log: pd.DataFrame = _model(scenario, seed, replicate, agents).turn_log()
        return log
    return log_table(compiled_log(plan, replicate, seed), [member.name for member in members])


def _reference_run(task: tuple[Scenario, int, int, Agents]) -> tuple[list[float], Floats, Floats]:
    model = _model(*task)
    people = model.people()[list(PERSON_COLUMNS)].to_numpy()
    return list(model.outcomes().values()), people, model.parts()


def _run_reference(
    scenario: Scenario, replicates: range, seed: int, workers: int, agents: Agents
) -> tuple[Floats, Floats, Floats]:
    from concurrent.futures import ProcessPoolExecutor

    tasks = [(scenario, seed, replicate, agents) for replicate in replicates]
    if workers == 1:
        rows = [_reference_run(task) for task in tasks]
    else:
        with ProcessPoolExecutor(workers) as pool:
            rows = list(pool.map(_reference_run, tasks))
    runs, people, parts = (np.array(column) for column in zip(*rows, strict=True))
    return runs, people, parts


def _check_memory(replicates: int, members: int) -> None:
    """Refuse more replicates than the machine's memory can hold: their tables are kept as a whole."""
    row = _NUMBER * (len(OUTCOME_NAMES) + members * len(PERSON_COLUMNS))
    room = _memory() // (_COPIES * row)
    if replicates > room:
        raise ConfigError(
            f"this many replicates need {_COPIES * row * replicates / 1e9:,.0f} GB of memory",
            key="replicates",
            value=replicates,
            allowed=f"up to {room:,} on this machine; a study (`cosim run`) keeps its runs on the disk",
        )


def _memory() -> int:
    """Return the bytes of memory of this machine, or, where it does not say, what any table may take."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 2**36


def _provenance(
    scenario: Scenario, replicates: range, seed: int, engine: str, seconds: float
) -> dict[str, Any]:
    from importlib.metadata import version

    from cosim.version import __version__

    libraries = {name: version(name) for name in ("mesa", "numba", "numpy", "pandas")}
    return {
        "scenario": scenario.identity,
        "seed": seed,
        "replicates": [replicates.start, replicates.stop, replicates.step],
        "engine": engine,
        "seconds": seconds,
        "versions": {"cosim": __version__, **libraries},
    }
