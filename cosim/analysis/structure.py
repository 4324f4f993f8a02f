"""Which findings survive a change of the model itself: signs and ranks of arm effects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.compare import CompareSettings, compare, top_credits
from cosim.analysis.intervals import paired_interval
from cosim.analysis.resampling import FloatArray
from cosim.analysis.tables import Cube, cube, known_name, need_columns
from cosim.errors import ConfigError

PLAIN = CompareSettings(costs=())
"""95 %, common random numbers, no costs."""


@checked
def effects_by_structure(
    runs: pd.DataFrame, baseline: str, outcome: str, reference: str, settings: CompareSettings = PLAIN
) -> pd.DataFrame:
    """Effects of each arm under each form of the model, and how they differ from the reference form.

    Parameters
    ----------
    runs : DataFrame
        Run table with a further column ``structure`` that names the form of the model (``reference``,
        ``no_status``, ``bounded_confidence``...); every arm in every world and replicate under every form.
    baseline : str
        Arm to compare with, under the same form.
    outcome : str
        Outcome column.
    reference : str
        The form that the others are alternatives to.
    settings : CompareSettings
        Level, replication and direction.

    Returns
    -------
    DataFrame
        The rows of :func:`cosim.analysis.compare.compare` (without costs) for each form, with
        ``structure``, and ``change``, ``change_low``, ``change_high``: effect minus effect under the
        reference form, paired by world and replicate.

    Raises
    ------
    ConfigError, UnusableRunsError
        A form, arm or column does not exist; runs failed, are missing or not finite.
    """
    need_columns(runs, ["structure"], "run")
    forms = runs.sort_values("point", kind="stable")["structure"].drop_duplicates().tolist()
    known_name(reference, forms, "structure")
    plain = replace(settings, costs=())
    home = cube(runs.loc[runs["structure"] == reference], outcome)
    tables = []
    for form in [reference, *(form for form in forms if form != reference)]:
        part = runs.loc[runs["structure"] == form]
        table = compare(part, baseline, [outcome], plain)
        here = cube(part, outcome, home.arms)
        if here.worlds != home.worlds or here.replicates != home.replicates:
            raise ConfigError(
                "this form has not the worlds and replicates of the reference form",
                key="structure",
                value=form,
            )
        changes = {arm: _change(here, home, arm, baseline, plain) for arm in home.arms}
        for column, k in (("change", 0), ("change_low", 1), ("change_high", 2)):
            table[column] = [changes[arm][k] for arm in table["arm"]]
        table.insert(0, "structure", form)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _change(
    here: Cube, home: Cube, arm: str, baseline: str, settings: CompareSettings
) -> tuple[float, float, float]:
    """Change of an arm's effect from the reference form to another, with its interval."""
    effect = here.arm(arm) - here.arm(baseline)
    interval = paired_interval(
        effect - (home.arm(arm) - home.arm(baseline)), settings.level, settings.replication
    )
    return interval.estimate, interval.low, interval.high


@checked
def survival(effects: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Say which effects keep their sign over all forms of the model.

    Parameters
    ----------
    effects : DataFrame
        Table of :func:`effects_by_structure`.
    reference : str
        The reference form.

    Returns
    -------
    DataFrame
        A row per arm (the baseline left out): ``arm``, ``outcome``, ``effect``, ``low``, ``high`` and
        ``sign`` under the reference form (``"lower"``, ``"higher"``, or ``"unclear"`` when the interval
        holds 0), ``n_forms``, ``same_sign_share`` (of the alternatives: estimate on the same side of 0),
        ``clear_share`` (whole interval on the same side), ``reversed_by`` (forms with a clear effect the
        other way), ``lost_in`` (forms with no clear effect), ``changed_by`` (forms whose change is clear)
        and ``verdict``: ``"survives all"``, ``"reversed"``, ``"weakens"`` or ``"unclear to begin with"``.
    """
    need_columns(
        effects,
        [
            "structure",
            "arm",
            "outcome",
            "difference",
            "low",
            "high",
            "is_baseline",
            "change_low",
            "change_high",
        ],
        "effect",
    )
    known_name(reference, effects["structure"].drop_duplicates().tolist(), "structure")
    rows = []
    for (outcome, arm), part in effects.loc[~effects["is_baseline"]].groupby(
        ["outcome", "arm"], sort=False, observed=True
    ):
        home = part.loc[part["structure"] == reference].iloc[0]
        others = part.loc[part["structure"] != reference]
        rows.append({"arm": arm, "outcome": outcome} | _survival_row(home, others))
    return pd.DataFrame(rows)


def _survival_row(home: pd.Series, others: pd.DataFrame) -> dict[str, object]:
    side = _side(home["low"], home["high"])
    sides = np.array(
        [_side(low, high) for low, high in zip(others["low"], others["high"], strict=True)], dtype=int
    )
    names = others["structure"].to_numpy()
    same = np.sign(others["difference"].to_numpy(dtype=np.float64)) == np.sign(home["difference"])
    changed = (others["change_low"] > 0) | (others["change_high"] < 0)
    against = sides == -side if side else np.zeros(len(sides), dtype=bool)
    if side == 0:
        verdict = "unclear to begin with"
    elif against.any():
        verdict = "reversed"
    else:
        verdict = "survives all" if (sides == side).all() else "weakens"
    return {
        "effect": float(home["difference"]),
        "low": float(home["low"]),
        "high": float(home["high"]),
        "sign": {-1: "lower", 0: "unclear", 1: "higher"}[side],
        "n_forms": len(others),
        "same_sign_share": float(same.mean()) if len(others) else math.nan,
        "clear_share": float((sides == side).mean()) if len(others) and side else math.nan,
        "reversed_by": ", ".join(names[against]),
        "lost_in": ", ".join(names[sides == 0]),
        "changed_by": ", ".join(names[changed.to_numpy()]),
        "verdict": verdict,
    }


def _side(low: float, high: float) -> int:
    """Side of 0 on which a whole interval lies; 0 when it holds 0 or does not exist."""
    return int(low > 0) - int(high < 0)


@checked
def rank_agreement(
    effects: pd.DataFrame, reference: str, better: Mapping[str, str], top: int = 3
) -> pd.DataFrame:
    """Say how far each form ranks the arms as the reference form does.

    Parameters
    ----------
    effects : DataFrame
        Table of :func:`effects_by_structure`.
    reference : str
        The reference form.
    better : mapping of str to {"lower", "higher"}
        Which way each outcome is good.
    top : int
        Size of the top group.

    Returns
    -------
    DataFrame
        A row per outcome and alternative form: ``structure``, ``outcome``, ``kendall_tau`` (-1..1, ties
        allowed; nan when a form does not tell arms apart), ``top_kept`` (share of the reference's top group
        that is in the top group here) and ``best`` (the arm with the best effect).
    """
    known_name(reference, effects["structure"].drop_duplicates().tolist(), "structure")
    rows = []
    for outcome, part in effects.loc[effects["outcome"].isin(list(better))].groupby(
        "outcome", sort=False, observed=True
    ):
        way = better[str(outcome)]
        if way not in ("lower", "higher"):
            raise ConfigError(
                "cannot tell which way this outcome is good",
                key=str(outcome),
                value=way,
                allowed="'lower' or 'higher'",
            )
        wide = part.pivot(index="arm", columns="structure", values="difference")
        forms = [form for form in part["structure"].drop_duplicates() if form != reference]
        credits = _credits(wide.to_numpy(dtype=np.float64), way, top)
        position = {form: k for k, form in enumerate(wide.columns)}
        for form in forms:
            home, here = credits[:, position[reference]], credits[:, position[form]]
            tau = stats.kendalltau(wide[reference], wide[form]).statistic
            ordered = wide[form].sort_values(ascending=way == "lower", kind="stable")
            rows.append(
                {
                    "structure": form,
                    "outcome": outcome,
                    "kendall_tau": float(tau),
                    "top_kept": float(np.minimum(home, here).sum() / home.sum()),
                    "best": str(ordered.index[0]),
                }
            )
    return pd.DataFrame(rows)


def _credits(values: FloatArray, way: str, top: int) -> FloatArray:
    return top_credits(values, "lower" if way == "lower" else "higher", top)
