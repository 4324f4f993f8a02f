"""A plan's study, run part by part in the worker, and what the page says of it.

It is the study that `cosim run` makes of the same config: the parts are its shards, and every number
comes from the findings of a comparison.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from cosim.analysis.dependence import Dependence, dependences
from cosim.analysis.tables import cube
from cosim.execution.chunks import Shard
from cosim.formatting.words import number, signed
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.compare.findings import COSTS, GINI, PARITY, Comparison
from cosim.studies.compare.wording import answer_of, words_of
from cosim.studies.config import check_config, config_from_text
from cosim.studies.factor_titles import factor_title
from cosim.studies.manner import Manner
from cosim.studies.results import read_results
from cosim.studies.study import Study, shards_in
from cosim.studies.team_model import team_model

RUNS_A_PART: Final = 400
"""Projects of a part: some tenths of a second, after which another tab has its turn."""
WORKERS: Final = 2
_LOOKED_AT: Final = 3
"""So many of the best placed ways of working are asked what their place depends on."""


@lru_cache(maxsize=4)
def study_of(text: str) -> Study:
    """Return a config's study, cut into small parts; the cut changes no number."""
    config = check_config(config_from_text(text, Path("plan.yaml")), team_model)
    output = config.settings.output.model_copy(update={"runs_per_chunk": RUNS_A_PART})
    config = replace(config, settings=config.settings.model_copy(update={"output": output}))
    return Study(Manner(workers=WORKERS).apply(config))


def slices(text: str) -> int:
    """Return in how many slices a config's study is worked on: a part for each worker at once."""
    return math.ceil(len(study_of(text).chunks) / WORKERS)


def run_part(text: str, folder: Path, part: int, of: int) -> None:
    """Run slice 1..`of` of a study into a folder of its own within `folder`."""
    study_of(text).run(folder, shard=Shard(part, of))


def conclude(text: str, folder: Path) -> dict[str, Any]:
    """Bring the parts together and return what the study found, as plain data."""
    study_of(text).merge(shards_in(folder), folder)
    return found_in(folder)


def found_in(folder: Path) -> dict[str, Any]:
    """Return what a finished study found.

    Returns
    -------
    dict
        ``answer``, ``protocol``, ``plain``: text. ``ranking``: a row per way of working, best first, with the
        paired difference of inequality of influence and its interval (Gini), how often it ranked above the
        baseline (0..1), the public's influence (1: an equal share), what it takes on top, and whether its
        effect is a finding. ``depends``: for the best placed, what their difference goes with.
    """
    comparison = Comparison(read_results(folder))
    field = comparison.field
    influence = comparison.influence
    assert field is not None, "the inequality of influence has a good direction"
    assert influence is not None, "the public has seats in every plan"
    text = words_of(comparison, sections=False)
    ranking = []
    for arm in comparison.ranked:
        costs = {cost: _plain(comparison.value(GINI, arm, f"{cost}_extra")) for cost in COSTS}
        ranking.append(
            {
                "name": arm,
                "title": comparison.arms[arm].title,
                "status": comparison.status(arm, GINI),
                **{one: _plain(comparison.value(GINI, arm, one)) for one in ("difference", "low", "high")},
                "above": field.contest(arm, comparison.baseline).above.estimate,
                "public": influence[arm].mean,
                **costs,
            }
        )
    return {
        "answer": list(answer_of(comparison, text)),
        "protocol": " ".join(text.parts["protocol"]),
        "plain": " ".join(text.parts["plain"]),
        "baseline": {
            "gini": comparison.value(GINI, comparison.baseline, "mean"),
            "public": influence[comparison.baseline].mean,
        },
        "currency": comparison.results.currency,
        "settings": comparison.results.worlds,
        "replicates": comparison.results.replicates,
        "projects": len(comparison.results.run_table),
        "ranking": ranking,
        "depends": _depends(comparison),
        "public_counts": comparison.status(comparison.ranked[0], PARITY) == EMERGENT,
    }


def _depends(comparison: Comparison) -> list[dict[str, Any]]:
    """Say of the best placed findings in which settings they help and in which they do not."""
    results = comparison.results
    leaders = [arm for arm in comparison.ranked if arm in comparison.candidates][:_LOOKED_AT]
    wanted = [comparison.baseline, *leaders]
    values = cube(results.outcome_runs([GINI]), GINI, wanted)
    rows = results.design.loc[results.design["arm"] == comparison.baseline].set_index("world")
    names = [name for name in results.sampled(comparison.baseline) if rows[name].dtype.kind in "fi"]
    settings = rows.loc[values.worlds, names]
    told = []
    for arm in leaders:
        difference = (values.arm(arm) - values.arm(comparison.baseline)).mean(axis=1)
        found = dependences(difference, settings, comparisons=len(leaders))
        told.append(
            {
                "name": arm,
                "title": comparison.arms[arm].title,
                "helps": float((difference < 0).mean()),
                "on": [_dependence_words(one) for one in found[:3]],
            }
        )
    return told


def _dependence_words(one: Dependence) -> str:
    title = factor_title(one.factor)
    split = number(one.split, 2)
    told = f"{title}: {signed(one.low)} on average up to {split}, {signed(one.high)} above it"
    return f"{told}, so that the answer turns" if one.turns else told


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
