"""A study from config to tables: provenance, estimate, re-run, shards."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.execution import provenance as provenance_module
from cosim.execution.chunks import Shard
from cosim.execution.provenance import code_fingerprint, git_state, platform_facts, read_provenance
from cosim.execution.run_tables import read_frame, read_parquet, write_parquet
from cosim.studies.config import check_config, config_from_text, load_config
from cosim.studies.estimate import estimate
from cosim.studies.rerun import check_finished, compare_folders
from cosim.studies.study import Study, config_text, read_runs, shards_in
from tests.execution.studies import names, results
from tests.studies.test_config import GOOD, toy

pytestmark = pytest.mark.usefixtures("one_format")

TEXT = GOOD.replace("replicates: 10", "replicates: 5\noutput: {runs_per_chunk: 20}")


def study(text: str = TEXT) -> Study:
    return Study(check_config(config_from_text(text, Path("c.yaml")), toy))


def test_a_study_leaves_everything_that_is_needed_to_repeat_it(tmp_path: Path) -> None:
    screen = io.StringIO()
    tally = study().run(tmp_path, screen=screen)
    assert tally.runs == 120
    assert names(tmp_path) == [
        "columns.csv", "config.yaml", "design.parquet", "manifest.json", "provenance.json", "run.log",
        "runs.parquet", "study.json",
    ]  # fmt: skip
    runs = read_runs(tmp_path)
    assert len(runs) == 120
    assert runs["error"].isna().all()
    record = read_provenance(tmp_path)
    assert record["software"]["code"] == code_fingerprint()
    assert record["study"]["seed"] == 3
    assert record["study"]["run_id"] == study().design.hash[:12]
    assert record["platform"] == platform_facts()
    assert record["resources"]["new_runs"] == 120
    assert record["started"] <= record["ended"]
    assert "120 runs in" in screen.getvalue()


def test_the_config_it_leaves_runs_again_to_the_same_bytes(tmp_path: Path) -> None:
    study().run(tmp_path / "one")
    again = Study(load_config(tmp_path / "one" / "config.yaml", toy))
    again.run(tmp_path / "two")
    assert results(tmp_path / "one") == results(tmp_path / "two")
    found = compare_folders(tmp_path / "one", tmp_path / "two")
    assert found.identical
    assert found.reproduced
    assert "bit for bit" in found.text()


def test_tables_carry_no_time_and_no_trace_of_the_machine(tmp_path: Path) -> None:
    study().run(tmp_path)
    for file in tmp_path.glob("*.parquet"):
        raw = file.read_bytes()
        assert str(tmp_path).encode() not in raw
        assert b"pandas" not in raw


def test_a_finished_study_is_not_run_again(tmp_path: Path) -> None:
    study().run(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir() if file.name != "run.log"}
    screen = io.StringIO()
    assert study().run(tmp_path, resume=True, screen=screen).runs == 0
    assert "already finished" in screen.getvalue()
    assert {file: file.read_bytes() for file in tmp_path.iterdir() if file.name != "run.log"} == before


def test_a_finished_study_takes_over_what_its_report_is_about(tmp_path: Path) -> None:
    study().run(tmp_path)
    before, earlier = results(tmp_path), read_provenance(tmp_path)
    screen = io.StringIO()
    text = TEXT.replace("outcomes: [effect]", "outcomes: [minutes]").replace("Louder or softer?", "Softer?")
    study(f"{text}engine: reference\n").run(tmp_path, resume=True, screen=screen)
    assert "now differs in title, outcomes" in screen.getvalue()
    assert results(tmp_path) == before
    record = read_provenance(tmp_path)
    assert record["study"]["config"] == load_config(tmp_path / "config.yaml", toy).resolved()
    assert record["study"]["config"]["outcomes"] == ["minutes"]
    assert record["study"]["title"] == "Softer?"
    for key in ("software", "platform", "resources", "started", "ended"):
        assert record[key] == earlier[key], "the runs are those that were there"
    assert record["study"]["config"]["engine"] == "compiled"


def test_an_unfinished_study_takes_over_what_its_report_is_about(tmp_path: Path) -> None:
    study().run(tmp_path)
    (tmp_path / "runs.parquet").unlink()
    study(TEXT.replace("outcomes: [effect]", "outcomes: [minutes]")).run(tmp_path, resume=True)
    assert load_config(tmp_path / "config.yaml", toy).settings.outcomes == ["minutes"]


@pytest.mark.parametrize("name", ["design.parquet", "runs.parquet", "people.parquet"])
def test_a_damaged_table_is_told_before_anything_is_run(name: str, tmp_path: Path) -> None:
    study().run(tmp_path / "old")
    study().run(tmp_path / "new")
    for folder in ("old", "new"):
        if name == "people.parquet":
            (tmp_path / folder / name).write_bytes((tmp_path / folder / "design.parquet").read_bytes())
    table = tmp_path / "old" / name
    table.write_bytes(table.read_bytes()[:-100])
    for refuse in (
        lambda: check_finished(tmp_path / "old"),
        lambda: compare_folders(tmp_path / "old", tmp_path / "new"),
        lambda: read_frame(table),
    ):
        with pytest.raises(ConfigError, match=r"delete runs\.parquet") as caught:
            refuse()
        assert caught.value.file == table


def test_shards_are_found_and_merged(tmp_path: Path) -> None:
    study().run(tmp_path / "whole")
    with pytest.raises(ConfigError, match="holds no shards"):
        shards_in(tmp_path)
    for index in (3, 1, 2):
        study().run(tmp_path / "cut", shard=Shard(index, 3))
    assert [path.name for path in shards_in(tmp_path / "cut")] == [f"shard-{i}-of-3" for i in (1, 2, 3)]
    screen = io.StringIO()
    study().merge(shards_in(tmp_path / "cut"), tmp_path / "cut", screen)
    assert results(tmp_path / "cut") == results(tmp_path / "whole")
    assert "120 runs merged from 3 shards" in screen.getvalue()
    assert read_provenance(tmp_path / "cut")["resources"]["shards"] == 3


def test_nothing_is_written_while_a_shard_is_missing(tmp_path: Path) -> None:
    for index in (1, 3):
        study().run(tmp_path / "cut", shard=Shard(index, 3))
    before = names(tmp_path / "cut")
    for target in (tmp_path / "cut", tmp_path / "new"):
        with pytest.raises(ConfigError, match="1 of 3 shards is missing: 2/3"):
            study().merge(shards_in(tmp_path / "cut"), target)
    assert names(tmp_path / "cut") == before
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_for_a_config_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError):
        study(TEXT.replace("louder", "laud"))
    assert names(tmp_path) == []


def test_an_estimate_before_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = estimate(study(), workers=2)
    assert (found.points, found.replicates, found.runs, found.parts) == (24, 5, 120, 6)
    assert found.probed >= 24
    assert found.failed == 0
    assert 0 < found.seconds_per_run < 0.1
    assert found.seconds == pytest.approx(120 * found.seconds_per_run / 2)
    assert found.bytes > 0
    assert "120 runs: 24 design points x 5 replicates, in 6 parts" in found.text()
    assert names(tmp_path) == []


def test_automatic_replicates_are_settled_by_a_pilot() -> None:
    auto = study(TEXT.replace("replicates: 5", "replicates: auto\nprecision: {outcome: effect, at_most: 30}"))
    assert auto.undecided
    assert auto.pilot().design.replicates == 20
    assert auto.with_replicates(12).design.replicates == 12
    assert auto.with_replicates(500).design.replicates == 30
    assert not auto.with_replicates(12).undecided


def rewrite(folder: Path, change: object) -> None:
    table = read_parquet(folder / "runs.parquet")
    frame = table.to_pandas()
    change(frame)  # type: ignore[operator]
    new = pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)
    write_parquet([new], new.schema, folder / "runs.parquet", {})


def test_a_re_run_that_differs_is_told_apart(tmp_path: Path) -> None:
    for name in ("old", "new"):
        study().run(tmp_path / name)

    def last_digit(frame: pd.DataFrame) -> None:
        frame.loc[7, "effect"] = np.nextafter(frame.loc[7, "effect"], 2)

    rewrite(tmp_path / "new", last_digit)
    found = compare_folders(tmp_path / "old", tmp_path / "new")
    assert (found.identical, found.within, found.reproduced) == (False, True, False)
    assert "runs.parquet, effect: 1 of 120 values differ" in found.text()
    assert "first in run 7" in found.text()
    assert "NOT reproduced: on the same platform" in found.text()

    record = json.loads((tmp_path / "new" / "provenance.json").read_text())
    record["platform"]["processor"] = "abacus"
    (tmp_path / "new" / "provenance.json").write_text(json.dumps(record))
    found = compare_folders(tmp_path / "old", tmp_path / "new")
    assert found.reproduced, "elsewhere the last digits may differ"
    assert "processor: " in found.text()

    rewrite(tmp_path / "new", lambda frame: frame.__setitem__("effect", frame["effect"] * 1.001))
    assert not compare_folders(tmp_path / "old", tmp_path / "new").reproduced
    rewrite(tmp_path / "new", lambda frame: frame.__setitem__("winner", "nobody"))
    assert not compare_folders(tmp_path / "old", tmp_path / "new").within
    (tmp_path / "new" / "runs.parquet").unlink()
    with pytest.raises(ConfigError, match="no finished study"):
        compare_folders(tmp_path / "old", tmp_path / "new")


def test_earlier_calls_stay_on_record(tmp_path: Path) -> None:
    study().run(tmp_path)
    (tmp_path / "runs.parquet").unlink()
    study().run(tmp_path, resume=True)
    assert len(read_provenance(tmp_path)["earlier"]) == 1


def test_outside_of_a_checkout_there_is_no_git_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "lib" / "cosim" / "execution" / "provenance.py"
    monkeypatch.setattr(provenance_module, "__file__", str(fake))
    assert git_state() is None


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=12)
    | st.sampled_from(
        ["yes", "no", "010", "1_0", "1e3", "2024-01-01", "=", "<<", "~", "null", "0x1F", ".5", "12:30"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abcdefgh"), plain, min_size=1, max_size=6))
def test_what_is_written_as_yaml_reads_back_as_the_same_data(data: dict[str, object]) -> None:
    found = parse_yaml(config_text(data)).data
    assert found == data
    assert json.dumps(found) == json.dumps(data), "in the same order, with the same types"
