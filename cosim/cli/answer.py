"""The answer of a comparison, in the few plain sentences that end a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from cosim.experiment.study import Study

_FIRST = ("influence_gini", "influence_parity_public")


def answer(study: Study, folder: Path) -> str:
    """Return what a comparison found for its first outcomes; empty for other kinds of study.

    A way of working that moves an outcome by construction is named as such and not counted as a finding.
    """
    from cosim.analysis.compare import CompareSettings, compare
    from cosim.experiment.study import read_runs

    if study.design.kind != "compare":
        return ""
    runs = read_runs(folder)
    runs = runs[~runs["arm"].isin(runs.loc[runs["error"].notna(), "arm"])]
    notes = study.design.notes
    against, top = str(notes["against"]), int(notes["top"])
    if against not in set(runs["arm"]) or runs["arm"].nunique() < 2:
        return ""
    better = {"influence_gini": "lower", "influence_parity_public": 1.0}
    settings = CompareSettings(better=better, top=top, luck="nested")  # type: ignore[arg-type]
    table = compare(runs, against, _FIRST, settings)
    return "\n".join(_sentences(table, outcome, study, top) for outcome in _FIRST)


def _sentences(table: pd.DataFrame, outcome: str, study: Study, top: int) -> str:
    rows = table[(table["outcome"] == outcome) & ~table["is_baseline"]].sort_values(
        ["top_share", "difference", "arm"],
        ascending=[False, outcome == "influence_gini", True],
        kind="stable",
    )
    built_in = _built_in(study, outcome)
    emergent = rows[~rows["arm"].isin(built_in)]
    wanted = "less unequal influence" if outcome == "influence_gini" else "public influence nearest to parity"
    worlds = int(rows["n_worlds"].iloc[0])
    told = f"{wanted.capitalize()} ({outcome}), in this model, under these assumptions, {worlds:,} worlds:"
    lines = [told]
    for note, some in (
        ("", emergent.head(3)),
        (" [built in by its rule]", rows[rows["arm"].isin(built_in)].head(1)),
    ):
        for row in some.itertuples():
            lines.append(
                f"  {row.arm}{note}: {row.difference:+.3f} "
                f"(95 % interval {row.low:+.3f} to {row.high:+.3f}), among the best {top} in {100 * float(row.top_share):.0f} % of worlds"  # type: ignore[arg-type]
            )
    return "\n".join(lines)


def _built_in(study: Study, outcome: str) -> list[str]:
    """Return the arms with an intervention that moves an outcome by construction."""
    from cosim.interventions import INTERVENTIONS

    return list(
        dict.fromkeys(
            point.arm
            for point in study.design.points
            if any(outcome in INTERVENTIONS[name].built_in for name in point.interventions)
        )
    )
