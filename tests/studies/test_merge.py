"""Shards that were copied badly: every part is looked at, and nothing is half-written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.execution.chunks import Shard, cut
from cosim.studies.shards import merge
from tests.execution.fakes import Toy, toy_design
from tests.execution.studies import results, run

DESIGN, TOY = toy_design(8, 3), Toy(people=3)
CHUNKS = cut(8, 3, 6)


def cut_up(folder: Path, seed: int = 7) -> Path:
    for index in (1, 2):
        shard = Shard(index, 2)
        run(toy_design(8, 3, seed), TOY, folder / shard.folder, per_chunk=6, shard=shard)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shards of a study, two of the same with another seed, and the study run whole."""
    folder = tmp_path_factory.mktemp("made")
    cut_up(folder / "good")
    cut_up(folder / "other", seed=8)
    run(DESIGN, TOY, folder / "whole", per_chunk=6)
    return folder


def parts(folder: Path) -> Path:
    return folder / "shard-2-of-2" / "parts"


def named(table: str, number: int = 1) -> str:
    return f"{table}-{number:07d}.parquet"


def removed(here: Path, other: Path, table: str) -> None:
    (here / named(table)).unlink()


def all_removed(here: Path, other: Path, table: str) -> None:
    for part in here.glob(f"{table}-*"):
        part.unlink()


def of_another_seed(here: Path, other: Path, table: str) -> None:
    shutil.copy(other / named(table), here / named(table))


def swapped(here: Path, other: Path, table: str) -> None:
    a, b = here / named(table), here / named(table, 3)
    first, second = a.read_bytes(), b.read_bytes()
    a.write_bytes(second)
    b.write_bytes(first)


def of_another_table(here: Path, other: Path, table: str) -> None:
    shutil.copy(here / named("runs" if table == "people" else "people"), here / named(table))


def emptied(here: Path, other: Path, table: str) -> None:
    (here / named(table)).write_bytes(b"")


def cut_off(here: Path, other: Path, table: str) -> None:
    (here / named(table)).write_bytes((here / named(table)).read_bytes()[:-50])


def flipped(here: Path, other: Path, table: str) -> None:
    raw = bytearray((here / named(table)).read_bytes())
    raw[200] ^= 4
    (here / named(table)).write_bytes(raw)


@pytest.mark.parametrize("table", ["people", "runs"])
@pytest.mark.parametrize(
    "how", [removed, all_removed, of_another_seed, swapped, of_another_table, emptied, cut_off, flipped]
)
def test_a_part_that_is_not_the_shards_own_is_refused(
    how: Callable[[Path, Path, str], None], table: str, made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "good", tmp_path / "bad")
    how(parts(tmp_path / "bad"), parts(made / "other"), table)
    folders = sorted((tmp_path / "bad").glob("shard-*"))
    with pytest.raises(ConfigError) as caught:
        merge(folders, tmp_path / "out", DESIGN, CHUNKS)
    assert caught.value.file == parts(tmp_path / "bad") / named(table)
    assert "--resume --shard 2/2" in str(caught.value)
    assert not (tmp_path / "out").exists(), "nothing is half-written"

    run(DESIGN, TOY, folders[1], per_chunk=6, shard=Shard(2, 2), resume=True)
    with merge(folders, tmp_path / "out", DESIGN, CHUNKS) as folder:
        folder.finish(DESIGN, CHUNKS)
    assert results(tmp_path / "out") == results(made / "whole"), "the remedy that is named works"


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1}, {"design": None}, {"config": 5}, {"points": "8"}, {"points": True}, {"people": 1},
        {"shard": "3/2"}, {"shard": 2}, {"replicates": 0}, {"format": "1"}, {"format": 99},
    ],
    ids=str,
)  # fmt: skip
def test_a_shard_whose_record_is_of_another_shape_is_refused(
    change: dict[str, object], made: Path, tmp_path: Path
) -> None:
    shutil.copytree(made / "good", tmp_path / "bad")
    path = tmp_path / "bad" / "shard-2-of-2" / "study.json"
    data = {**json.loads(path.read_text()), **change}
    path.write_text(json.dumps({key: value for key, value in data.items() if value is not None}))
    with pytest.raises(ConfigError) as caught:
        merge(sorted((tmp_path / "bad").glob("shard-*")), tmp_path / "out", DESIGN, CHUNKS)
    assert caught.value.file == path
    assert not (tmp_path / "out").exists()


def test_parts_that_a_shard_did_not_write_are_not_taken(made: Path, tmp_path: Path) -> None:
    """Runs kept without people, and a people part of somebody else's beside them."""
    for index in (1, 2):
        run(DESIGN, Toy(), tmp_path / f"{index}", per_chunk=6, shard=Shard(index, 2))
    shutil.copy(parts(made / "good") / named("people"), tmp_path / "2" / "parts")
    with pytest.raises(ConfigError, match=r"people-0000001.parquet: does not belong to its runs"):
        merge([tmp_path / "1", tmp_path / "2"], tmp_path / "out", DESIGN, CHUNKS)


def test_many_bad_parts_are_told_in_a_few_lines(tmp_path: Path) -> None:
    design = toy_design(60, 2)
    run(design, TOY, tmp_path / "1", per_chunk=2, shard=Shard(1, 1), keep_parts=True)
    for part in (tmp_path / "1" / "parts").glob("people-*"):
        part.write_bytes(b"")
    for name in ("manifest.json", "runs.parquet"):
        (tmp_path / "1" / name).unlink()
    with pytest.raises(ConfigError) as caught:
        merge([tmp_path / "1"], tmp_path / "out", design, cut(60, 2, 2))
    assert "50 more parts" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 11
