"""Many fast replicates of both teams, since one project is an anecdote."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from cosim.browser.configs import REPLICATES
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

    def share_lower(self, outcome: str) -> float:
        """Return the share of projects in which team B's outcome is below team A's, under the same luck."""
        pairs = list(zip(self.runs["A"][outcome], self.runs["B"][outcome], strict=True))
        return sum(b < a for a, b in pairs) / len(pairs)

    def share_leading(self, team: str, role: str) -> float:
        """Return the share of projects in which the most influential member has a role."""
        return self.leaders[team].count(role) / len(self.leaders[team])


@dataclass
class Engine:
    """The one worker of a server: requests wait for one another.

    Attributes
    ----------
    ready : bool
        Whether it has answered once, so that the engine need not be compiled any more.
    """

    ready: bool = False
    _process: subprocess.Popen[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, setup: Setup, replicates: int = REPLICATES) -> Replicates:
        """Run both teams; the first time the engine is compiled, which takes about a minute.

        Raises
        ------
        CosimError
            When the worker cannot run them.
        """
        with self._lock:
            answers = {team: self._ask(setup, team, replicates) for team in TEAMS}
            self.ready = True
        return Replicates(
            setup=setup,
            runs={team: answers[team]["runs"] for team in TEAMS},
            leaders={team: answers[team]["most_influence_role"] for team in TEAMS},
        )

    def stop(self) -> None:
        """End the worker."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _ask(self, setup: Setup, team: str, replicates: int) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cosim.browser.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
        request = {"scenario": setup.team(team).to_dict(), "replicates": replicates, "seed": setup.seed}
        told = ""
        if self._process.stdin is not None and self._process.stdout is not None:
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
