"""A process of its own for many fast replicates, so that the page stays quick meanwhile.

It reads one request a line and writes one answer a line, both JSON, and ends when its input does.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Return the outcomes of a scenario's replicates, and each member's mean shares."""
    from cosim.catalogue import load_scenario
    from cosim.simulation import simulate

    result = simulate(load_scenario(request["scenario"]), int(request["replicates"]), int(request["seed"]))
    wanted = [name for name in result.runs.columns if name != "replicate"]
    people = result.people
    top = people.loc[people.groupby("replicate")["influence_share"].idxmax()]
    return {
        "runs": {name: result.runs[name].tolist() for name in wanted},
        "most_influence": top["person"].tolist(),
        "most_influence_role": top["role"].tolist(),
    }


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes our input
    for line in sys.stdin:
        request = json.loads(line)
        try:
            told = answer(request)
        except Exception as error:
            told = {"error": f"{error}"}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
