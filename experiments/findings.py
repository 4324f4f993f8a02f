"""Run every study of the default team and keep what is small of it under docs/findings/.

For each study: the resolved config, the tables behind its page (those below a quarter of a megabyte), and
its figures; and in ``docs/findings/claims.md`` every claim of the scripts beside, with verdict and numbers.

Run it
    python -m experiments.findings                 (about a million runs; half an hour on two processors)
    python -m experiments.findings screen sweep    (these; the claims of the others stay)
"""

from __future__ import annotations

import argparse
import json
import shutil
import types
from pathlib import Path

from PIL import Image

from experiments import (
    bundles,
    factorial,
    failures,
    priority_setting_trial,
    screen,
    sobol,
    structure,
    sweep,
    which_interventions,
)
from experiments.claims import Finished, finished, told

DOCS = Path(__file__).resolve().parent.parent / "docs" / "findings"
STUDIES: dict[str, types.ModuleType] = {
    "which_interventions": which_interventions,
    "priority_setting_trial": priority_setting_trial,
    "screen": screen,
    "sobol": sobol,
    "factorial": factorial,
    "sweep": sweep,
    "bundles": bundles,
    "failures": failures,
    "structure": structure,
}
SMALL = 250_000
CLAIMS = "claims.txt"


def main() -> None:
    """Make what is missing, keep what is small, and write the claims."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("studies", nargs="*", metavar="STUDY", help=", ".join(STUDIES))
    chosen = options.parse_args().studies
    for name in chosen:
        if name not in STUDIES:
            options.error(f"there is no study {name!r}; allowed: {', '.join(STUDIES)}")
    for name in chosen or STUDIES:
        study = finished(name, quick=False)
        keep(study, DOCS / name)
        (DOCS / name / CLAIMS).write_text(claims_of(study, STUDIES[name]), encoding="utf-8")
    lines = ["# Claims, and the numbers that they were held against", ""]
    lines += ["Written by `python -m experiments.findings`. In this model, under these assumptions:", ""]
    kept = (DOCS / name / CLAIMS for name in STUDIES)
    lines += [file.read_text(encoding="utf-8") for file in kept if file.exists()]
    (DOCS / "claims.md").write_text("\n".join(lines), encoding="utf-8")


def claims_of(study: Finished, script: types.ModuleType) -> str:
    """Return what a study's claims came to, under its title."""
    about = json.loads((study.folder / "provenance.json").read_text(encoding="utf-8"))["study"]
    run = f"{about['runs']:,} runs, seed {about['seed']}, run {about['run_id']}"
    lines = [f"## {about['title']}", "", f"`cosim run configs/{script.__name__.split('.')[-1]}.yaml`: {run}."]
    return "\n".join([*lines, "", "```text", *told(script.claims(study)), "```", ""])


def keep(study: Finished, folder: Path) -> None:
    """Copy the small files of a study into a folder, in the place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(study.folder / "config.yaml", folder)
    for file in sorted((study.folder / "tables").glob("*.csv")):
        if file.stat().st_size <= SMALL:
            shutil.copy(file, folder)
    for file in sorted((study.folder / "figures").glob("*.png")):
        with Image.open(
            file
        ) as picture:  # few colours: a third of the size, and nothing that an eye would miss
            picture.convert("RGB").quantize(64).save(folder / file.name, optimize=True)


if __name__ == "__main__":
    main()
