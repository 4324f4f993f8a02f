"""The house keeps its shape: layers, sizes, pins, one pair of commands, nothing private or random."""

from __future__ import annotations

import ast
import functools
import graphlib
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent

# Who may import whom: only what stands in an earlier row. Modules that share a row do not know each other.
# A new module at the top of cosim/ needs a place here and in the picture in CONTRIBUTING.md.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "version", "formatting", "config"),
    ("mechanisms", "interventions"),
    ("scenario", "outcomes", "analysis", "execution"),
    ("catalogue", "charts", "lenses"),
    ("model", "meeting_logs", "reporting"),
    ("engine", "patterns"),
    ("simulation", "calibration"),
    ("studies", "validation", "observation"),
    ("documents", "browser", "api"),
    ("packing",),
    ("cli",),
)
# The ground that everything stands on: these may know each other, without a circle.
GROUND = set(LAYERS[0])
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

# Layers that know less than their place would allow.
ONLY_THESE = {"analysis": {"errors", "config"}, "mechanisms": set[str]()}

# Circles among imports for types that are still to be opened.
FOR_TYPES_ONLY = {
    ("cosim.model.agents", "cosim.model.model"),
}

# Heavy or exchangeable libraries each have one home.
HOMES = {
    "click": {"cli"},
    "dask": {"execution"},
    "distributed": {"execution"},
    "matplotlib": {"charts", "studies", "validation", "api"},
    "mesa": {"model", "browser"},
    "reacton": {"browser"},
    "solara": {"browser"},
}

FOLDERS = {"cosim", "experiments", "configs", "tests", "docs", ".ci", ".github"}
TOP_LEVEL = FOLDERS | {
    *("pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("CITATION.cff", "LICENSE", ".gitignore", ".pre-commit-config.yaml"),
    *("codemeta.json", ".zenodo.json"),
}
# Pieces, so that this file does not contain what it looks for.
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in [
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("deb", "debian", "org"),
            ("ftp", "debian", "org"),
            ("archive", "ubuntu", "com"),
            ("conda", "anaconda", "org"),
            ("cdn", "jsdelivr", "net"),
            ("unpkg", "com"),
        ]
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.~:})/-])/(?:" + "|".join(["work", "root", "home/" + r"\w+"]) + r")/\w")
NUMPY_RANDOM_ALLOWED = {"default_rng", "Generator", "SeedSequence", "BitGenerator", "Philox", "PCG64"}


# ---------------------------------------------------------------- files


@functools.cache
def project_files() -> tuple[Path, ...]:
    """Every file under version control; outside a checkout, every file in the project's folders."""
    try:
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout
        files = [ROOT / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        files = []
    if not files:
        roots = [ROOT / name for name in TOP_LEVEL]
        files = [p for root in roots for p in ([root] if root.is_file() else root.rglob("*"))]
        files = [p for p in files if "__pycache__" not in p.parts]
    return tuple(sorted(p for p in files if p.is_file()))


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file with its text; data archives and fonts have none."""
    for path in project_files():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def python_files(*folders: str) -> list[Path]:
    return [p for p in project_files() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in folders]


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@functools.cache
def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


# ---------------------------------------------------------------- imports


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def package_modules() -> dict[str, Path]:
    return {module_name(p): p for p in python_files("cosim")}


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or path.joinpath("__init__.py").is_file()


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each imported module with its line; those inside functions and for types count too."""
    here = module_name(path)
    package = here if path.name == "__init__.py" else here.rpartition(".")[0]
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                stem = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*stem, base] if base else stem)
            for alias in node.names:
                full = f"{base}.{alias.name}"
                yield (full if is_module(full) else base), node.lineno


def layer_of(module: str) -> str:
    """Return the layer of a module of the package; the package itself is the empty layer."""
    layer = [*module.split("."), ""][1]
    return "cli" if layer == "__main__" else layer


def test_every_module_has_a_place_in_the_layers():
    homeless = sorted({layer_of(m) for m in package_modules()} - set(RANK) - {""})
    assert not homeless, f"give these a row in LAYERS and in CONTRIBUTING.md: {homeless}"


def test_the_picture_of_the_layers_is_complete():
    picture = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("```")[3]
    drawn = [re.split(r"[/. ]", line)[0] for line in picture.strip().splitlines()]
    assert sorted(drawn) == sorted(RANK)
    ranks = [RANK[name] for name in reversed(drawn)]
    assert ranks == sorted(ranks), "the picture stands in another order than LAYERS"


def test_layers_import_only_downwards():
    modules = package_modules()
    wrong = []
    for name, path in modules.items():
        here = layer_of(name)
        if here not in RANK:  # the package's front door may name everything; strangers have their own test
            continue
        for target, line in imports_of(path):
            there = layer_of(target)
            if target.split(".")[0] != "cosim" or there == here or {here, there} <= GROUND:
                continue
            place = f"{path.relative_to(ROOT)}:{line}"
            if there == "":
                wrong.append(f"{place}: imports the front door `cosim`; import the module that it means")
            elif RANK.get(there, 0) >= RANK[here]:
                wrong.append(f"{place}: {here} must not know {there}, which stands above or beside it")
            elif here in ONLY_THESE and there not in ONLY_THESE[here]:
                wrong.append(f"{place}: {here} knows only {sorted(ONLY_THESE[here])}, not {there}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_import_circles():
    modules = package_modules()
    graph = {
        name: {
            target
            for target, _ in imports_of(path)
            if target in modules and target != name and (name, target) not in FOR_TYPES_ONLY
        }
        for name, path in modules.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail("modules import each other in a circle: " + " <- ".join(error.args[1]))


def test_libraries_stay_in_their_layer():
    wrong = []
    for name, path in package_modules().items():
        for target, line in imports_of(path):
            homes = HOMES.get(target.split(".")[0])
            if homes is not None and layer_of(name) not in homes:
                wrong.append(f"{path.relative_to(ROOT)}:{line}: {target} belongs in {sorted(homes)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_layer_test_sees_what_it_should(tmp_path, monkeypatch):
    """A walk that found nothing would pass every test above."""
    assert len(package_modules()) > len(RANK) // 2
    module = tmp_path / "cosim" / "mechanisms" / "turn_taking.py"
    module.parent.mkdir(parents=True)
    module.write_text(
        "from cosim import scenario, __version__\n"
        "from ..errors import ConfigError\n"
        "from . import random_streams\n"
        "def f():\n    import cosim.model as m, numpy.random\n"
    )
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "cosim" / "scenario").mkdir()
    for name in ["scenario/__init__.py", "errors.py", "mechanisms/random_streams.py"]:
        (tmp_path / "cosim" / name).touch()
    assert sorted(imports_of(module)) == [
        ("cosim", 1),
        ("cosim.errors", 2),
        ("cosim.mechanisms.random_streams", 3),
        ("cosim.model", 5),
        ("cosim.scenario", 1),
        ("numpy.random", 5),
    ]


# ---------------------------------------------------------------- habits


def test_chance_comes_from_a_seed_only():
    wrong = []
    for path in python_files("cosim", "experiments"):
        place = path.relative_to(ROOT)
        for target, line in imports_of(path):
            if target.split(".")[0] == "random":
                wrong.append(f"{place}:{line}: the standard `random` module has a global state")
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Attribute) or node.attr in NUMPY_RANDOM_ALLOWED:
                continue
            if ast.unparse(node.value) in {"np.random", "numpy.random"}:
                wrong.append(f"{place}:{node.lineno}: np.random.{node.attr} has a global state")
    assert not wrong, "\n" + "\n".join(wrong)


def test_yaml_is_read_by_one_library():
    """PyYAML keeps the last of two equal keys without a word and reads YAML 1.1 (`no` becomes False)."""
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files("cosim", "experiments", "tests")
        for target, line in imports_of(path)
        if target.split(".")[0] == "yaml"
    ]
    assert not wrong, f"read YAML with ruamel.yaml: {wrong}"


@pytest.mark.parametrize(
    ("pattern", "what"),
    [(REGISTRY_HOSTS, "names a package registry's host"), (MACHINE_PATHS, "holds a path of one machine")],
    ids=["registry", "path"],
)
def test_files_name_no_private_place(pattern, what):
    wrong = [
        f"{path}:{number}: {what}: {found.group()}"
        for path, text in text_files()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := pattern.search(line))
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_file_of_the_package_is_ignored_by_git():
    """A file that git ignores is there for whoever wrote it, and for nobody who clones."""
    listing = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "--others",
        "--ignored",
        "--exclude-standard",
        "cosim",
    ]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    lost = [name for name in listed.stdout.splitlines() if "__pycache__" not in name]
    assert not lost, f"git ignores: {lost}"


def test_top_level_is_tidy():
    extra = {p.relative_to(ROOT).parts[0] for p in project_files()} - TOP_LEVEL
    assert not extra, f"move these into a folder: {sorted(extra)}"


def test_everything_is_installed():
    """A wheel holds all of cosim/ and the example configs; tests/test_wheel.py looks into one."""
    inside = {"configs": "cosim/configs", "docs/ODD.md": "cosim/documents/ODD.md"}
    wheel = pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["cosim"], "force-include": inside}


# ---------------------------------------------------------------- commands, pins, citation


def readme_commands() -> list[str]:
    """The set-up lines of the README, as a reader copies them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", readme, flags=re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if "-m venv" in line]


def test_readme_has_the_two_commands():
    commands = readme_commands()
    assert len(commands) == 2, commands
    assert commands[0].endswith("&& .venv/bin/cosim run configs/which_interventions.yaml")
    assert commands[1].endswith("&& .venv/bin/python -m pytest -n auto --dist loadfile")


def test_ci_runs_the_command_of_the_readme():
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    assert readme_commands()[1] in lines


def test_files_that_the_readme_names_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\b(?:configs|docs|experiments|\.ci)/[\w./-]*\w", readme)
    files = {p.relative_to(ROOT) for p in project_files()}
    present = {p.as_posix() for p in files | {parent for p in files for parent in p.parents}}
    missing = {name for name in named if name not in present and name.split("/")[0] in present}
    assert not missing, sorted(missing)


def test_ci_scripts_can_be_run():
    for name in ("run", "pin"):
        path = ROOT / ".ci" / name
        assert path.stat().st_mode & 0o100, f"{path} has lost its executable bit"
        assert "set -euo pipefail" in path.read_text(encoding="utf-8")


def pins() -> list[Requirement]:
    lines = (ROOT / ".ci" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def test_every_pin_is_exact():
    loose = [str(pin) for pin in pins() if not re.fullmatch(r"==[\w.!+]+", str(pin.specifier)) or pin.url]
    assert not loose


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_pins_meet_every_requirement(python):
    project = pyproject()["project"]
    environment = {"python_version": python, "python_full_version": f"{python}.8", "sys_platform": "linux"}
    chosen = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins()
        if pin.marker is None or pin.marker.evaluate(environment)
    }
    wanted = [Requirement(text) for text in project["dependencies"]]
    wanted += [Requirement(text) for extra in project["optional-dependencies"].values() for text in extra]
    unmet = [
        f"{need} is pinned to {chosen.get(canonicalize_name(need.name))}"
        for need in wanted
        if need.name != project["name"]
        and not need.specifier.contains(chosen.get(canonicalize_name(need.name), "0.dev0"), prereleases=True)
    ]
    assert not unmet, f"run .ci/pin: {unmet}"


def test_citation_file_fits_the_package():
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = pyproject()["project"]
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert [author["name"] for author in citation["authors"]] == [a["name"] for a in project["authors"]]


def test_changelog_speaks_of_this_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", changelog, flags=re.M)
    assert headings[0] == "Unreleased"
    version = pyproject()["project"]["version"]
    assert len(headings) == 1 or headings[1] == version, f"the newest release heading should be [{version}]"
