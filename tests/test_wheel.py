"""Wheel and source distribution are whole: installed without the repository, they do what the README says."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ".", cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def elsewhere(built, tmp_path_factory) -> Path:
    """A fresh environment with the wheel alone; its libraries are those of the tests, without a download."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    [wheel] = built.glob("*.whl")
    [site] = (folder / "env").glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n", encoding="utf-8")
    return folder


def cosim(elsewhere: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    python = elsewhere / "env" / "bin" / "python"
    return run(python, "-I", "-c", "from cosim.cli import main; main()", *arguments, cwd=elsewhere)


def test_the_wheel_holds_the_whole_package(built):
    [wheel] = built.glob("*.whl")
    tracked = run("git", "-c", "safe.directory=*", "ls-files", "cosim", "configs", cwd=ROOT).stdout.split()
    wanted = {name if name.startswith("cosim/") else f"cosim/{name}" for name in tracked}
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert wanted
    assert sorted(wanted - held) == []


def test_the_source_distribution_holds_what_a_reviewer_needs(built):
    [archive] = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        held = {name.partition("/")[2] for name in opened.getnames()}
    for name in (
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "CITATION.cff", "LICENSE", "docs/ODD.md"),
        *("tests/conftest.py", "configs/which_interventions.yaml", "experiments/findings.py", ".ci/run"),
    ):
        assert name in held


def test_the_installed_package_is_the_one_that_runs(elsewhere):
    python = elsewhere / "env" / "bin" / "python"
    done = run(python, "-I", "-c", "import cosim; print(cosim.__file__)", cwd=elsewhere)
    assert Path(done.stdout.strip()).is_relative_to(elsewhere), done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("catalogue",),
        ("show", "research_team"),
        ("cite", "research_team"),
        ("configs",),
        ("outcomes", "influence_gini"),
        ("cite", "research_team-c5ca59b9f534", "--bibtex"),
        ("check", "which_interventions"),
        ("check", "configs/which_interventions.yaml"),
        ("run", "which_interventions", "--dry-run"),
        ("observe", "example_vtt", "-o", "observed"),
    ],
    ids=" ".join,
)
def test_the_tour_of_the_readme_works(elsewhere, arguments):
    done = cosim(elsewhere, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_example_can_be_copied_and_run(elsewhere):
    assert cosim(elsewhere, "configs", "sweep", "-o", "mine.yaml").returncode == 0
    done = cosim(elsewhere, "run", "mine.yaml", "--quick", "--no-report", "-o", "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (elsewhere / "out" / "runs.parquet").is_file()
    for words in (("report", "out"), ("pack", "out", "-o", "out.zip"), ("verify", "out.zip")):
        done = cosim(elsewhere, *words)
        assert done.returncode == 0, done.stdout + done.stderr
    again = cosim(elsewhere, "configs", "sweep", "-o", "mine.yaml")
    assert again.returncode == 2, "a file that is there was written over"
