"""Machine code is kept where nobody else can put any: reading it back means running it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cosim.engine import code_folder as module
from cosim.engine.code_folder import VARIABLE, code_folder, forget_temporary, is_temporary

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners of files")
NAME = "0123456789abcdef"
SOMEBODY = 1001


@pytest.fixture(autouse=True)
def surroundings(tmp_path, monkeypatch):
    """A home and a folder for temporary files of the test's own; what is made there goes at its end."""
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr(module.tempfile, "tempdir", str(temporary))
    yield
    forget_temporary()


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def give_away(*folders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make folders look as if they were somebody else's; where we may, let them be."""
    if os.geteuid() == 0:
        for folder in folders:
            os.chown(folder, SOMEBODY, SOMEBODY, follow_symlinks=False)
        return
    foreign = {(found.st_dev, found.st_ino) for found in (folder.lstat() for folder in folders)}

    def disguised(real):
        def ask(self, **rest):
            found = real(self, **rest)
            if (found.st_dev, found.st_ino) in foreign:
                found = os.stat_result([*found[:4], SOMEBODY, *found[5:]])
            return found

        return ask

    for asked in ("stat", "lstat"):
        monkeypatch.setattr(Path, asked, disguised(getattr(Path, asked)))


def test_it_is_the_users_own_and_closed_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        for mask in (0, 0o777):
            os.umask(mask)
            folder = code_folder(f"{NAME}{mask}")
            assert folder == tmp_path / "home" / ".cache" / "cosim" / f"{NAME}{mask}"
            for step in (folder, folder.parent, folder.parent.parent):
                assert mode(step) == 0o700
                assert step.stat().st_uid == os.geteuid()
            assert not is_temporary(folder)
    finally:
        os.umask(before)


def test_a_folder_that_the_user_names_comes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "standard"))
    assert code_folder(NAME) == tmp_path / "standard" / "cosim" / NAME
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))
    assert code_folder(NAME) == tmp_path / "named" / "cosim" / NAME
    monkeypatch.setenv(VARIABLE, "~/mine")
    assert code_folder(NAME) == tmp_path / "home" / "mine" / "cosim" / NAME


def test_a_folder_of_an_earlier_version_is_closed(tmp_path):
    old = tmp_path / "home" / ".cache" / "cosim"
    old.mkdir(parents=True)
    old.chmod(0o755)
    assert code_folder(NAME) == old / NAME
    assert mode(old) == 0o700


@pytest.mark.parametrize("planted", ["cosim", f"cosim/{NAME}"])
def test_what_somebody_else_has_made_is_never_used(planted, tmp_path, monkeypatch, caplog):
    """Where home cannot be written, the old fallback was a path that anybody could make beforehand."""
    named = tmp_path / "named"
    for place in (named, tmp_path / "temporary"):
        (place / "cosim" / NAME).mkdir(parents=True)
        give_away(place / planted, monkeypatch=monkeypatch)
    monkeypatch.setenv(VARIABLE, str(named))
    folder = code_folder(NAME)
    assert folder is not None
    assert named not in folder.parents
    assert tmp_path / "temporary" / "cosim" not in folder.parents
    assert is_temporary(folder)
    assert folder.stat().st_uid == os.geteuid()
    assert mode(folder) == mode(folder.parent) == mode(folder.parent.parent) == 0o700
    assert "another user" in caplog.text


def test_a_link_of_somebody_else_is_not_followed(tmp_path, monkeypatch):
    named, mine = tmp_path / "named", tmp_path / "mine"
    named.mkdir()
    mine.mkdir()
    (named / "cosim").symlink_to(mine)
    give_away(named / "cosim", monkeypatch=monkeypatch)
    monkeypatch.setenv(VARIABLE, str(named))
    assert is_temporary(code_folder(NAME))
    assert list(mine.iterdir()) == []


def test_a_link_of_ones_own_is_followed(tmp_path, monkeypatch):
    named, other = tmp_path / "named", tmp_path / "other"
    named.mkdir()
    other.mkdir(mode=0o700)
    (named / "cosim").symlink_to(other)
    monkeypatch.setenv(VARIABLE, str(named))
    assert code_folder(NAME) == named / "cosim" / NAME
    assert (other / NAME).is_dir()


def test_a_folder_that_others_could_fill_or_replace_is_not_used(tmp_path, monkeypatch, caplog):
    named = tmp_path / "named"
    (named / "cosim" / NAME).mkdir(parents=True)
    (named / "cosim" / NAME).chmod(0o770)
    monkeypatch.setenv(VARIABLE, str(named))
    assert is_temporary(code_folder(NAME))
    assert "chmod 700" in caplog.text
    forget_temporary()
    monkeypatch.setenv(VARIABLE, str(named))
    (named / "cosim" / NAME).chmod(0o700)
    named.chmod(0o777)  # not sticky: anybody may rename what stands in it
    assert is_temporary(code_folder(NAME))
    forget_temporary()
    monkeypatch.setenv(VARIABLE, str(named))
    named.chmod(0o1777)
    assert code_folder(NAME) == named / "cosim" / NAME


def test_the_home_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    """As root with another user's HOME, whose cache that user can fill."""
    give_away(tmp_path / "home", monkeypatch=monkeypatch)
    assert is_temporary(code_folder(NAME))


def test_without_a_home_each_session_has_a_folder_of_its_own_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "file"))
    folder = code_folder(NAME)
    assert is_temporary(folder)
    assert code_folder(NAME) == folder
    program = "from cosim.engine.code_folder import *; f = code_folder('x'); print(f, is_temporary(f))"
    run = [sys.executable, "-c", program]
    below = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert below == [str(folder.parent / "x"), "False"]  # a process that we start shares ours, and leaves it
    assert folder.is_dir()
    forget_temporary()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert VARIABLE not in os.environ
    apart = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    told = subprocess.run(run, capture_output=True, text=True, check=True, env=apart).stdout.split()
    assert told[1] == "True"
    assert Path(told[0]) != folder
    assert list((tmp_path / "temporary").iterdir()) == []  # gone when Python ended


def test_where_nothing_can_be_written_there_is_none(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv(VARIABLE, str(blocked))
    monkeypatch.setattr(module.tempfile, "tempdir", str(blocked))
    assert code_folder(NAME) is None


def test_a_temporary_folder_that_others_could_replace_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "file"))
    (tmp_path / "temporary").chmod(0o777)
    assert code_folder(NAME) is None
