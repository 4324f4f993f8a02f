"""How a study is run, where whoever runs it says otherwise than its config."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cosim.execution.settings import Cluster
from cosim.studies.team_model import TeamModel

if TYPE_CHECKING:
    from cosim.simulation.simulation import Engine
    from cosim.studies.config import StudyConfig


@dataclass(frozen=True)
class Manner:
    """How a study is run; None leaves it to the config.

    Attributes
    ----------
    workers : int or None
    engine : {"compiled", "reference"} or None
    cluster : str or None
        ``local``, or the address of a Dask scheduler.
    """

    workers: int | None = None
    engine: Engine | None = None
    cluster: str | None = None

    def apply(self, config: StudyConfig) -> StudyConfig:
        """Return the config, to be run in this manner."""
        changes: dict[str, object] = {}
        if self.workers is not None:
            changes["workers"] = self.workers
        if self.engine is not None:
            changes["engine"] = self.engine
            if isinstance(config.subject, TeamModel):
                config = replace(config, subject=replace(config.subject, engine=self.engine))
        if self.cluster is not None:
            changes["cluster"] = _cluster(self.cluster, self.workers)
        return replace(config, settings=config.settings.model_copy(update=changes))


def _cluster(given: str, workers: int | None) -> Cluster:
    if given == "local":
        return Cluster(kind="local") if workers is None else Cluster(kind="local", workers=workers)
    from cosim.execution.dask_cluster import address

    return address(given)
