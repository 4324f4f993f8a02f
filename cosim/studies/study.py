"""A study from its config to its tables, run in any way; what the command line and scripts call."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from cosim.config.yaml_text import yaml_text
from cosim.errors import ConfigError
from cosim.execution.adaptive import Growth
from cosim.execution.atomic_files import StoreError, write_text
from cosim.execution.chunks import RUNS_PER_CHUNK, Chunk, Shard, cut
from cosim.execution.design import Design
from cosim.execution.executors import Workers, WorkersContext, local
from cosim.execution.manifest import CONFIG, PROVENANCE
from cosim.execution.manifest import FILE as MANIFEST
from cosim.execution.progress import Progress
from cosim.execution.provenance import (
    LOST,
    code_fingerprint,
    keep_provenance,
    provenance,
    read_provenance,
    write_provenance,
)
from cosim.execution.runner import Listen, Tally, run_chunks
from cosim.execution.settings import REPORT_KEYS
from cosim.execution.study_folder import DESIGN, IDENTITY, LOG, RUNS, Identity, StudyFolder
from cosim.scenario import Scenario
from cosim.studies.columns import Dictionary, write_columns
from cosim.studies.config import StudyConfig
from cosim.studies.own_outcomes import at_hand, completed
from cosim.studies.shards import merge
from cosim.studies.so_far import so_far
from cosim.studies.so_far_page import SoFarPage, remove_page

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class Study:
    """A checked config, ready to be run.

    Attributes
    ----------
    config : StudyConfig
    replicates : int or None
        Instead of the config's, once ``replicates: auto`` is settled.
    """

    config: StudyConfig
    replicates: int | None = None

    @cached_property
    def design(self) -> Design:
        """The design."""
        return self.config.design(self.replicates)

    @cached_property
    def config_text(self) -> str:
        """The resolved config, as it is written beside the tables."""
        return config_text(self.config.resolved(self.replicates))

    @cached_property
    def runs_per_chunk(self) -> int:
        """How many runs make a part."""
        settings = self.config.settings
        return settings.output.runs_per_chunk or RUNS_PER_CHUNK[settings.engine]

    @cached_property
    def chunks(self) -> Sequence[Chunk]:
        """All chunks of the study."""
        return cut(len(self.design.points), self.design.replicates, self.runs_per_chunk)

    @property
    def undecided(self) -> bool:
        """Whether the number of replicates is still to be found by a pilot."""
        return self.replicates is None and self.config.settings.replicates == "auto"

    @property
    def grows(self) -> bool:
        """Whether the study finds its points on the way, one generation after the other."""
        return self.config.kind.grow is not None and bool(self.design.notes.get("search"))

    @property
    def most_points(self) -> int:
        """How many design points there are, or, where a search finds them, at most can be."""
        if not self.grows:
            return len(self.design.points)
        notes = self.design.notes
        more = notes["further"] if "further" in notes else int(notes["evaluations"]) * self.design.worlds
        return len(self.design.points) + int(more)

    @cached_property
    def dictionary(self) -> Dictionary:
        """What the columns of its tables mean."""
        return Dictionary.of(self.scenario)

    @property
    def scenario(self) -> Scenario | None:
        """The team that is studied; None for another subject (a test function, say)."""
        found = getattr(self.config.subject, "scenario", None)
        return found if isinstance(found, Scenario) else None

    def at_hand(self) -> AbstractContextManager[None]:
        """Know for a while the ways of working and outcomes that the study defines itself."""
        ways = self.scenario.ways if self.scenario is not None else {}
        return at_hand(ways, self.config.settings.own_outcomes)

    def pilot(self) -> Study:
        """Return the pilot study by which ``replicates: auto`` is settled."""
        return replace(self, replicates=self.config.settings.precision.pilot)

    def with_replicates(self, replicates: int) -> Study:
        """Return the same study with so many replicates (never more than the config allows)."""
        return replace(self, replicates=min(replicates, self.config.settings.precision.at_most))

    def identity(self, shard: Shard) -> Identity:
        """Return what the output folder is to hold."""
        design = self.design
        return Identity(
            design=design.hash,
            points=0 if self.grows else len(design.points),
            replicates=design.replicates,
            runs_per_chunk=self.runs_per_chunk,
            people=self.config.people,
            shard=str(shard),
            code=" ".join([code_fingerprint(), *self.config.stamps]),
            config=self.config.resolved(self.replicates),
        )

    def run(
        self,
        folder: Path | None = None,
        *,
        shard: Shard | None = None,
        resume: bool = False,
        workers: WorkersContext | None = None,
        screen: TextIO | None = None,
        go_on: str = "the same command and --resume",
    ) -> Tally:
        """Run the study, or one shard of it, into a folder.

        Parameters
        ----------
        folder : Path, optional
            By default the config's. A shard gets a folder of its own inside it.
        shard : Shard, optional
        resume : bool
            Go on with what the folder already holds.
        workers : context manager of Workers, optional
            By default what the config says: a cluster, threads or processes.
        screen : text stream, optional
            Where progress is shown.
        go_on : str
            How to go on after an interruption, for the message.

        Returns
        -------
        Tally

        Raises
        ------
        ConfigError, LockedError, StoreError, ExecutorError, Interrupted
        """
        shard = shard or Shard()
        self._refuse_to_cut(shard)
        self.config.check_every_arm()
        path = folder or self.config.folder
        path = path if shard.whole else path / shard.folder
        started, clock = datetime.now().astimezone(), time.perf_counter()
        with self.at_hand(), StudyFolder.open(path, self.identity(shard), resume=resume) as store:
            progress = _progress_in(store, screen)
            finished = store.finished
            if finished:
                progress.say("already finished: nothing is left to run")
                self._mend(store, progress)
            else:
                store.begin()
                write_text(path / CONFIG, self.config_text)
            count, grown = 0, Growth(self.design, self.chunks, self.runs_per_chunk, store, _no_work)
            if not finished:
                with workers or self.workers() as pool:
                    count = pool.width
                    grown.work = partial(self._work, store=store, pool=pool, progress=progress, go_on=go_on)
                    self._grow(grown, shard)
            tally = grown.tally

            def record() -> None:
                if tally.runs or not (path / PROVENANCE).exists():
                    seconds = time.perf_counter() - clock
                    self._record(path, started, seconds, tally, count, shard)
                if shard.whole:
                    write_columns(path, self.dictionary)

            remove_page(path)
            if shard.whole:
                self._complete(store, grown.design, grown.chunks, record)
            else:
                record()
                store.seal()
        return tally

    def _refuse_to_cut(self, shard: Shard) -> None:
        if self.grows and not shard.whole:
            raise ConfigError(
                "a search asks for one generation after the other and cannot be cut into shards; give it "
                "more processors with --workers or --cluster",
                key="shard",
                value=str(shard),
            )

    def _complete(
        self, store: StudyFolder, design: Design, chunks: Sequence[Chunk], record: Callable[[], None]
    ) -> None:
        """Make the tables of all parts; `record` is called before the folder counts as finished."""
        keep = self.config.settings.output.keep_parts
        store.finish(design, chunks, keep_parts=keep, record=record, describe=self.dictionary.fields)

    def _work(
        self, design: Design, chunks: Sequence[Chunk], *, store: StudyFolder, pool: Workers,
        progress: Progress, go_on: str,
    ) -> Tally:  # fmt: skip
        return run_chunks(
            design,
            chunks,
            self.config.subject,
            store,
            pool,
            progress,
            go_on,
            self._listener(progress, store.path),
        )

    def _listener(self, progress: Progress, folder: Path) -> Listen | None:
        """Return what tells the answer so far, in a line and on a page, where the study is a comparison."""
        outcomes = list(self.config.subject.outcomes())
        found = so_far(self.design, outcomes, self.config.settings.outcomes, progress.say)
        if found is None:
            return None
        own = len(self.design.points)
        page = SoFarPage(folder, found, self.config.settings.title or self.config.name)

        def listen(chunk: Chunk, runs: pa.Table) -> None:
            if chunk.stop_point <= own:  # what is looked at again is no part of the comparison
                found.take(chunk.first_point, chunk.stop_point, self._completed(runs))
                page.renew()

        return listen

    def _completed(self, runs: pa.Table) -> pa.Table:
        own = self.config.settings.own_outcomes
        return type(runs).from_pandas(completed(runs.to_pandas(), own)) if own else runs

    def _grow(self, growth: Growth, shard: Shard) -> None:
        """Run the study's own points and, for a search, every generation that it asks for."""
        if self.grows and self.config.kind.grow is not None:
            self.config.kind.grow(self.config.ask, growth)
        else:
            growth.tally = growth.work(growth.design, shard.of_chunks(growth.chunks))

    def merge(self, sources: list[Path], folder: Path, screen: TextIO | None = None) -> None:
        """Make one study of finished shards.

        Raises
        ------
        ConfigError
            When shards are missing, unfinished or of another study.
        """
        started, clock = datetime.now().astimezone(), time.perf_counter()
        with self.at_hand(), merge(sources, folder, self.design, self.chunks) as store:
            progress = _progress_in(store, screen)
            if store.finished:
                progress.say("already merged: nothing is left to do")
                self._mend(store, progress)
                return
            if not (folder / CONFIG).exists():
                write_text(folder / CONFIG, self.config_text)

            def record() -> None:
                seconds = time.perf_counter() - clock
                self._record(folder, started, seconds, Tally(), 0, Shard(), {"shards": len(sources)})
                write_columns(folder, self.dictionary)

            self._complete(store, self.design, self.chunks, record)
            progress.say(f"{self.design.runs:,} runs merged from {len(sources)} shards")

    def workers(self) -> WorkersContext:
        """Return the workers that the config asks for."""
        settings = self.config.settings
        if settings.cluster is not None:
            from cosim.execution.dask_cluster import cluster_workers

            return cluster_workers(settings.cluster)
        kind = settings.executor or ("threads" if settings.engine == "compiled" else "processes")
        return _Plain(local(kind, settings.workers))

    def _mend(self, store: StudyFolder, progress: Progress) -> None:
        """Let a finished study tell what its config now says; write again what lacks beside its tables."""
        path, new = store.path, self.config.resolved(self.replicates)
        record = read_provenance(path)
        old = record.get("study", {}).get("config", {})
        changed = [key for key in REPORT_KEYS if key in new and old and old.get(key) != new[key]]
        lacking = [name for name in (CONFIG, PROVENANCE) if name in store.lacking]
        if not changed and not lacking:
            return
        config = {**(old or new), **{key: new[key] for key in changed}}
        with store.rewriting([CONFIG, PROVENANCE]):
            if record:
                record["study"] |= {"title": new["title"], "config": config}
                keep_provenance(path, record)
            else:
                now = datetime.now().astimezone()
                self._record(path, now, 0.0, Tally(), 0, Shard(), lost=True)
            write_text(path / CONFIG, config_text(config))
        if changed:
            progress.say(f"taken over from the config, which now differs in {', '.join(changed)}")

    def _record(
        self,
        path: Path,
        started: datetime,
        seconds: float,
        tally: Tally,
        workers: int,
        shard: Shard,
        more: dict[str, Any] | None = None,
        lost: bool = False,
    ) -> None:
        design = self.design
        points = _points_in(path) or len(design.points)
        study = {
            "name": self.config.name,
            "kind": design.kind,
            "title": self.config.settings.title,
            "run_id": design.hash[:12],
            "design": design.hash,
            "points": points,
            "worlds": design.worlds,
            "replicates": design.replicates,
            "runs": points * design.replicates,
            "seed": design.seed,
            "engine": self.config.settings.engine,
            "shard": str(shard),
            "notes": dict(design.notes),
            "config": self.config.resolved(self.replicates),
        }
        resources = {
            "seconds": round(seconds, 3),
            "worker_seconds": round(tally.worked, 3),
            "workers": workers,
            "new_runs": tally.runs,
            **(more or {}),
        }
        record = {**provenance(study, started, resources), "manifest": MANIFEST}
        if self.config.stamps:
            record["software"] = {**record["software"], "plugins": list(self.config.stamps)}
        if lost:
            # Of the runs themselves it is not known any more where and when they were made.
            record = {key: record[key] for key in ("software", "study", "manifest")} | {"note": LOST}
        write_provenance(path, record)


def _no_work(design: Design, chunks: Sequence[Chunk]) -> Tally:
    raise StoreError(f"nobody is there to run {len(chunks)} chunks of {len(design.points)} points")


def _points_in(folder: Path) -> int:
    """Return how many points the final design table has; 0 when there is none."""
    import pyarrow.parquet as pq

    path = folder / DESIGN
    return int(pq.read_metadata(path).num_rows) if path.exists() else 0


class _Plain(WorkersContext):
    """Workers that need no setting up."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    def __enter__(self) -> Workers:
        return self._workers

    def __exit__(self, *error: object) -> None:
        return None


def _progress_in(store: StudyFolder, screen: TextIO | None) -> Progress:
    """Return the progress of a folder, with what there is to notice about the folder said first."""
    progress = Progress(store.path / LOG, screen)
    for notice in store.notices:
        progress.say(notice)
    return progress


def config_text(data: dict[str, Any]) -> str:
    """Write a resolved config as YAML 1.2 that reads back as the same data."""
    head = "# The resolved config of this study: every default written out. It can be run again as it is.\n"
    return head + yaml_text(data)


def shards_in(folder: Path) -> list[Path]:
    """Return the folders of shards inside a study's folder, in their order.

    Raises
    ------
    ConfigError
        When there are none.
    """
    found = sorted(path for path in folder.glob("shard-*-of-*") if (path / IDENTITY).exists())
    if not found:
        raise ConfigError("holds no shards (folders such as shard-03-of-20)", file=folder)
    return found


def read_runs(folder: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read the run table of a finished study, or some of its columns.

    Raises
    ------
    ConfigError
        When the folder holds no finished study.
    """
    from cosim.execution.run_tables import read_frame

    if not (folder / RUNS).exists():
        raise ConfigError("holds no finished study (it has no runs.parquet)", file=folder)
    return read_frame(folder / RUNS, columns)
