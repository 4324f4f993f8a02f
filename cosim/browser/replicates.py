"""Many fast replicates of both teams, since one project is an anecdote."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from cosim.browser.configs import REPLICATES
from cosim.browser.lesson import Size, size_of
from cosim.browser.queue import Turns
from cosim.browser.setup import TEAMS, Setup
from cosim.errors import CosimError


@dataclass(frozen=True)
class Replicates:
    """The outcomes of both teams over many projects.

    Attributes
    ----------
    setup : Setup
    runs : dict of team to dict of outcome to list of float
    leaders : dict of team to list of str
        Role of the most influential member, project by project.
    """

    setup: Setup
    runs: dict[str, dict[str, list[float]]]
    leaders: dict[str, list[str]]

    @property
    def count(self) -> int:
        """Number of projects of each team."""
        return len(self.leaders["A"])

    def size(self, outcome: str) -> Size:
        """Return how large the difference in an outcome is."""
        return size_of(self.runs["A"][outcome], self.runs["B"][outcome])

    def share_leading(self, team: str, role: str) -> float:
        """Return the share of projects in which the most influential member has a role."""
        return self.leaders[team].count(role) / len(self.leaders[team])


SLICE: Final = 0.4
"""Seconds of work after which another tab has its turn."""
BUDGET: Final = 60.0
"""Seconds of work that a press of the button may cost; 200 projects of a usual team cost a quarter of one."""
PREPARING: Final = "prepares"
"""Who waits in the queue while the worker gets ready."""
FEWEST: Final = 10
"""Projects of each team that are run however long they take."""


@dataclass(frozen=True)
class Progress:
    """How far the projects of a tab are.

    Attributes
    ----------
    done, wanted : int
        Projects of both teams.
    tabs : int
        Tabs that share the engine now, this one included.
    """

    done: int
    wanted: int
    tabs: int


@dataclass
class Engine:
    """The one worker of a server: tabs take turns with it, a slice of projects at a time.

    Attributes
    ----------
    ready : bool
        Whether it has answered once, so that the engine need not be compiled any more.
    """

    ready: bool = False
    turns: Turns = field(default_factory=Turns)
    _preparing: bool = False
    _process: subprocess.Popen[str] | None = None

    def run(
        self,
        setup: Setup,
        replicates: int = REPLICATES,
        *,
        tab: str = "",
        wanted: Callable[[], bool] = lambda: True,
        tell: Callable[[Progress], object] = lambda _: None,
    ) -> Replicates | None:
        """Run both teams; the first time the engine is compiled, which takes about a minute.

        A set-up so large that this would take more than `BUDGET` seconds of work gets fewer projects.

        Parameters
        ----------
        setup : Setup
        replicates : int
            Projects of each team.
        tab : str
            Who asks; of several tabs each gets a slice in turn.
        wanted : callable
            Asked before every slice whether anybody still wants the answer.
        tell : callable
            Told how far it is, after every slice.

        Returns
        -------
        Replicates or None
            None when nobody wanted it any more.

        Raises
        ------
        CosimError
            When the worker cannot run them, too many tabs wait, or this tab's projects are being run already.
        """
        scenarios = {team: setup.team(team).to_dict() for team in TEAMS}
        rows: dict[str, dict[str, list[float]]] = {team: {} for team in TEAMS}
        leaders: dict[str, list[str]] = {team: [] for team in TEAMS}
        self.turns.enter(tab)
        try:
            done, spent, size = 0, 0.0, 1
            while done < replicates and (done < FEWEST or spent < BUDGET):
                for team in TEAMS:
                    if not wanted():
                        return None
                    request = {
                        "scenario": scenarios[team],
                        "seed": setup.seed,
                        "first": done,
                        "replicates": min(size, replicates - done),
                    }
                    answer = self.ask(tab, request)
                    spent += answer["seconds"]
                    leaders[team] += answer["most_influence_role"]
                    for name, values in answer["runs"].items():
                        rows[team].setdefault(name, []).extend(values)
                done += min(size, replicates - done)
                self.ready = True
                tell(Progress(done, replicates, self.turns.others))
                size = max(1, int(SLICE * done / max(spent / len(TEAMS), 1e-6)))
        finally:
            self.turns.leave(tab)
        return Replicates(setup, rows, leaders)

    def prepare(self) -> None:
        """Get the worker ready while somebody still thinks, once; return at once."""
        if not self._preparing and not self.ready:
            self._preparing = True
            threading.Thread(target=self._prepare, daemon=True).start()

    def _prepare(self) -> None:
        with contextlib.suppress(CosimError):  # whoever asks for work is told
            self.turns.enter(PREPARING)
            try:
                self.ask(PREPARING, {"prepare": True})
            finally:
                self.turns.leave(PREPARING)

    def ask(self, tab: str, request: dict[str, Any]) -> dict[str, Any]:
        """Have a slice of work done when it is a tab's turn; the tab has entered `turns` before.

        Raises
        ------
        CosimError
            When the worker cannot do it.
        """
        return self.turns.slice(tab, lambda: self._ask(request))

    def stop(self) -> None:
        """End the worker."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cosim.browser.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        told = ""
        if self._process.stdin is not None and self._process.stdout is not None:
            with contextlib.suppress(OSError):  # it has just ended
                self._process.stdin.write(json.dumps(request) + "\n")
                self._process.stdin.flush()
                told = self._process.stdout.readline()
        if not told:
            raise CosimError("the process that runs the replicates has ended; try again")
        answer: dict[str, Any] = json.loads(told)
        if "error" in answer:
            raise CosimError(answer["error"])
        return answer


ENGINE = Engine()
