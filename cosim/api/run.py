"""Running a study, and opening the folder of one that has been run."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cosim.api.study import StudyResults
from cosim.config import arguments
from cosim.simulation.simulation import ENGINES, Engine

if TYPE_CHECKING:
    from cosim.studies.study import Study

PathLike = str | os.PathLike[str]


def run_study(
    config: PathLike | Mapping[str, Any],
    output: PathLike | None = None,
    *,
    quick: bool = False,
    resume: bool = False,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: bool = False,
) -> StudyResults:
    """Run a study, as `cosim run` does, and return its results.

    Parameters
    ----------
    config : str, Path or mapping
        A study config: its file, or the same content as a mapping.
    output : str or Path, optional
        The output folder; by default the config's, and ``results/NAME`` where that names none.
    quick : bool
        The small form of the study that the config gives under ``quick``.
    resume : bool
        Go on with what the folder already holds; a study that is finished is read as it is.
    workers : int, optional
        How many parts are worked on at once, 1..4096; by default the config's, or one per processor.
    engine : {"compiled", "reference"}, optional
        By default the config's; the two give the same results.
    progress : bool
        Show progress on the stream for errors.

    Returns
    -------
    StudyResults
        Tables, findings and figures. ``results.report()`` writes the page.

    Raises
    ------
    ConfigError
        When an argument or the config cannot be used, or the folder holds another study.
    CosimError
        When the study is interrupted or cannot be written; what is finished is safe.

    Examples
    --------
    >>> import cosim, tempfile
    >>> config = {
    ...     "study": "compare",
    ...     "scenario": "research_team",
    ...     "interventions": ["round_robin"],
    ...     "worlds": {"count": 2},
    ...     "replicates": 2,
    ... }
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     results = cosim.run_study(config, folder + "/rounds", workers=1)
    ...     sorted(set(results.runs["arm"])), len(results.runs), results.kind
    (['baseline', 'round_robin'], 8, 'compare')
    """
    quick, resume = arguments.flag(quick, "quick"), arguments.flag(resume, "resume")
    folder = None if output is None else arguments.path(output, "output", "the path of a folder")
    screen = sys.stderr if arguments.flag(progress, "progress") else None
    count = None if workers is None else arguments.workers(workers)
    if engine is not None:
        arguments.one_of(engine, ENGINES, "engine", "engine")
    study = _study(config, quick, count, engine)
    if folder is None:
        folder = study.config.folder
        folder = folder.with_name(f"{folder.name}-quick") if quick else folder
    settled = _settled(study, folder, screen)
    settled.run(folder, resume=resume, screen=screen, go_on="the same call and resume=True")
    return load_study(folder)


def load_study(folder: PathLike) -> StudyResults:
    """Open the output folder of a finished study.

    Parameters
    ----------
    folder : str or Path

    Returns
    -------
    StudyResults

    Raises
    ------
    ConfigError
        When there is no such folder, or it holds no finished study.

    Examples
    --------
    >>> import cosim, tempfile
    >>> config = {"study": "compare", "scenario": "research_team", "interventions": ["round_robin"]}
    >>> config["replicates"] = 2
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = cosim.run_study(config, folder + "/rounds", workers=1)
    ...     results = cosim.load_study(folder + "/rounds")
    ...     results.name, list(results.design["arm"])
    ('compare', ['baseline', 'round_robin'])
    """
    from cosim.studies.results import read_results

    return StudyResults(read_results(arguments.path(folder, "folder", "the path of a folder")))


def _study(config: object, quick: bool, workers: int | None, engine: Engine | None) -> Study:
    from cosim.studies.config import check_config, config_from_data, read_config
    from cosim.studies.manner import Manner
    from cosim.studies.study import Study
    from cosim.studies.team_model import team_model

    if isinstance(config, Mapping):
        source = config_from_data(config)
    elif isinstance(config, str | os.PathLike):
        source = read_config(arguments.path(config, "config", "the path of a study config"))
    else:
        told = "the path of a study config, or its content as a mapping"
        raise arguments.refused("not a study config", "config", config, told)
    if quick and "quick" not in source.data:
        raise source.error("this config has no quick form; it needs a block `quick`", "quick")
    return Study(Manner(workers, engine).apply(check_config(source, team_model, quick=quick)))


def _settled(study: Study, folder: Path, screen: TextIO | None) -> Study:
    """Return a study whose number of replicates is known: from its folder, or by a pilot."""
    from cosim.execution.study_folder import IDENTITY, Identity
    from cosim.studies.pilot import replicates_by_pilot

    if not study.undecided:
        return study
    if (folder / IDENTITY).exists():
        return study.with_replicates(Identity.read(folder).replicates)

    def execute(pilot: Study, place: Path) -> None:
        pilot.run(place, screen=screen, go_on="the same call")

    def say(sentence: str) -> None:
        if screen is not None:
            print(sentence, file=screen)

    return study.with_replicates(replicates_by_pilot(study, execute, say))
