"""Best sets of interventions under budgets: all sets are tried where possible, else a search is made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.pareto import Objectives, costs_of, non_dominated
from cosim.analysis.resampling import check_seed, generator
from cosim.analysis.tables import listed
from cosim.errors import ConfigError, CosimError, nearest_name

Bundle = tuple[str, ...]
Evaluate = Callable[[list[Bundle]], pd.DataFrame]
"""Takes bundles; returns a table with ``bundle`` (labels, see :func:`label`) and the outcome columns."""

NOTHING = "nothing"
_STALE = 10


@dataclass(frozen=True)
@checked_fields
class BundleProblem:
    """What may be bundled, and what is wanted.

    Parameters
    ----------
    names : sequence of str
        Interventions that may be chosen.
    objectives : mapping of str to {"min", "max"}
        Outcome columns of the evaluation and which way they are good.
    costs : mapping of str to mapping of str to float
        What each intervention costs by itself (not below 0), e.g. ``{"buddy": {"minutes": 30, "money":
        200}}``; costs of a bundle add up. An intervention or a cost that is not mentioned is free.
    budgets : mapping of str to float
        Largest sum of each cost; a bundle beyond it is never evaluated.
    limits : mapping of str to float
        Largest allowed value of outcome columns, known only after evaluation (e.g. simulated minutes).
    conflicts : sequence of pairs of str
        Interventions that exclude each other.
    max_size : int, optional
        Largest number of interventions in a bundle.
    """

    names: Sequence[str]
    objectives: Objectives
    costs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    budgets: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    conflicts: Sequence[tuple[str, str]] = ()
    max_size: int | None = None

    def __post_init__(self) -> None:
        if not self.names or len(set(self.names)) < len(self.names):
            raise ConfigError(
                "interventions to bundle must be given, each once", key="names", value=list(self.names)
            )
        if (
            any(objective not in ("min", "max") for objective in self.objectives.values())
            or not self.objectives
        ):
            raise ConfigError(
                "each objective is 'min' or 'max', and there is at least one",
                key="objectives",
                value=dict(self.objectives),
            )
        mentioned = [*self.costs, *(name for pair in self.conflicts for name in pair)]
        for name in mentioned:
            if name not in self.names:
                raise ConfigError(
                    "unknown intervention", key="names", value=name, nearest=nearest_name(name, self.names)
                )
        known = list(dict.fromkeys(cost for costs in self.costs.values() for cost in costs))
        for budget in self.budgets:
            if budget not in known:
                raise ConfigError(
                    "no intervention has this cost",
                    key="budgets",
                    value=budget,
                    nearest=nearest_name(budget, known),
                )
        if any(not amount >= 0 for costs in self.costs.values() for amount in costs.values()):
            raise ConfigError("costs of interventions cannot be below 0", key="costs")

    def fits(self, bundle: Bundle) -> bool:
        """Whether a bundle keeps within size, budgets and conflicts."""
        if self.max_size is not None and len(bundle) > self.max_size:
            return False
        if any(first in bundle and second in bundle for first, second in self.conflicts):
            return False
        return all(self.cost(bundle, name) <= most + 1e-9 * abs(most) for name, most in self.budgets.items())

    def cost(self, bundle: Bundle, name: str) -> float:
        """Sum of one cost over a bundle."""
        return math.fsum(self.costs.get(member, {}).get(name, 0.0) for member in bundle)


@dataclass(frozen=True)
@checked_fields
class SearchSettings:
    """How bundles are searched.

    Parameters
    ----------
    exhaustive_up_to : int
        Evaluate every bundle when there are no more than this.
    evaluations : int
        Largest number of bundles that a search evaluates.
    population : int
        Bundles per generation.
    seed : int
        Seed of the search, at least 1.
    """

    exhaustive_up_to: int = 5000
    evaluations: int = 3000
    population: int = 100
    seed: int = 1

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if self.population < 4 or self.evaluations < self.population:
            raise ConfigError(
                "a search needs at least 4 bundles per generation and one generation",
                key="population",
                value=self.population,
                allowed=f"4 to {self.evaluations}",
            )


@dataclass(frozen=True)
class BundleResult:
    """Bundles that were evaluated.

    Attributes
    ----------
    table : DataFrame
        A row per evaluated bundle: ``bundle`` (label), ``members`` (tuple), ``size``, a column ``cost of
        ...`` per budget, all columns of the evaluation, ``within_limits`` and ``on_front`` (no bundle
        within limits is better).
    exhaustive : bool
        Whether every bundle that fits was evaluated; if not, better ones may exist.
    """

    table: pd.DataFrame
    exhaustive: bool

    def words(self) -> str:
        """Say in one sentence how the bundles were found."""
        n, best = len(self.table), int(self.table["on_front"].sum())
        if self.exhaustive:
            return f"All {n} bundles that fit the budgets were evaluated; {best} are beaten by no other."
        return (
            f"{n} bundles were evaluated in a search; {best} are beaten by none of these. Bundles that were "
            "not evaluated may be better."
        )


def label(bundle: Bundle) -> str:
    """Name of a bundle: its members joined by ``+``, or ``nothing``."""
    return "+".join(bundle) if bundle else NOTHING


def feasible_bundles(problem: BundleProblem) -> Iterator[Bundle]:
    """Yield every bundle that fits, the empty one first; members keep the order of `problem.names`."""

    def extend(bundle: Bundle, start: int) -> Iterator[Bundle]:
        yield bundle
        # Costs are never below 0 and conflicts never heal: what does not fit now fits with no further member.
        for k in range(start, len(problem.names)):
            larger = (*bundle, problem.names[k])
            if problem.fits(larger):
                yield from extend(larger, k + 1)

    yield from extend((), 0)


@checked
def best_bundles(
    problem: BundleProblem, evaluate: Evaluate, settings: SearchSettings | None = None
) -> BundleResult:
    """Find the bundles that no other bundle beats on all objectives.

    Parameters
    ----------
    problem : BundleProblem
        Interventions, objectives, budgets.
    evaluate : callable
        Evaluates a list of bundles; see :data:`Evaluate`.
    settings : SearchSettings, optional
        When to search instead of evaluating everything, and how long.

    Raises
    ------
    CosimError
        The search needs pymoo, which is not installed.
    ConfigError
        The evaluation lacks a bundle or a column, or has values that are not finite; the bundles are named.

    Notes
    -----
    The search is NSGA-III (Deb & Jain 2014, doi:10.1109/TEVC.2013.2281535; NSGA-II for one or two
    objectives) from pymoo. Everything ever evaluated is kept, and the front is that of all of it.
    """
    settings = settings or SearchSettings()
    everything: list[Bundle] = []
    for bundle in feasible_bundles(problem):
        everything.append(bundle)
        if len(everything) > settings.exhaustive_up_to:
            return BundleResult(_finish(problem, _search(problem, evaluate, settings)), exhaustive=False)
    return BundleResult(_finish(problem, _evaluated(problem, evaluate, everything)), exhaustive=True)


def _evaluated(problem: BundleProblem, evaluate: Evaluate, bundles: list[Bundle]) -> pd.DataFrame:
    """Evaluate bundles and join the answer by label; refuse an answer with gaps."""
    wanted = pd.DataFrame({"bundle": [label(bundle) for bundle in bundles], "members": bundles})
    answer = evaluate(bundles)
    needed = ["bundle", *dict.fromkeys([*problem.objectives, *problem.limits])]
    for column in needed:
        if column not in answer.columns:
            raise ConfigError(
                "the evaluation lacks a column",
                key="column",
                value=column,
                nearest=nearest_name(column, [str(name) for name in answer.columns]),
            )
    if answer["bundle"].duplicated().any():
        raise ConfigError(
            "the evaluation has a bundle more than once",
            key="bundle",
            value=str(answer.loc[answer["bundle"].duplicated(), "bundle"].iloc[0]),
        )
    joined = wanted.merge(answer, on="bundle", how="left", validate="one_to_one")
    bad = ~np.isfinite(joined[needed[1:]].to_numpy(dtype=np.float64)).all(axis=1)
    if bad.any():
        raise ConfigError(
            f"no finite outcomes for {listed(joined.loc[bad, 'bundle'].tolist(), 'bundle')}", key="bundle"
        )
    return joined


def _finish(problem: BundleProblem, table: pd.DataFrame) -> pd.DataFrame:
    extra: dict[str, Any] = {"size": table["members"].map(len)}
    for name in problem.budgets:
        extra[f"cost of {name}"] = [problem.cost(bundle, name) for bundle in table["members"]]
    within = np.ones(len(table), dtype=bool)
    for column, most in problem.limits.items():
        within &= table[column].to_numpy(dtype=np.float64) <= most
    front = np.zeros(len(table), dtype=bool)
    if within.any():
        front[within] = non_dominated(costs_of(table.loc[within], problem.objectives))
    return table.assign(**extra, within_limits=within, on_front=front)


def _search(problem: BundleProblem, evaluate: Evaluate, settings: SearchSettings) -> pd.DataFrame:
    """Evolve bundles; return all that were evaluated."""
    algorithm, adopt = _optimiser(problem, settings)
    names, seen = list(problem.names), pd.DataFrame()
    idle = 0
    while len(seen) < settings.evaluations and idle < _STALE:
        population = algorithm.ask()
        chosen = np.asarray(population.get("X"), dtype=bool)
        bundles = [tuple(name for name, is_in in zip(names, row, strict=True) if is_in) for row in chosen]
        known = set(seen["bundle"]) if len(seen) else set()
        fresh = [bundle for bundle in dict.fromkeys(bundles) if label(bundle) not in known]
        idle = 0 if fresh else idle + 1
        if fresh:
            room = settings.evaluations - len(seen)
            if len(fresh) > room:
                return pd.concat([seen, _evaluated(problem, evaluate, fresh[:room])], ignore_index=True)
            seen = pd.concat([seen, _evaluated(problem, evaluate, fresh)], ignore_index=True)
        rows = seen.set_index("bundle").loc[[label(bundle) for bundle in bundles]]
        excess = [rows[column].to_numpy(dtype=np.float64) - most for column, most in problem.limits.items()]
        adopt(population, costs_of(rows, problem.objectives), np.column_stack(excess) if excess else None)
    return seen


def _pymoo() -> dict[str, Any]:
    """Import the parts of pymoo that are used, or say how to do without."""
    names = (
        "algorithms.moo.nsga2",
        "algorithms.moo.nsga3",
        "core.problem",
        "core.repair",
        "core.evaluator",
        "problems.static",
        "operators.crossover.ux",
        "operators.mutation.bitflip",
        "operators.selection.tournament",
        "util.ref_dirs",
    )
    try:
        return {name: import_module(f"pymoo.{name}") for name in names}
    except ImportError as error:
        raise CosimError(
            "there are too many bundles to evaluate them all, and the search needs pymoo: "
            "pip install 'cosim-teams[search]', or lower the budgets or max_size, or raise exhaustive_up_to"
        ) from error


def _optimiser(problem: BundleProblem, settings: SearchSettings) -> tuple[Any, Callable[..., None]]:
    """Set up pymoo for choices that are repaired to fit; return it and a function that tells it outcomes."""
    core = _pymoo()
    rng = generator(settings.seed)

    class _Repair(core["core.repair"].Repair):  # type: ignore[misc]
        def _do(self, _problem: object, X: NDArray[Any], **_: object) -> NDArray[np.bool_]:
            return np.stack([_fitting(problem, np.asarray(row, dtype=bool), rng) for row in X])

    repair = _Repair()
    n_objectives, n_names = len(problem.objectives), len(problem.names)
    start = np.stack([_random_bundle(problem, rng) for _ in range(settings.population)])
    common = {
        "pop_size": settings.population,
        "sampling": start,
        "repair": repair,
        "crossover": core["operators.crossover.ux"].UniformCrossover(),
        "mutation": core["operators.mutation.bitflip"].BitflipMutation(prob_var=1.0 / n_names),
        # pymoo's own comparison of two bundles beyond the limits draws from a generator without a seed.
        "selection": core["operators.selection.tournament"].TournamentSelection(func_comp=_winners),
        "eliminate_duplicates": True,
    }
    if n_objectives <= 2:
        algorithm = core["algorithms.moo.nsga2"].NSGA2(**common)
    else:
        directions = core["util.ref_dirs"].get_reference_directions(
            "das-dennis", n_objectives, n_partitions=_partitions(n_objectives, settings.population)
        )
        algorithm = core["algorithms.moo.nsga3"].NSGA3(ref_dirs=directions, **common)
    space = core["core.problem"].Problem(
        n_var=n_names, n_obj=n_objectives, n_ieq_constr=len(problem.limits), xl=0, xu=1, vtype=bool
    )
    algorithm.setup(space, termination=("n_gen", 10**9), seed=settings.seed)

    def adopt(population: Any, costs: NDArray[np.float64], excess: NDArray[np.float64] | None) -> None:
        found = {"F": costs} if excess is None else {"F": costs, "G": excess}
        static = core["problems.static"].StaticProblem(space, **found)
        core["core.evaluator"].Evaluator().eval(static, population)
        algorithm.tell(infills=population)

    return algorithm, adopt


def _winners(
    population: Any, pairs: NDArray[np.int64], random_state: np.random.Generator, **_: object
) -> NDArray[np.int64]:
    """Return the winner of each pair: the one nearer to the limits, or either of two that are as near."""
    excess = np.asarray(population.get("CV"), dtype=np.float64).reshape(-1)
    first, second = pairs[:, 0], pairs[:, 1]
    heads = random_state.random(len(pairs)) < 0.5
    wins = (excess[first] < excess[second]) | ((excess[first] == excess[second]) & heads)
    return np.asarray(np.where(wins, first, second)[:, None], dtype=np.int64)


def _partitions(objectives: int, population: int) -> int:
    """Return the finest simplex grid that has no more directions than the population has members."""
    parts = 1
    while math.comb(parts + objectives, objectives - 1) <= population:
        parts += 1
    return parts


def _fitting(
    problem: BundleProblem, chosen: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Drop members at random until the bundle fits."""
    kept = chosen.copy()
    members = rng.permutation(np.flatnonzero(kept))
    for k in members:
        if problem.fits(tuple(name for name, is_in in zip(problem.names, kept, strict=True) if is_in)):
            break
        kept[k] = False
    return kept


def _random_bundle(problem: BundleProblem, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Choose a random number of interventions at random, as far as they fit."""
    n = len(problem.names)
    wanted = int(rng.integers(0, n + 1))
    chosen = np.zeros(n, dtype=bool)
    for k in rng.permutation(n)[:wanted]:
        chosen[k] = True
        if not problem.fits(tuple(name for name, is_in in zip(problem.names, chosen, strict=True) if is_in)):
            chosen[k] = False
    return chosen
