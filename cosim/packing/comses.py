"""A folder as the CoMSES model library asks for it: ``python -m cosim.packing.comses TO [PACK ...]``.

Run in a checkout. The library wants code, documentation (ODD), data and results apart, with metadata, a
licence and instructions; it gives a DOI after a review.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cosim.documents.software_metadata import texts
from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_text
from cosim.packing.verify import verify
from cosim.version import __version__

_TOP: Final = ("LICENSE", "CITATION.cff")
_DOCUMENTS: Final = ("docs/ODD.md", "docs/evidence.md", "docs/validation.md", "CHANGELOG.md")
_DATA: Final = ("configs/", "cosim/catalogue/scenarios/", "cosim/meeting_logs/data/")


def comses_folder(root: Path, to: Path, packs: Sequence[Path] = ()) -> list[str]:
    """Write the folder.

    Parameters
    ----------
    root : Path
        A checkout.
    to : Path
        The folder; it must not exist.
    packs : sequence of Path
        Packed studies (`cosim pack`), for ``results/``; each is verified first.

    Returns
    -------
    list of str
        Its files.

    Raises
    ------
    ConfigError
        When the folder exists, there is no checkout, or a pack is not whole.
    """
    if to.exists():
        raise ConfigError("is there already; name a new folder", file=to)
    for pack in packs:
        _check(pack)
    for name in _tracked(root):
        _copy(root / name, to / "code" / name)
        if name.startswith(_DATA):
            _copy(root / name, to / "data" / name)
    for name in _TOP:
        _copy(root / name, to / name)
    for name in _DOCUMENTS:
        _copy(root / name, to / "docs" / Path(name).name)
    for pack in packs:
        _copy(pack, to / "results" / pack.name)
    write_text(to / "codemeta.json", texts(root)["codemeta.json"])
    write_text(to / "docs" / "RUN.md", _run())
    return sorted(path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file())


def _check(pack: Path) -> None:
    found = verify(pack)
    if found.faults:
        raise ConfigError(f"is no whole pack of a study: {found.faults[0]}", file=pack)


def _tracked(root: Path) -> list[str]:
    try:
        told = subprocess.run(
            ["git", "-c", "safe.directory=*", "-C", str(root), "ls-files", "-z"],
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise ConfigError("is no checkout under git", file=root) from None
    return [name for name in told.decode().split("\0") if name and (root / name).is_file()]


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, to)


def _run() -> str:
    return (
        f"# Run it\n\ncosim {__version__} needs Python 3.11 or later.\n\n"
        "```sh\npython3 -m venv env && env/bin/python -m pip install ./code\n"
        "env/bin/cosim run which_interventions --quick   # a first look at the main study\n"
        "env/bin/cosim verify results/NAME.zip --rerun   # a packed study again, bit for bit\n```\n\n"
        "The model is described by the ODD protocol in `ODD.md`; each packed study in `results/` holds the "
        "ODD of "
        "its own scenario, its data dictionary and its checklists.\n"
    )


if __name__ == "__main__":
    made = comses_folder(Path(), Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
    sys.stdout.write(f"{sys.argv[1]}: {len(made)} files\n")
