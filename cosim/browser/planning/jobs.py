"""The plans that a server works on: one a browser at a time, slice by slice in the tabs' fair queue."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cosim.browser.hush import SORRY, tell_console
from cosim.browser.planning.plan import Plan, plan_config
from cosim.browser.replicates import ENGINE
from cosim.errors import CosimError

KEPT: Final = 60
"""Plans whose results are kept; the oldest that is finished makes room."""
_REPORTS = threading.Lock()


@dataclass
class Job:
    """A plan and how far its study is.

    Attributes
    ----------
    key : str
        By which its page is found; nobody guesses it.
    plan : Plan
    config : str
        The study's config.
    folder : Path
        Where its tables lie.
    done, of : int
        Slices; `of` is 0 until their number is known.
    found : dict or None
        What the study found (`cosim.browser.planning.study.found_in`), once it is over.
    problem : str
        What went wrong, in words; empty while all is well.
    """

    key: str
    plan: Plan
    config: str
    folder: Path
    done: int = 0
    of: int = 0
    found: dict[str, Any] | None = None
    problem: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.found is not None or bool(self.problem)

    def work(self, who: str) -> None:
        """Run the study to its end; what goes wrong stands in `problem`."""
        try:
            ENGINE.turns.enter(who)
            try:
                self._slices(who)
            finally:
                ENGINE.turns.leave(who)
        except CosimError as error:
            self.problem = f"{error}"
        except Exception as error:  # a fault of ours: the page says so, and why stands in the console
            tell_console(error)
            self.problem = SORRY

    def _slices(self, who: str) -> None:
        request = {"plan": self.config, "folder": str(self.folder)}
        self.of = int(ENGINE.ask(who, request)["slices"])
        for part in range(1, self.of + 1):
            ENGINE.ask(who, {**request, "part": part, "of": self.of})
            self.done = part
        found = ENGINE.ask(who, {**request, "conclude": True})
        for shard in self.folder.glob("shard-*"):
            shutil.rmtree(shard, ignore_errors=True)
        self.found = found

    def report(self) -> Path:
        """Return the study's report; it is written when somebody first asks, as `cosim report` writes it.

        Raises
        ------
        CosimError
            When it cannot be written.
        """
        page = self.folder / "report.html"
        with _REPORTS:  # one at a time: it takes some seconds of a processor
            if not page.exists():
                command = [sys.executable, "-m", "cosim.browser.planning.report", str(self.folder)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode or not page.exists():
                    tell_console(RuntimeError(done.stderr))
                    raise CosimError("the report could not be written; why stands where the demo was started")
        return page


@dataclass
class Jobs:
    """All plans of a server."""

    run: Callable[[Callable[[], None]], object] = lambda work: threading.Thread(
        target=work, daemon=True
    ).start()
    _known: OrderedDict[str, Job] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _place: Path | None = None

    def start(self, plan: Plan, who: str) -> Job:
        """Begin with a plan's study for a browser; return at once."""
        with self._lock:
            if self._place is None:
                self._place = Path(tempfile.mkdtemp(prefix="cosim-plans-"))
            key = secrets.token_urlsafe(9)
            job = Job(key, plan, plan_config(plan), self._place / key)
            self._known[key] = job
            for old in [one for one in self._known.values() if one.over][: len(self._known) - KEPT]:
                del self._known[old.key]
                shutil.rmtree(old.folder, ignore_errors=True)
        self.run(lambda: job.work(who))
        return job

    def find(self, key: str) -> Job | None:
        """Return a plan that is still kept."""
        return self._known.get(key)

    def forget(self) -> None:
        """Delete what was written."""
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)
            self._place = None


JOBS = Jobs()
