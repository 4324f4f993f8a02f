"""The pilot study behind ``replicates: auto``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cosim.errors import ConfigError

if TYPE_CHECKING:
    from cosim.studies.study import Study


def replicates_by_pilot(
    study: Study, execute: Callable[[Study, Path], object], say: Callable[[str], object]
) -> int:
    """Run the pilot of a study in a temporary folder, and return how many replicates its precision needs.

    Parameters
    ----------
    study : Study
    execute : callable
        Runs a study into a folder.
    say : callable
        Is given a sentence about the pilot, and one about what it found.

    Raises
    ------
    ConfigError
        When the study compares no arms, so that there is no difference to be precise about.
    """
    from cosim.analysis.compare import CompareSettings, replicates_needed
    from cosim.studies.own_outcomes import completed
    from cosim.studies.study import read_runs

    precision = study.config.settings.precision
    pilot = study.pilot()
    against = str(pilot.design.notes.get("against", "baseline"))
    if against not in pilot.design.arms or len(pilot.design.arms) < 2:
        raise study.config.source.error(
            "`auto` needs arms to compare; give a number",
            "replicates",
            value="auto",
            allowed="a whole number",
        )
    say(f"pilot with {precision.pilot} replicates, to find how many are needed")
    with tempfile.TemporaryDirectory(prefix="cosim-pilot-") as place:
        execute(pilot, Path(place) / "pilot")
        runs = completed(read_runs(Path(place) / "pilot"), study.config.settings.own_outcomes)
    if runs["error"].notna().any():
        raise ConfigError(
            "runs of the pilot failed, so it says nothing; give a number", key="replicates", value="auto"
        )
    settings = CompareSettings(replication="nested")
    table = replicates_needed(runs, against, precision.outcome, precision.half_width, settings)
    out_of_reach = table["replicates_needed"].isna()
    most = precision.at_most if out_of_reach.any() else int(table["replicates_needed"].max())
    chosen = max(2, min(most, precision.at_most))
    reached = chosen >= most and not out_of_reach.any()
    told = f"{chosen} replicates: half-width {precision.half_width:g} of {precision.outcome}"
    if not reached:
        told += " is not reached for every arm with these worlds and `at_most`"
    say(told)
    return chosen
