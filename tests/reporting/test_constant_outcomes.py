"""An outcome that does not vary takes no page of the others: it is named, and the rest is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.outcomes import outcome_in_sentence
from cosim.studies.study import read_runs
from tests.cli.terminal import cosim

pytestmark = pytest.mark.slow

COMMON = "scenario: research_team\nreplicates: 2\nseed: 7\n"
FACTORS = "factors: { floor.returning: [1, 3], uptake.rate: null, facilitation.rounds: null }"
SEARCH = "search: { members: [round_robin, ground_rules], objectives: "
FAILURES = "interventions: [round_robin]\nworlds: { count: 50 }\nfailures: { arm: round_robin, outcome: "
KINDS = {
    "saltelli": f"study: sobol\nsobol: {{ {FACTORS}, samples: 16 }}\n",
    "fast": f"study: sobol\nsobol: {{ {FACTORS}, samples: 65, curves: 2, method: fast }}\n",
    "space_filling": f"study: sobol\nsobol: {{ {FACTORS}, samples: 64, method: space_filling }}\n",
    "screen": f"study: screen\nscreen: {{ {FACTORS}, trajectories: 4 }}\n",
    "factorial": "study: factorial\nworlds: { count: 4 }\n"
    "factorial: { factors: [round_robin, ground_rules] }\n",
    "sweep": "study: sweep\nsweep: { over: { uptake.rate: { from: 0.1, to: 0.3, steps: 3 } } }\n",
    "compare": "study: compare\ninterventions: [round_robin]\nworlds: { count: 4 }\n",
    "bundles": f"study: bundles\n{SEARCH}{{ steered: min, influence_gini: min }} }}\n",
    "bundles of it": f"study: bundles\n{SEARCH}{{ steered: min, enacted_level: max }} }}\n",
    "failures": f"study: failures\n{FAILURES}influence_gini, above: 0.2 }}\n",
    "failures of it": f"study: failures\n{FAILURES}steered, above: 0.5 }}\n",
    "structure": "study: structure\nstructure: { variants: { far: { uptake.rate: 0.2 } } }\n"
    "interventions: [round_robin]\nworlds: { count: 4 }\n",
}


LEADING = {"bundles of it", "failures of it"}
"""Kinds that ask about one outcome only, here one that does not vary: there is no other to report."""


@pytest.mark.parametrize("outcomes", ["[steered, influence_gini, enacted_level]", "[steered, enacted_level]"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_study_reports_the_outcomes_that_vary(kind: str, outcomes: str, tmp_path: Path) -> None:
    config, folder = tmp_path / "c.yaml", tmp_path / "out"
    config.write_text(f"{KINDS[kind]}{COMMON}outcomes: {outcomes}\n")
    result = cosim("run", config, "--output", folder)
    assert result.exit_code == 0, result.stderr
    assert (folder / "report.html").exists()
    runs = read_runs(folder)
    assert runs["steered"].nunique() == runs["enacted_level"].nunique() == 1
    said = " ".join(result.stdout.split())
    steered, level = (outcome_in_sentence(name) for name in ("steered", "enacted_level"))
    assert f"{steered} and {level} did not vary".lower() in said.lower()
    if "influence_gini" in outcomes and kind not in LEADING:
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert outcome_in_sentence("influence_gini") in page
