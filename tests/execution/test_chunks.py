"""Cutting a study into chunks and shards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import ConfigError
from cosim.execution.chunks import BLOCK, Shard, blocks, cut
from cosim.execution.design import run_number


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 100), st.integers(1, 12))
def test_every_run_is_in_one_chunk_of_one_shard(points: int, replicates: int, size: int, shards: int) -> None:
    chunks = cut(points, replicates, size)
    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    runs = [run for chunk in chunks for run in range(chunk.first_run, chunk.stop_run)]
    assert runs == list(range(points * replicates))
    for chunk in chunks:
        inside = [
            run_number(point, replicate, replicates)
            for point in range(chunk.first_point, chunk.stop_point)
            for replicate in chunk.replicates
        ]
        assert inside == list(range(chunk.first_run, chunk.stop_run))
        assert chunk.runs <= max(size, min(replicates, BLOCK))
        assert chunk.first_replicate % BLOCK == 0
    dealt = [Shard(i, shards).of_chunks(chunks) for i in range(1, shards + 1)]
    assert sorted(chunk.number for hand in dealt for chunk in hand) == list(range(len(chunks)))
    sizes = [len(hand) for hand in dealt]
    assert max(sizes) - min(sizes) <= 1


def test_shards_are_read_as_written() -> None:
    assert Shard.parse("3/20") == Shard(3, 20)
    assert str(Shard(3, 20)) == "3/20"
    assert Shard(3, 20).folder == "shard-03-of-20"
    assert Shard().whole
    for text in ("0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/3/5", "1.5/3", "²/3"):
        with pytest.raises(ConfigError):
            Shard.parse(text)


@given(st.integers(0, 100), st.integers(0, 100))
def test_blocks_of_replicates_do_not_depend_on_where_a_chunk_begins(start: int, length: int) -> None:
    found = list(blocks(range(start, start + length)))
    assert [r for block in found for r in block] == list(range(start, start + length))
    assert {r // BLOCK for r in range(start, start + length)} == {block.start // BLOCK for block in found}
    assert len({block.start // BLOCK for block in found}) == len(found)
