"""A process of its own for many fast replicates, so that the page stays quick meanwhile.

It reads one request a line and writes one answer a line, both JSON, and ends when its input does.
"""

from __future__ import annotations

import json
import signal
import sys
import time
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from cosim.errors import CosimError


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a request asks for: a slice of replicates or of a plan's study, or just to get ready."""
    if "prepare" in request:
        import cosim.browser.planning.study  # noqa: F401 - what a plan needs is imported ahead of it

        _get_ready()
        return {}
    return planned(request) if "plan" in request else replicated(request)


def planned(request: dict[str, Any]) -> dict[str, Any]:
    """Do a slice of a plan's study.

    Parameters
    ----------
    request : dict
        ``plan``, the config's text, and ``folder``. With nothing more it asks for the number of slices; with
        ``part`` and ``of`` for one of them; with ``conclude`` for what all of them found.
    """
    from cosim.browser.planning import study

    text, folder = request["plan"], Path(request["folder"])
    if "part" in request:
        study.run_part(text, folder, int(request["part"]), int(request["of"]))
        return {}
    if request.get("conclude"):
        return study.conclude(text, folder)
    _get_ready()
    return {"slices": study.slices(text)}


def replicated(request: dict[str, Any]) -> dict[str, Any]:
    """Return the outcomes of some of a scenario's replicates, who led, and what it cost.

    Parameters
    ----------
    request : dict
        ``scenario`` and ``seed``; ``first``, the replicate to begin with, counted from 0; and ``replicates``,
        their number. The answer's ``seconds`` leave out what the engine took to get ready.
    """
    from cosim.catalogue import load_scenario
    from cosim.simulation.simulation import simulate

    scenario, seed = load_scenario(request["scenario"]), int(request["seed"])
    first = int(request["first"])
    _get_ready()
    began = time.perf_counter()
    result = simulate(scenario, range(first, first + int(request["replicates"])), seed)
    seconds = time.perf_counter() - began
    wanted = [name for name in result.runs.columns if name != "replicate"]
    people = result.people
    top = people.loc[people.groupby("replicate")["influence_share"].idxmax()]
    return {
        "runs": {name: result.runs[name].tolist() for name in wanted},
        "most_influence_role": top["role"].tolist(),
        "seconds": seconds,
    }


@cache
def _get_ready() -> None:
    """Compile the engine, or load it, with a project that nobody sees."""
    from cosim.catalogue import load_scenario
    from cosim.simulation.simulation import simulate

    simulate(load_scenario("research_team"), 1, 1)


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes our input
    for line in sys.stdin:
        request = json.loads(line)
        try:
            told = answer(request)
        except CosimError as error:
            told = {"error": f"{error}"}
        except Exception as error:  # told to whoever started the demo, not to who happens to watch it
            traceback.print_exception(error, file=sys.stderr)
            told = {"error": "the engine cannot run this; why stands where the demo was started"}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
