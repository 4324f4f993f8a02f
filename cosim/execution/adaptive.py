"""A study that finds its points on the way: each generation depends on what came out of those before.

The parts of all generations lie in one folder, numbered on. A generation is a function of the config, the
seed and the results so far; so a study that was stopped asks for the same generations again, finds their
parts, and goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cosim.execution.chunks import Chunk, cut
from cosim.execution.design import Design, Point, Value
from cosim.execution.run_tables import read_parquet
from cosim.execution.runner import Tally
from cosim.execution.study_folder import StudyFolder

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[int, str, Mapping[str, Value], Mapping[str, float]]
"""World, arm, changes and interventions of a point that is to be run."""


@dataclass
class Growth:
    """A study as far as it has grown.

    Attributes
    ----------
    design : Design
        All points so far; the first ones are the config's own.
    chunks : sequence of Chunk
        All chunks so far.
    runs_per_chunk : int
    folder : StudyFolder
    work : callable
        Runs some chunks of a design into the folder; what is there already is not run again.
    tally : Tally
        What has been done in this process.
    """

    design: Design
    chunks: Sequence[Chunk]
    runs_per_chunk: int
    folder: StudyFolder
    work: Callable[[Design, Sequence[Chunk]], Tally]
    tally: Tally = field(default_factory=Tally)

    def first(self) -> pd.DataFrame:
        """Run the config's own points; return their run table."""
        return self._run(self.chunks)

    def more(self, rows: Iterable[Row]) -> pd.DataFrame:
        """Run further points, numbered on; return their run table."""
        before = len(self.design.points)
        new = tuple(
            Point(number, world, arm, dict(changes), dict(doses))
            for number, (world, arm, changes, doses) in enumerate(rows, before)
        )
        self.design = replace(self.design, points=(*self.design.points, *new))
        chunks = [
            self._moved(chunk, before) for chunk in cut(len(new), self.design.replicates, self.runs_per_chunk)
        ]
        self.chunks = [*self.chunks, *chunks]
        return self._run(chunks)

    def _moved(self, chunk: Chunk, points: int) -> Chunk:
        runs = points * self.design.replicates
        return replace(
            chunk,
            number=chunk.number + len(self.chunks),
            first_point=chunk.first_point + points,
            stop_point=chunk.stop_point + points,
            first_run=chunk.first_run + runs,
            stop_run=chunk.stop_run + runs,
        )

    def _run(self, chunks: Sequence[Chunk]) -> pd.DataFrame:
        import pandas as pd

        self.tally = self.tally.plus(self.work(self.design, chunks))
        tables = [read_parquet(self.folder.part(chunk)).to_pandas() for chunk in chunks]
        together: pd.DataFrame = pd.concat(tables, ignore_index=True)
        return together
