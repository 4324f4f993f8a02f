"""The stored form of run tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cosim.execution import run_tables
from cosim.execution.design import Point
from cosim.execution.run_tables import (
    EvaluatorError,
    checksum,
    common_schema,
    failed_table,
    joined,
    people_table,
    read_parquet,
    runs_table,
    write_parquet,
)

POINTS = (Point(4, 2, "a"), Point(5, 2, "b"))


def frame(**more: object) -> pd.DataFrame:
    return pd.DataFrame({"point": [5, 4, 4, 5], "replicate": [1, 1, 0, 0], **more})


def test_rows_are_sorted_by_run_and_typed() -> None:
    found = runs_table(
        frame(y=[1, 2, 3, 4], z=[True, False, True, False], w=["p", "q", "r", None]), POINTS, range(2), 10
    )
    assert found.column_names == ["run", "point", "world", "arm", "replicate", "y", "z", "w", "error"]
    assert found.to_pylist()[0] == {
        "run": 40, "point": 4, "world": 2, "arm": "a", "replicate": 0,
        "y": 3.0, "z": 1.0, "w": "r", "error": None,
    }  # fmt: skip
    assert found["run"].to_pylist() == [40, 41, 50, 51]
    assert found["w"].to_pylist() == ["r", "q", None, "p"]
    assert found.schema.field("y").type == found.schema.field("z").type == pa.float64()


def test_a_failed_run_keeps_its_error_and_nothing_else() -> None:
    found = runs_table(
        frame(y=[1.0, np.nan, 3.0, 4.0], w=["p", "q", "r", "s"], error=[None, None, "bad", None]),
        POINTS,
        range(2),
        10,
    )
    assert found["error"].to_pylist() == ["bad", None, None, None]
    assert found["y"].null_count == 1, "an outcome that is no number is kept as such, so that it is noticed"
    assert np.isnan(found["y"][1].as_py())
    assert found["w"].to_pylist() == [None, "q", "s", "p"]


def test_numbers_among_objects_are_numbers() -> None:
    found = runs_table(frame(y=pd.Series([1, None, 2.5, True], dtype=object)), POINTS, range(2), 10)
    assert found.schema.field("y").type == pa.float64()
    with pytest.raises(EvaluatorError, match=r"'y' is neither"):
        runs_table(frame(y=[[1], [2], [3], [4]]), POINTS, range(2), 10)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (frame().iloc[:3], "returned 3 runs where 4"),
        (pd.concat([frame(), frame().iloc[:1]]), "returned 5 runs"),
        (frame().assign(point=[5, 4, 4, 6]), "point 6"),
        (frame().assign(replicate=[1, 1, 0, 7]), "replicates outside"),
        (frame().assign(replicate=[1, 1, 0, 1]), "returned 4 runs"),
        (frame().drop(columns="point"), "no column 'point'"),
    ],
)
def test_an_evaluator_that_breaks_its_contract_is_found_out(broken: pd.DataFrame, words: str) -> None:
    with pytest.raises(EvaluatorError, match=words):
        runs_table(broken, POINTS, range(2), 10)


def test_people_keep_their_order_within_a_run() -> None:
    people = pd.DataFrame(
        {"point": [5, 4, 4], "replicate": [0, 0, 0], "person": [0, 1, 0], "lead": [True, False, True],
         "role": ["a", "b", "c"], "share": [0.5, 0.25, np.nan]}
    )  # fmt: skip
    found = people_table(people, POINTS, range(2), 10)
    assert found["run"].to_pylist() == [40, 40, 50]
    assert found["person"].to_pylist() == [1, 0, 0]
    assert [str(found.schema.field(name).type) for name in ("person", "lead", "role", "share")] == [
        "int64", "bool", "string", "double",
    ]  # fmt: skip


def test_tables_with_and_without_outcomes_are_joined() -> None:
    good = runs_table(frame(y=[1, 2, 3, 4]), POINTS, range(2), 10)
    bad = failed_table((Point(6),), range(2), 10, "broken")
    both = joined([bad, good])
    assert both.column_names[-2:] == ["y", "error"]
    assert both["y"].to_pylist() == [None, None, 3.0, 2.0, 4.0, 1.0]
    with pytest.raises(EvaluatorError, match=r"column 'y' is double in one chunk and string in another"):
        common_schema([good.schema, pa.schema([("y", pa.string())])])


def test_the_checksum_sees_every_value_gap_name_and_type() -> None:
    base = pa.table({"a": pa.array([1.0, None, 3.0]), "b": pa.array(["x", "", None])})
    others = [
        base.rename_columns(["a", "c"]),
        pa.table({"a": pa.array([1.0, 0.0, 3.0]), "b": base["b"]}),
        pa.table({"a": pa.array([1.0, None, np.nextafter(3.0, 4)]), "b": base["b"]}),
        pa.table({"a": base["a"], "b": pa.array(["", "x", None])}),
        pa.table({"a": base["a"], "b": pa.array(["x", None, ""])}),
        pa.table({"a": pa.array([1, None, 3]), "b": base["b"]}),
        base.slice(0, 2),
    ]
    assert len({checksum(base), *map(checksum, others)}) == len(others) + 1
    padded = pa.concat_tables([base.slice(2), base.slice(0, 2), base.slice(2, 1)])
    assert checksum(padded.slice(1)) == checksum(base), "however it lies in memory"


def test_bytes_do_not_depend_on_how_rows_were_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tables, "NUMBERS_PER_GROUP", 3 * 1000)
    rng = np.random.default_rng(1)
    whole = pa.table({"run": np.arange(5500), "y": rng.random(5500), "w": [f"w{i % 7}" for i in range(5500)]})
    written = []
    for number, size in enumerate((5500, 1, 999, 1000, 1003)):
        cut = (whole.slice(start, size) for start in range(0, 5500, size))
        path = tmp_path / f"{number}.parquet"
        assert write_parquet(cut, whole.schema, path, {"b": "2", "a": "1"}) == 5500
        written.append(path.read_bytes())
    assert all(other == written[0] for other in written[1:])
    assert pq.ParquetFile(path).metadata.num_row_groups == 6
    assert read_parquet(path).replace_schema_metadata(None).equals(whole)


def test_wide_tables_are_held_and_written_fewer_rows_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_tables, "NUMBERS_PER_GROUP", 1000)
    for columns, rows, groups in ((1, 1000, 1), (10, 1000, 10), (1200, 3, 3)):
        whole = pa.table({f"y{i}": np.zeros(rows) for i in range(columns)})
        write_parquet([whole], whole.schema, tmp_path / "t.parquet", {})
        assert pq.ParquetFile(tmp_path / "t.parquet").metadata.num_row_groups == groups


def test_a_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    whole = pa.table({"y": np.random.default_rng(1).random(2000)})
    write_parquet([whole], whole.schema, path, {})
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    with pytest.raises(OSError, match=r"could not verify page integrity|CRC|Corrupt"):
        read_parquet(path)


def test_no_rows_make_an_empty_file(tmp_path: Path) -> None:
    schema = pa.schema([("a", pa.int64())])
    assert write_parquet([], schema, tmp_path / "e.parquet", {}) == 0
    assert len(read_parquet(tmp_path / "e.parquet")) == 0
