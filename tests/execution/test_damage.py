"""A finished folder in which something has changed since: every damage is noticed, by name, with a remedy."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cosim.errors import ConfigError, CosimError
from cosim.execution.manifest import Manifest, entry_of, files_in
from cosim.execution.provenance import read_provenance
from cosim.execution.run_tables import read_parquet, write_parquet
from cosim.execution.settings import StudySettings
from cosim.studies.config import check_config, config_from_text
from cosim.studies.rerun import check_files, compare_folders
from cosim.studies.study import Study
from tests.execution.fakes import Toy
from tests.execution.studies import results
from tests.studies.test_config import GOOD

TEXT = GOOD.replace("replicates: 10", "replicates: 5\noutput: {runs_per_chunk: 20}")
MADE = ("report.html", "figures/a.png", "figures/b.png", "tables/a.csv", "tables/b.csv")


def people_toy(wanted: object, settings: StudySettings) -> Toy:
    return Toy(people=3)


def study(text: str = TEXT) -> Study:
    return Study(check_config(config_from_text(text, Path("c.yaml")), people_toy))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study with what a report would add."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    study().run(folder)
    for number, name in enumerate(MADE):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"x,y\n{number},0.25\n")
    manifest = Manifest.read(folder)
    assert manifest is not None
    manifest.with_files(folder, MADE, report={"code": "1"}).write(folder)
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "out"))


# ---------------------------------------------------------------- the ways in which files are damaged


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def flipped(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def removed(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_bomb(path: Path) -> None:
    path.write_text("[" * 100_000)


def deep(path: Path) -> None:
    path.write_text('{"a":' * 400 + "1" + "}" * 400)


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00{}")


def a_list(path: Path) -> None:
    path.write_text("[1, 2]")


def an_extra_key(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "extra": 1}))


def other_values(path: Path) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps(dict.fromkeys(data, 5)))


def a_key_less(path: Path) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps(dict(list(data.items())[1:])))


def another_version(path: Path) -> None:
    path.write_text(path.read_text().replace('"version": "', '"version": "9.'))


def an_edited_number(path: Path) -> None:
    path.write_text(path.read_text().replace("0.25", "0.52"))


def an_edited_seed(path: Path) -> None:
    path.write_text(path.read_text().replace("seed: 3", "seed: 4").replace('"seed": 3', '"seed": 4'))


def a_better_value(path: Path) -> None:
    """A table that is sound in itself, with one number changed."""
    table = read_parquet(path)
    frame = table.to_pandas()
    frame.loc[7, frame.select_dtypes("float").columns[0]] += 0.25
    new = table.from_pandas(frame, schema=table.schema, preserve_index=False)
    write_parquet([new], new.schema, path, {k.decode(): v.decode() for k, v in table.schema.metadata.items()})


def swapped(path: Path) -> None:
    other = next(one for one in sorted(path.parent.glob(f"*{path.suffix}")) if one != path)
    a, b = path.read_bytes(), other.read_bytes()
    path.write_bytes(b)
    other.write_bytes(a)


TABLES = ("runs.parquet", "people.parquet", "design.parquet")
RECORDS = ("study.json", "provenance.json")
DAMAGES: list[tuple[str, Callable[[Path], None]]] = [
    *((name, how) for name in TABLES for how in (cut, emptied, zeroed, flipped, removed, swapped, a_folder)),
    *((name, a_better_value) for name in ("runs.parquet", "people.parquet")),
    *(
        (name, how)
        for name in (*RECORDS, "manifest.json")
        for how in (cut, emptied, zeroed, removed, a_bomb, deep, no_text, a_list, a_folder)
    ),
    *(
        (name, how)
        for name in (*RECORDS, "manifest.json")
        for how in (an_extra_key, other_values, a_key_less)
    ),
    ("provenance.json", another_version),
    *((name, an_edited_seed) for name in (*RECORDS, "config.yaml")),
    *(("config.yaml", how) for how in (cut, emptied, removed, a_folder)),
    *((name, how) for name in MADE for how in (cut, removed, an_edited_number, a_folder)),
    ("tables/a.csv", swapped),
    ("figures/a.png", swapped),
    *(("run.log", how) for how in (a_folder, cut, zeroed, removed)),
]


@pytest.mark.parametrize(("name", "how"), DAMAGES, ids=[f"{name}-{how.__name__}" for name, how in DAMAGES])
def test_every_damage_is_noticed(
    name: str, how: Callable[[Path], None], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how(folder / name)
    files = check_files(folder)
    assert name in [fault.name for fault in files.faults]
    assert all(fault.wrong and fault.remedy for fault in files.faults)
    told: list[str] = []
    monkeypatch.setattr("cosim.execution.progress.Progress._print", lambda self, text: told.append(text))
    before = {one: entry_of(folder / one) for one in files_in(folder) if one != "run.log"}
    refused = ""
    try:
        study().run(folder, resume=True)
    except CosimError as error:
        refused = str(error)
    assert name in refused or any(name in line for line in told)
    if refused:
        assert {one: entry_of(folder / one) for one in files_in(folder) if one != "run.log"} == before
    else:
        assert name not in TABLES or how is removed


def test_a_whole_folder_is_called_whole(folder: Path) -> None:
    assert check_files(folder).faults == ()
    assert check_files(folder).strangers == ()
    assert study().run(folder, resume=True).runs == 0
    assert check_files(folder).faults == (), "the log has grown, which is no fault"
    (folder / "tables" / "mine.csv").write_text("1")
    assert check_files(folder).strangers == ("tables/mine.csv",)


def test_the_manifest_names_every_file(folder: Path) -> None:
    manifest = Manifest.read(folder)
    assert manifest is not None
    assert sorted(manifest.files) == sorted(files_in(folder))
    assert manifest.files["tables/a.csv"] == entry_of(folder / "tables" / "a.csv")


def test_swapped_files_are_told_as_such(folder: Path) -> None:
    swapped(folder / "tables" / "a.csv")
    wrong = {fault.name: fault.wrong for fault in check_files(folder).faults}
    assert wrong == {
        "tables/a.csv": "holds what belongs in tables/b.csv",
        "tables/b.csv": "holds what belongs in tables/a.csv",
    }


def test_the_remedy_for_a_damaged_table_works(folder: Path) -> None:
    good = results(folder)
    zeroed(folder / "people.parquet")
    with pytest.raises(ConfigError, match=r"people.parquet: was changed.*delete runs.parquet"):
        study().run(folder, resume=True)
    (folder / "runs.parquet").unlink()
    assert study().run(folder, resume=True).runs == 120
    assert results(folder) == good
    assert {fault.name for fault in check_files(folder).faults} == set()


def test_what_lacks_beside_the_tables_is_written_again(folder: Path) -> None:
    config = (folder / "config.yaml").read_bytes()
    (folder / "config.yaml").unlink()
    (folder / "provenance.json").unlink()
    study().run(folder, resume=True)
    assert check_files(folder).faults == ()
    assert (folder / "config.yaml").read_bytes() == config
    record = read_provenance(folder)
    assert record["study"]["seed"] == 3
    assert "platform" not in record, "nobody knows any more where the runs were made"
    assert "ended" not in record


def test_a_folder_from_before_the_manifest_still_works_and_says_so(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    record = json.loads((folder / "provenance.json").read_text())
    del record["manifest"]
    (folder / "provenance.json").write_text(json.dumps(record))
    files = check_files(folder)
    assert (files.faults, files.count) == ((), 0)
    assert "no manifest.json" in files.text()
    assert study().run(folder, resume=True).runs == 0
    assert "no manifest.json" in (folder / "run.log").read_text()
    flipped(folder / "people.parquet")
    with pytest.raises(ConfigError, match=r"people.parquet: is missing or damaged"):
        study().run(folder, resume=True)


def test_a_kill_before_the_manifest_is_an_unfinished_study(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Path
) -> None:
    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cosim.execution.study_folder.seal", killed)
    with pytest.raises(KeyboardInterrupt):
        study().run(tmp_path / "out")
    monkeypatch.undo()
    assert (tmp_path / "out" / "runs.parquet").exists()
    assert study().run(tmp_path / "out", resume=True).runs == 0
    assert check_files(tmp_path / "out").faults == ()
    assert not (tmp_path / "out" / "parts").exists()
    assert results(tmp_path / "out") == results(whole)


def test_a_kill_while_the_record_is_rewritten_leaves_no_damage(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    other = TEXT.replace("Louder or softer?", "Softer?")
    monkeypatch.setattr("cosim.studies.study.keep_provenance", killed)
    with pytest.raises(KeyboardInterrupt):
        study(other).run(folder, resume=True)
    monkeypatch.undo()
    study(other).run(folder, resume=True)
    assert read_provenance(folder)["study"]["title"] == "Softer?"
    assert check_files(folder).faults == ()


def test_kept_parts_stand_in_the_manifest_too(tmp_path: Path) -> None:
    text = TEXT.replace("runs_per_chunk: 20", "runs_per_chunk: 20, keep_parts: true")
    study(text).run(tmp_path)
    flipped(tmp_path / "parts" / "people-0000001.parquet")
    assert [fault.name for fault in check_files(tmp_path).faults] == ["parts/people-0000001.parquet"]


def test_a_changed_number_is_called_a_changed_file(folder: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "again")
    a_better_value(folder / "runs.parquet")
    found = compare_folders(folder, tmp_path / "again")
    assert not found.reproduced
    assert [fault.name for fault in found.files.faults] == ["runs.parquet"]
    text = found.text()
    assert "changed" in text.splitlines()[0]
    assert "effect: 1 of 120 values differ, by up to 0.25; first in run 7" in text
    assert "package" not in text.splitlines()[0]


def test_a_re_run_looks_at_what_people_cite(folder: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "again")
    report = Path(shutil.copytree(folder, tmp_path / "report"))
    found = compare_folders(folder, tmp_path / "again", report=report)
    assert {"report.html", "tables/a.csv", "figures/b.png"} <= set(found.compared)
    assert any(name == "cosim" and there == here for name, there, here in found.versions)
    an_edited_number(report / "tables" / "a.csv")
    found = compare_folders(folder, tmp_path / "again", report=report)
    assert "first '0.25' there, '0.52' here (line 2, y)" in " ".join(found.differences)
    assert not found.within
    found = compare_folders(folder, tmp_path / "again")
    assert "tables/a.csv" not in found.compared
    assert any("report, figures and CSV" in line for line in found.left_out)


def test_figures_of_other_versions_are_not_held_to_be_equal_bit_for_bit(folder: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "again")
    report = Path(shutil.copytree(folder, tmp_path / "report"))
    cut(report / "figures" / "a.png")
    found = compare_folders(folder, tmp_path / "again", report=report)
    assert "figures/a.png" not in found.compared
    assert any("figures/a.png" in line and "code 1" in line for line in found.left_out)
    assert found.reproduced


def test_another_version_is_named_on_both_sides(folder: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "again")
    record = read_provenance(folder)
    record["software"] |= {"version": "0.0.9", "code": "0.0.9+abcdef"}
    (folder / "provenance.json").write_text(json.dumps(record))
    found = compare_folders(folder, tmp_path / "again")
    assert ("cosim", "0.0.9") in [(what, there) for what, there, _ in found.versions]
    assert "cosim: 0.0.9 there" in found.text()
    assert not found.reproduced, "the record was edited"


def test_records_of_wrong_shape_are_told_without_a_manifest_too(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    good = json.loads((folder / "provenance.json").read_text())
    for wrong in (
        {"study": 5},
        {**good, "study": {**good["study"], "config": 5}},
        {**good, "study": {**good["study"], "worlds": True}},
        {**good, "software": {}},
        {**good, "platform": {"python": 3}},
        {**good, "earlier": [1]},
    ):
        (folder / "provenance.json").write_text(json.dumps(wrong))
        with pytest.raises(ConfigError, match=r"provenance.json.*restore it from a copy"):
            read_provenance(folder)


def test_tables_hold_what_they_held_before_there_was_a_manifest(whole: Path) -> None:
    assert len(pd.read_parquet(whole / "people.parquet")) == 360
