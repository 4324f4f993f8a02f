"""More than twenty ways to tamper with a pack; `verify` notices each, and says what it cannot know."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.execution.run_tables import read_parquet, write_parquet
from cosim.packing.archive import read_archive, write_archive
from cosim.packing.hash_list import HashList, entry_of_bytes
from cosim.packing.pack import Manner, pack
from cosim.packing.verify import UNKNOWABLE, verify
from tests.cli.terminal import cosim

Files = dict[str, bytes]
RUNS, CONFIG = "study/runs.parquet", "study/config.yaml"


def replaced(name: str, old: str, new: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        assert old.encode() in files[name], (name, old)
        return {**files, name: files[name].replace(old.encode(), new.encode(), 1)}

    return change


def flipped(name: str) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        content = bytearray(files[name])
        content[len(content) // 2] ^= 1
        return {**files, name: bytes(content)}

    return change


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {key: each for key, each in files.items() if key != name}


def swapped(one: str, other: str) -> Callable[[Files], Files]:
    return lambda files: {**files, one: files[other], other: files[one]}


def renamed(one: str, other: str) -> Callable[[Files], Files]:
    return lambda files: {(other if key == one else key): each for key, each in files.items()}


def number_in(name: str) -> Callable[[Files], Files]:
    """Change a single number of a Parquet table, which stays a sound table."""

    def change(files: Files) -> Files:
        return {**files, name: forged(files[name])}

    return change


def forged(content: bytes) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(BytesIO(content))
    place = next(i for i, one in enumerate(table.schema) if str(one.type) == "double")
    values = table.column(place).to_numpy().copy()
    values[0] += 0.25
    table = table.set_column(place, table.schema.field(place), pa.array(values))
    out = BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


TAMPERINGS: Mapping[str, Callable[[Files], Files]] = {
    "a bit of the runs": flipped(RUNS),
    "a number of the runs": number_in(RUNS),
    "a number of the design": number_in("study/design.parquet"),
    "the number of replicates in the config": replaced(CONFIG, "replicates: 2", "replicates: 9"),
    "the version in the record": replaced("study/provenance.json", '"version": "0', '"version": "7'),
    "the seed in the record": replaced("study/provenance.json", '"seed": 11', '"seed": 12'),
    "the design's hash in study.json": replaced("study/study.json", '"design": "', '"design": "0'),
    "a word of the report": replaced("study/report.html", "most", "least"),
    "a number of a CSV table": flipped("study/tables/differences.csv"),
    "a figure": flipped("study/figures/ranking.png"),
    "a figure in the place of another": swapped("study/figures/ranking.png", "study/figures/cost.png"),
    "a file taken away": without("study/tables/differences.csv"),
    "a file added": lambda files: {**files, "study/tables/better.csv": b"arm,effect\nmine,9\n"},
    "a file renamed": renamed("study/figures/cost.svg", "study/figures/money.svg"),
    "an author in the citation": replaced("CITATION.cff", "Ito", "Sato"),
    "the crate's description": replaced("ro-crate-metadata.json", "Mei Ito", "Mei Sato"),
    "the licence": replaced("LICENSE.txt", "MIT", "none"),
    "a checklist": replaced("checklists/STRESS-ABS.md", "**you**", "done"),
    "the model's description": replaced("model/ODD.md", "ODD", "odd"),
    "the scenario": replaced("model/scenario.yaml", "count: 4", "count: 6"),
    "the data dictionary": replaced("study/columns.csv", "0: equally", "1: equally"),
    "the study's manifest": replaced("study/manifest.json", '"sha256": "', '"sha256": "0'),
    "a hash in the list": replaced("hashes.json", '"sha256": "', '"sha256": "0'),
    "the seal in the list": replaced("hashes.json", '"seal": "', '"seal": "0'),
    "the hash list taken away": without("hashes.json"),
    "a line ending": replaced("README.md", "\n", "\r\n"),
}


@pytest.fixture(scope="module")
def files(packed) -> Files:
    return dict(read_archive(packed.path).files)


def again(files: Files, path: Path) -> Path:
    write_archive(path, files)
    return path


def resealed(files: Files) -> Files:
    """Make the hash list anew, as somebody would who wants the change to pass."""
    old = HashList.parsed(files["hashes.json"])
    entries = {name: entry_of_bytes(each) for name, each in files.items() if name != "hashes.json"}
    made = HashList(old.cosim, old.code, entries, old.left_out)
    return {**files, "hashes.json": made.text().encode()}


def remanifested(files: Files) -> Files:
    """Make the study's own manifest anew as well."""
    held = json.loads(files["study/manifest.json"])
    for name in held["files"]:
        if f"study/{name}" in files:
            entry = entry_of_bytes(files[f"study/{name}"])
            held["files"][name] = {"size": entry.size, "sha256": entry.sha256}
    plain = {key: value for key, value in held.items() if key != "sha256"}
    held["sha256"] = entry_of_bytes(json.dumps(plain, sort_keys=True).encode()).sha256
    return {**files, "study/manifest.json": (json.dumps(held, indent=1, sort_keys=True) + "\n").encode()}


def test_untouched_it_is_whole_even_when_packed_by_another_program(files, packed, tmp_path):
    assert verify(packed.path).faults == ()
    assert again(files, tmp_path / "a.zip").read_bytes() == packed.path.read_bytes()
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("study")
        for name, content in files.items():
            archive.writestr(name, content)
    assert verify(tmp_path / "b.zip", packed.seal).faults == ()


def test_there_are_at_least_twenty_kinds():
    assert len(TAMPERINGS) >= 20


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_each_is_noticed(kind, files, tmp_path):
    verdict = verify(again(TAMPERINGS[kind](files), tmp_path / "t.zip"))
    assert not verdict.whole
    assert verdict.text().startswith("NOT whole")


@pytest.mark.parametrize("kind", [kind for kind in TAMPERINGS if "list" not in kind])
def test_each_is_noticed_by_its_seal_when_the_hash_list_is_made_anew(kind, files, packed, tmp_path):
    path = again(resealed(TAMPERINGS[kind](files)), tmp_path / "t.zip")
    verdict = verify(path, packed.seal[:16])
    assert not verdict.whole
    assert any("not the one that you gave" in fault for fault in verdict.faults)


@pytest.mark.parametrize(
    "kind",
    [
        "the number of replicates in the config",
        "the seed in the record",
        "the design's hash in study.json",
    ],
)
def test_contradictions_are_noticed_even_when_every_hash_is_made_anew(kind, files, tmp_path):
    path = again(resealed(remanifested(TAMPERINGS[kind](files))), tmp_path / "t.zip")
    verdict = verify(path)
    assert any("contradiction" in fault for fault in verdict.faults), verdict.text()


def test_runs_of_another_design_are_noticed_even_when_every_hash_is_made_anew(files, tmp_path):
    table = read_parquet_bytes(files[RUNS], tmp_path)
    write_parquet([table], table.schema.remove_metadata(), tmp_path / "r.parquet", {"cosim.design": "f" * 64})
    changed = {**files, RUNS: (tmp_path / "r.parquet").read_bytes()}
    verdict = verify(again(resealed(remanifested(changed)), tmp_path / "t.zip"))
    assert any("another design" in fault for fault in verdict.faults), verdict.text()


def test_what_no_check_of_files_can_know_is_said(files, tmp_path):
    """A number of a CSV table, every hash made anew: only the seal or a re-run tells."""
    name = "study/tables/differences.csv"
    table = pd.read_csv(BytesIO(files[name]))
    table.loc[1, "difference"] -= 0.5
    changed = {**files, name: table.to_csv(index=False).encode()}
    path = again(resealed(remanifested(changed)), tmp_path / "t.zip")
    assert verify(path).whole
    told = cosim("verify", path).stdout
    assert UNKNOWABLE.split(":")[0] in told
    rerun = cosim("verify", path, "--rerun", "-w", "1")
    assert rerun.exit_code == 1
    assert "differences.csv" in rerun.stdout


# ---------------------------------------------------------------- the zip itself


def noticed(path: Path) -> bool:
    """Say whether a zip is refused, or found not whole."""
    try:
        return not verify(path).whole
    except ConfigError:
        return True


def test_bytes_before_behind_and_between_are_noticed(packed, tmp_path):
    content = packed.path.read_bytes()
    (tmp_path / "before.zip").write_bytes(b"#!/bin/sh\n" + content)
    (tmp_path / "behind.zip").write_bytes(content + b"more")
    for name in ("before.zip", "behind.zip"):
        assert noticed(tmp_path / name), name


def test_a_comment_is_noticed(packed, tmp_path):
    shutil.copy(packed.path, tmp_path / "c.zip")
    with zipfile.ZipFile(tmp_path / "c.zip", "a") as archive:
        archive.comment = b"approved"
    assert any("comment" in fault for fault in verify(tmp_path / "c.zip").faults)


@pytest.mark.parametrize("name", ["../evil.sh", "/tmp/evil.sh", "study\\evil.sh", "C:evil.sh"])
def test_names_that_lead_out_of_the_folder_are_noticed_and_not_read(name, packed, tmp_path):
    shutil.copy(packed.path, tmp_path / "n.zip")
    with zipfile.ZipFile(tmp_path / "n.zip", "a") as archive:
        archive.writestr(name, "x")
    verdict = verify(tmp_path / "n.zip")
    assert any("outside" in fault for fault in verdict.faults)
    assert name not in verdict.files


def test_links_are_noticed_and_not_read(packed, tmp_path):
    shutil.copy(packed.path, tmp_path / "l.zip")
    info = zipfile.ZipInfo("study/link")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "l.zip", "a") as archive:
        archive.writestr(info, "/etc/passwd")
    verdict = verify(tmp_path / "l.zip")
    assert any("is a link" in fault for fault in verdict.faults)
    assert "study/link" not in verdict.files


@pytest.mark.parametrize("name", ["study/report.html", "study/REPORT.html"])
def test_a_second_file_of_a_name_is_noticed(name, packed, tmp_path, recwarn):
    shutil.copy(packed.path, tmp_path / "d.zip")
    with zipfile.ZipFile(tmp_path / "d.zip", "a") as archive:
        archive.writestr(name, "another report")
    assert any("twice" in fault for fault in verify(tmp_path / "d.zip").faults)


def test_a_cut_off_zip_and_other_files_are_refused(packed, tmp_path):
    content = packed.path.read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: len(content) // 2])
    (tmp_path / "text.zip").write_text("no zip", encoding="utf-8")
    for name in ("cut.zip", "text.zip"):
        done = cosim("verify", tmp_path / name)
        assert done.exit_code == 2
        assert "is no zip" in done.stderr
    assert cosim("verify", tmp_path).exit_code == 2
    assert cosim("verify", packed.path, "--seal", "xyz").exit_code == 2


def test_a_changed_byte_inside_the_zip_is_noticed(packed, tmp_path):
    content = bytearray(packed.path.read_bytes())
    for place in range(200, len(content) - 5000, len(content) // 8):
        changed = bytearray(content)
        changed[place] ^= 4
        (tmp_path / "b.zip").write_bytes(changed)
        assert noticed(tmp_path / "b.zip"), place


def test_a_zip_of_something_else_is_no_pack(tmp_path):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    assert any("no pack of cosim" in fault for fault in verify(tmp_path / "other.zip").faults)


def test_nothing_is_packed_over_a_pack(study, packed):
    with pytest.raises(ConfigError, match="already"):
        pack(study, packed.path, Manner())


def read_parquet_bytes(content: bytes, folder: Path):
    (folder / "in.parquet").write_bytes(content)
    return read_parquet(folder / "in.parquet")
