"""A pack is whole, small, citable, an RO-Crate, the same each time, and is made again bit for bit."""

from __future__ import annotations

import json
import shutil
import zipfile
from io import BytesIO

import pandas as pd
import pytest
from ruamel.yaml import YAML

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.execution.manifest import Manifest
from cosim.packing.checklists import YOU
from cosim.packing.pack import Manner, pack
from cosim.packing.verify import verify
from tests.cli.terminal import cosim
from tests.packing.conftest import AUTHORS, CONFIG, finished
from tests.packing.crates import issues

WANTED = {
    *("README.md", "LICENSE.txt", "CITATION.cff", "citation.bib", "citation.ris", "citation.json"),
    *("ro-crate-metadata.json", "hashes.json", "model/ODD.md", "model/scenario.yaml"),
    *("checklists/STRESS-ABS.md", "checklists/TRACE.md", "checklists/GRIPP2-SF.md"),
    *("checklists/SPIRIT-2025-involvement.md", "study/config.yaml", "study/runs.parquet"),
    *("study/design.parquet", "study/report.html", "study/columns.csv", "study/tables/differences.csv"),
    *("study/tables/columns.csv", "study/figures/ranking.png", "study/provenance.json"),
}


@pytest.fixture
def held(packed):
    with zipfile.ZipFile(packed.path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_in_it(held, packed):
    assert set(held) >= WANTED
    assert "study/people.parquet" not in held
    assert not any("parts" in name for name in held)
    assert packed.size < 5e6


def test_it_is_a_process_run_crate(packed, monkeypatch):
    assert issues(packed.path, monkeypatch) == []


def test_a_crate_that_is_none_is_noticed(held, tmp_path, monkeypatch):
    crate = json.loads(held["ro-crate-metadata.json"])
    crate["@graph"] = [one for one in crate["@graph"] if one["@id"] != "#run"]
    with zipfile.ZipFile(tmp_path / "no.zip", "w") as archive:
        archive.writestr("ro-crate-metadata.json", json.dumps(crate))
    assert issues(tmp_path / "no.zip", monkeypatch)


def test_each_file_has_its_hash_in_the_crate(held):
    graph = {one["@id"]: one for one in json.loads(held["ro-crate-metadata.json"])["@graph"]}
    for name, entry in json.loads(held["hashes.json"])["files"].items():
        if name != "ro-crate-metadata.json":
            assert (graph[name]["sha256"], graph[name]["contentSize"]) == (
                entry["sha256"],
                str(entry["size"]),
            )
    assert [graph[one["@id"]]["name"] for one in graph["./"]["author"]] == ["Mei Ito", "Patients' Voice"]


def test_the_same_study_gives_the_same_bytes(study, packed, tmp_path):
    again = pack(study, tmp_path / "again.zip", Manner(AUTHORS))
    assert again.path.read_bytes() == packed.path.read_bytes()
    assert again.seal == packed.seal


def test_documents_are_of_this_study(held):
    scenario = load_scenario("research_team")
    odd = held["model/ODD.md"].decode()
    assert scenario.identity in odd
    assert "`secret_ballot`" in odd
    assert all(str(source) in odd for source in scenario.sources)
    assert all(assumption in odd for assumption in scenario.assumed)
    table = odd.partition("<!-- generated: interventions -->")[2].partition("<!-- end")[0]
    assert "`secret_ballot`" in table
    assert "`buddy`" not in table
    assert "| public | patient" in odd or "| patients | patient" in odd
    text = held["model/scenario.yaml"].decode()
    assert load_scenario(dict(YAML(typ="safe").load(text))).identity == scenario.identity
    assert "Ito" in held["CITATION.cff"].decode()
    assert "Creative Commons" in held["LICENSE.txt"].decode()
    for name in WANTED:
        if name.startswith("checklists/"):
            assert YOU in held[name].decode(), name
    stress = held["checklists/STRESS-ABS.md"].decode()
    assert "seed 11" in stress
    assert "Canadian Institutes of Health Research (2014)" in stress
    assert scenario.assumed[0] in stress
    assert stress.count(YOU) < 4
    assert held["checklists/GRIPP2-SF.md"].decode().count(YOU) > 4


def test_verify_says_that_it_is_whole_and_what_wrote_it(packed):
    done = cosim("verify", packed.path, "--seal", packed.seal[:12])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("whole: all ")
    assert f"seal: {packed.seal}" in done.stdout
    assert "written by: cosim " in done.stdout
    assert "cannot know" not in done.stdout
    assert "cannot know" in cosim("verify", packed.path).stdout


def test_a_pack_is_made_again_bit_for_bit(packed):
    done = cosim("verify", packed.path, "--rerun", "-w", "1")
    assert done.exit_code == 0, done.output
    assert "people.parquet, left out of the pack: the re-run makes the one that was left out" in done.stdout
    assert "reproduced: all " in done.stdout


@pytest.mark.slow
def test_large_tables_stay_out_and_are_made_again(study, tmp_path):
    small = pack(study, tmp_path / "small.zip", Manner(runs=False))
    assert set(small.left_out) == {"people.parquet", "runs.parquet"}
    with zipfile.ZipFile(small.path) as archive:
        means = pd.read_csv(BytesIO(archive.read("study/points.csv")))
    runs = pd.read_parquet(study / "runs.parquet")
    assert len(means) == runs["point"].nunique()
    assert means["influence_gini"].to_numpy() == pytest.approx(
        runs.groupby("point")["influence_gini"].mean().to_numpy(), rel=1e-5
    )
    done = cosim("verify", small.path, "--rerun", "-w", "1")
    assert done.exit_code == 0, done.output
    assert "runs.parquet, left out of the pack: the re-run makes the one that was left out" in done.stdout
    tight = pack(study, tmp_path / "tight.zip", Manner(limit_mb=3.5))  # room is kept for the documents
    assert "runs.parquet" in tight.left_out
    with_people = pack(study, tmp_path / "people.zip", Manner(people=True))
    assert with_people.left_out == ()


@pytest.mark.slow
def test_forged_runs_that_were_left_out_are_told_by_a_rerun(study, tmp_path):
    """The forger changes a number and makes every hash anew: study manifest, report, pack."""
    forged = tmp_path / "forged"
    shutil.copytree(study, forged)
    (forged / "manifest.json").unlink()
    from cosim.execution.run_tables import read_final, write_parquet

    table = read_final(forged / "runs.parquet")
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    place = table.column_names.index("influence_gini")
    values = table.column("influence_gini").to_numpy().copy()
    values[5] += 0.1
    import pyarrow as pa

    table = table.set_column(place, table.schema.field(place), pa.array(values))
    write_parquet([table], table.schema.remove_metadata(), forged / "runs.parquet", metadata)
    old = Manifest.read(study)
    old.with_files(forged, list(old.files)).write(forged)
    made = pack(forged, tmp_path / "forged.zip", Manner())
    assert verify(made.path).whole  # by hashes alone nobody can tell
    done = cosim("verify", made.path, "--rerun", "-w", "1")
    assert done.exit_code == 1, done.output
    assert "influence_gini" in done.stdout


def test_what_cannot_be_packed_is_refused(study, tmp_path):
    with pytest.raises(ConfigError, match="already"):
        pack(study, study / "report.html")
    with pytest.raises(ConfigError, match="no such folder"):
        pack(tmp_path / "nothing", tmp_path / "a.zip")
    with pytest.raises(ConfigError, match="would have"):
        pack(study, tmp_path / "b.zip", Manner(limit_mb=0.1))
    assert not (tmp_path / "b.zip").exists()
    changed = tmp_path / "changed"
    shutil.copytree(study, changed)
    with (changed / "tables" / "differences.csv").open("a") as stream:
        stream.write("x\n")
    with pytest.raises(ConfigError, match="changed after it was written"):
        pack(changed, tmp_path / "c.zip")
    assert not (tmp_path / "c.zip").exists()


@pytest.mark.slow
def test_a_corrected_title_is_no_contradiction(tmp_path):
    folder = finished(tmp_path)
    config = tmp_path / "who_decides.yaml"
    config.write_text(CONFIG.replace("A first look", "The first look"), encoding="utf-8")
    assert cosim("run", config, "-o", folder, "--resume", "-w", "1").exit_code == 0
    made = pack(folder, tmp_path / "out.zip")
    assert verify(made.path).faults == ()
