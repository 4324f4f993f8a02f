"""Shards brought together: what array jobs have written, each into its own folder, becomes one study."""

from __future__ import annotations

import shutil
from collections.abc import Sequence, Set
from dataclasses import replace
from pathlib import Path

from cosim.config.error_messages import ManyConfigError
from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_whole
from cosim.execution.chunks import Chunk, Shard
from cosim.execution.design import Design
from cosim.execution.part_files import PEOPLE, RUNS, flaw_of
from cosim.execution.study_folder import IDENTITY, PARTS, Identity, StudyFolder, refuse_damaged

Found = list[tuple[Path, Chunk]]
"""Chunks, each with the folder of the shard that has run it."""
_MOST_TOLD = 10


def merge(sources: Sequence[Path], target: Path, design: Design, chunks: Sequence[Chunk]) -> StudyFolder:
    """Bring the parts of all shards together in one folder; finish it with :meth:`StudyFolder.finish`.

    Parameters
    ----------
    sources : sequence of Path
        Folders of shards of the study.
    target : Path
        Output folder; may hold the shards' folders.
    design : Design
        The study's design, by which every part is checked.
    chunks : sequence of Chunk
        All chunks of the study.

    Raises
    ------
    ConfigError
        When shards are missing, unfinished, or of another study or program.
    """
    identities = [Identity.read(source) for source in sources]
    if not identities:
        raise ConfigError(
            "no shards are given or found; each is a folder such as shard-03-of-20", file=target
        )
    whole = replace(identities[0], shard="1/1")
    if whole.design != design.hash:
        raise ConfigError("holds a shard of another study", file=sources[0])
    for source, identity in zip(sources, identities, strict=True):
        if replace(identity, shard="1/1", config=whole.config) != whole:
            raise ConfigError(
                f"belongs to another study or program than {sources[0]}", file=source, value=identity.code
            )
    found: Found | None = None
    if not (target / IDENTITY).exists():
        # Before the target is made, so that nothing is there when it cannot be filled.
        found = _sound_parts(sources, identities, chunks, target)
    folder = StudyFolder.open(target, whole, resume=True)
    try:
        if not folder.finished:
            folder.begin()
            _copy_parts(folder, _sound_parts(sources, identities, chunks, target) if found is None else found)
    except BaseException:
        folder.close()
        raise
    return folder


def _sound_parts(
    sources: Sequence[Path], identities: Sequence[Identity], chunks: Sequence[Chunk], target: Path
) -> Found:
    """Return where each chunk's parts are; refuse shards in which one of them is missing or not sound."""
    found: dict[int, tuple[Path, Chunk]] = {}
    flaws: list[ConfigError] = []
    shards = [Shard.parse(identity.shard) for identity in identities]
    have = {chunk.number for shard in shards for chunk in shard.of_chunks(chunks)}
    _refuse_gaps(have, chunks, shards[0].of, target)
    for source, identity, shard in zip(sources, identities, shards, strict=True):
        refuse_damaged(source)
        for chunk in shard.of_chunks(chunks):
            if chunk.number in found:
                continue
            found[chunk.number] = (source, chunk)
            flaw = flaw_of(source / PARTS, identity.design, chunk)
            if flaw is not None:
                flaws.append(
                    ConfigError(
                        f"{flaw.wrong}; copy it once more from where shard {shard} was run, or run the shard "
                        f"again with --resume --shard {shard}",
                        file=flaw.file,
                    )
                )
    if flaws:
        raise flaws[0] if len(flaws) == 1 else ManyConfigError(_some(flaws, target))
    return list(found.values())


def _copy_parts(folder: StudyFolder, found: Found) -> None:
    for source, chunk in found:
        for table in (PEOPLE, RUNS):
            part = folder.part(chunk, table)
            if (source / PARTS / part.name).exists():
                _copy(source / PARTS / part.name, part)
            else:
                part.unlink(missing_ok=True)


def _some(flaws: list[ConfigError], target: Path) -> list[ConfigError]:
    if len(flaws) <= _MOST_TOLD:
        return flaws
    more = ConfigError(f"{len(flaws) - _MOST_TOLD} more parts cannot be used", file=target)
    return [*flaws[:_MOST_TOLD], more]


def _refuse_gaps(have: Set[int], chunks: Sequence[Chunk], of: int, target: Path) -> None:
    missing = [chunk for chunk in chunks if chunk.number not in have]
    if missing:
        shards = sorted({chunk.number % of + 1 for chunk in missing})
        listed = ", ".join(f"{shard}/{of}" for shard in shards[:10]) + (" ..." if len(shards) > 10 else "")
        verb = "is" if len(shards) == 1 else "are"
        raise ConfigError(f"{len(shards)} of {of} shards {verb} missing: {listed}", file=target)


def _copy(source: Path, target: Path) -> None:
    write_whole(target, lambda temporary: shutil.copyfile(source, temporary))
