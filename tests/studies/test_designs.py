"""The designs that each kind of study makes, checked by those who will analyse them."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.config.yaml_source import Source
from cosim.errors import ConfigError
from cosim.execution.design import Design
from cosim.execution.design_table import design_table
from cosim.execution.seeds import world_seed
from cosim.studies.config import StudyConfig, check_config, config_from_text
from cosim.studies.factorial.design import fraction, treatments
from cosim.studies.registry import KINDS
from cosim.studies.study import Study, read_runs
from tests.execution.fakes import Ishigami, Toy, uniform
from tests.studies.test_config import toy

SWEEP = "study: sweep\nscenario: toy\nsweep: {over:"


def check(text: str) -> StudyConfig:
    return check_config(config_from_text(text, Path("c.yaml")), toy)


def frame(design: Design) -> pd.DataFrame:
    return design_table(design).to_pandas()


def test_a_sweep_one_at_a_time() -> None:
    design = check(
        "study: sweep\nscenario: toy\ninterventions: [louder]\nworlds: {count: 2, over: [floor.x]}\nsweep:\n"
        "  over:\n    facilitation.dial: {from: 0, to: 0.3, steps: 4}\n    slower: [0.25, 0.5]\n"
    ).design()
    assert design.arms == (
        "baseline", "facilitation.dial=0", "facilitation.dial=0.1", "facilitation.dial=0.2",
        "facilitation.dial=0.3", "with.slower=0.25", "with.slower=0.5", "louder",
        "louder | facilitation.dial=0", "louder | facilitation.dial=0.1",
        "louder | facilitation.dial=0.2", "louder | facilitation.dial=0.3",
        "louder | with.slower=0.25", "louder | with.slower=0.5",
    )  # fmt: skip
    assert len(design.points) == 28
    last = design.points[13]
    assert last.interventions == {"louder": 1.0, "slower": 0.5}
    assert set(last.changes) == {"floor.x"}
    assert design.notes["settings"]["louder | with.slower=0.5"] == {
        "arm": "louder", "values": {"with.slower": 0.5},
    }  # fmt: skip


def test_a_sweep_over_a_grid() -> None:
    design = check(
        "study: sweep\nscenario: toy\nsweep:\n  mode: grid\n  over:\n    rule.form: [plain, rich]\n"
        "    team.count: {from: 1, to: 3, steps: 3}\n"
    ).design()
    assert [tuple(p.changes.values()) for p in design.points] == [
        ("plain", 1), ("plain", 2), ("plain", 3), ("rich", 1), ("rich", 2), ("rich", 3),
    ]  # fmt: skip
    assert all(isinstance(p.changes["team.count"], int) for p in design.points)


def test_points_of_a_sweep_have_names_that_tell_them_apart() -> None:
    design = check(f"{SWEEP} {{floor.x: [0.1234561, 0.1234562, 0.25]}}}}\n").design()
    assert design.arms == ("baseline", "floor.x=0.1234561", "floor.x=0.1234562", "floor.x=0.25")


def test_a_key_that_takes_whole_numbers_only_may_be_swept_in_steps() -> None:
    from cosim.studies.team_model import team_model

    text = "study: sweep\nscenario: research_team\nsweep:\n  over: {team.patients.count: {from: 1, to: 3, "
    design = check_config(config_from_text(f"{text}steps: 3}}}}\n"), team_model).design()
    assert [point.changes.get("team.patients.count") for point in design.points] == [None, 1, 2, 3]
    with pytest.raises(ConfigError, match=r"whole number \(found 1.5\)"):
        check_config(config_from_text(f"{text}steps: 5}}}}\n"), team_model)


@pytest.mark.parametrize("resolution", [3, 4, 5])
@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 8, 11, 16])
def test_fractions_have_the_resolution_they_promise(count: int, resolution: int) -> None:
    columns = fraction(count, resolution)
    signs = 2 * np.array(treatments(columns)) - 1
    assert len(np.unique(signs, axis=0)) == len(signs)
    for size in range(1, resolution):
        for some in combinations(range(count), size):
            assert signs[:, some].prod(axis=1).sum() == 0, "no word is shorter than the resolution"


def test_fractions_are_as_small_as_the_textbooks() -> None:
    # Runs of the smallest regular designs, Box, Hunter & Hunter (2005), table 6.22.
    sizes = {(7, 3): 8, (15, 3): 16, (8, 4): 16, (16, 4): 32, (5, 5): 16, (6, 5): 32}
    assert {key: len(treatments(fraction(*key))) for key in sizes} == sizes


def test_a_full_factorial_over_interventions_and_settings() -> None:
    design = check(
        "study: factorial\nscenario: toy\nworlds: {count: 2, over: [floor.y]}\nfactorial:\n"
        "  factors: {louder: null, slower: null, facilitation.dial: [0.2, 0.4]}\n"
    ).design()
    table = frame(design)
    assert len(table) == 16
    assert sorted(table["facilitation.dial"].unique()) == [0.2, 0.4]
    assert sorted(table["with.louder"].unique()) == [0.0, 1.0]
    assert table[["with.louder", "with.slower", "facilitation.dial"]].drop_duplicates().shape[0] == 8
    assert design.notes["factors"] == ["with.louder", "with.slower", "facilitation.dial"]


def test_factorial_effects_of_a_linear_model_are_exact(tmp_path: Path) -> None:
    from cosim.analysis.factorial import factorial_effects

    study = Study(
        check(
            "study: factorial\nscenario: toy\nreplicates: 3\nfactorial:\n"
            "  factors: {louder: null, slower: null, floor.x: [0.2, 0.4], facilitation.dial: null}\n"
            "  resolution: 4\n"
        )
    )
    study.run(tmp_path)
    design = pd.read_parquet(tmp_path / "design.parquet")
    assert len(design) == 8
    effects, aliasing = factorial_effects(
        read_runs(tmp_path), design, "effect", study.design.notes["factors"]
    )
    found = effects.set_index("term")["effect"]
    assert aliasing.resolution == 4
    assert found["with.louder"] == pytest.approx(2.0, abs=1e-12)
    assert found["floor.x"] == pytest.approx(0.2, abs=1e-12)
    assert found["with.slower"] == pytest.approx(0.0, abs=1e-12)


def test_a_morris_design_is_one(tmp_path: Path) -> None:
    from cosim.analysis.morris import morris
    from cosim.analysis.tables import Factors

    study = Study(
        check(
            "study: screen\nscenario: toy\nreplicates: 2\nscreen:\n  trajectories: 6\n"
            "  factors: [floor.x, floor.y, facilitation.dial, louder]\n"
        )
    )
    design = study.design
    assert len(design.points) == 6 * 6
    assert [p.world for p in design.points[:7]] == [0] * 6 + [1], "a trajectory shares its random numbers"
    study.run(tmp_path)
    notes = design.notes
    factors = Factors(notes["factors"], notes["groups"], notes["dummy"])
    found = morris(read_runs(tmp_path), frame(design), "effect", factors, levels=notes["levels"])
    mu = found[(found["index"] == "mu") & (found["noise"] == "uncorrected")].set_index("factor")["estimate"]
    assert mu["floor.x"] == pytest.approx(1.0, abs=1e-9)
    assert mu["with.louder"] == pytest.approx(2.0, abs=1e-9)
    assert mu["dummy"] == pytest.approx(0.0, abs=1e-9)


def ishigami(noise: float, extra: str = "", replicates: int = 1) -> Study:
    text = f"study: sobol\nscenario: toy\nreplicates: {replicates}\nsobol:\n{extra}"
    return Study(check_config(config_from_text(text), lambda wanted, settings: Ishigami(noise)))


# First and total indices of the Ishigami function with a = 7, b = 0.1 (Ishigami & Homma 1990), by formula.
_V1 = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2
_V2 = 7**2 / 8
_V13 = 0.1**2 * math.pi**8 * (1 / 18 - 1 / 50)
_V = _V1 + _V2 + _V13
FIRST = {"x1": _V1 / _V, "x2": _V2 / _V, "x3": 0.0}
TOTAL = {"x1": (_V1 + _V13) / _V, "x2": _V2 / _V, "x3": _V13 / _V}


@pytest.mark.parametrize(
    ("noise", "replicates", "shared"), [(0.0, 1, "own"), (6.0, 4, "own"), (6.0, 4, "shared")]
)
def test_ishigami_through_the_whole_pipeline(
    noise: float, replicates: int, shared: str, tmp_path: Path
) -> None:
    from cosim.analysis.resampling import Resampling
    from cosim.analysis.sobol import sobol_indices
    from cosim.analysis.tables import Factors

    study = ishigami(noise, f"  samples: 512\n  random_numbers: {shared}\n", replicates)
    study.run(tmp_path)
    notes = study.design.notes
    factors = Factors(notes["factors"], notes["groups"], notes["dummy"])
    found = sobol_indices(
        read_runs(tmp_path), pd.read_parquet(tmp_path / "design.parquet"), "y", factors,
        resampling=Resampling(draws=100, replication="nested"),
    )  # fmt: skip
    kind = "corrected" if replicates > 1 else "uncorrected"
    for index, truth in (("S1", FIRST), ("ST", TOTAL)):
        table = found.of(index, kind)
        for name, value in truth.items():
            row = table.loc[name]
            assert abs(row["estimate"] - value) < max(3.5 * row["se"], 0.01), (
                index,
                name,
                row["estimate"],
                value,
            )


def test_the_random_numbers_of_a_sobol_design() -> None:
    own = ishigami(1, "  samples: 8\n  random_numbers: own\n").design
    assert [p.world for p in own.points] == list(range(len(own.points)))
    shared = ishigami(1, "  samples: 8\n  random_numbers: common\n").design
    step = 2 * 4 + 2
    assert [p.world for p in shared.points[:step]] == [0] * 5 + [1] * 5, "A and AB, then BA and B"
    assert own.points[3].changes == shared.points[3].changes
    first = ishigami(1, "  samples: 8\n  random_numbers: common\n  second_order: false\n").design
    assert [p.world for p in first.points[:6]] == [0] * 5 + [1]
    assert uniform(world_seed(1, 0), 0) != uniform(world_seed(1, 1), 0)


def test_fast_and_space_filling_designs() -> None:
    fast = ishigami(0, "  method: fast\n  samples: 65\n  curves: 2\n  dummy: false\n").design
    assert len(fast.points) == 65 * 3 * 2
    halves = [frame(fast)[["x1", "x2", "x3"]].to_numpy()[part] for part in (slice(0, 195), slice(195, None))]
    assert not np.array_equal(*halves)
    filled = ishigami(0, "  method: space_filling\n  samples: 64\n").design
    assert len(filled.points) == 64
    assert list(filled.points[0].changes) == ["x1", "x2", "x3", "dummy"]


def test_groups_are_sampled_together() -> None:
    design = ishigami(0, "  samples: 8\n  groups: {both: [x1, x3]}\n").design
    assert len(design.points) == 8 * (2 * 3 + 2)
    assert design.notes["groups"] == {"x1": "both", "x3": "both"}


def test_failures_and_structure() -> None:
    failures = check(
        "study: failures\nscenario: toy\ninterventions: [louder]\nworlds: {count: 64}\n"
        "failures: {arm: louder, outcome: effect, below: 1.5}\n"
    ).design()
    assert len(failures.points) == 128
    assert failures.notes["factors"] == ["floor.x", "floor.y", "team.count", "rule.form"]
    structure = check(
        "study: structure\nscenario: toy\ninterventions: [louder]\nworlds: {count: 2, over: [floor.x]}\n"
        "structure:\n  variants:\n    rich: {rule.form: rich}\n    crowd: {team.count: 4}\n"
    ).design()
    assert structure.arms == (
        "baseline", "louder", "baseline | rich", "louder | rich", "baseline | crowd", "louder | crowd",
    )  # fmt: skip
    assert structure.notes["arms"]["louder | rich"] == {"arm": "louder", "variant": "rich"}


def test_bundles_are_all_sets_without_contradictions() -> None:
    text = (
        "study: bundles\nscenario: toy\nsearch:\n  together: 3\n  objectives: {effect: max, minutes: min}\n"
    )
    design = check(text).design()
    assert design.arms == ("baseline", "louder", "louder+slower", "softer", "softer+slower", "slower")
    assert design.notes["conflicts"] == [["louder", "softer"]]
    assert not design.notes["search"]
    search = check(text + "  exhaustive_up_to: 3\n").design()
    assert search.notes["search"]
    assert search.arms == ("baseline", "louder", "softer", "slower")
    generation = check(text + "bundles: {a: [louder, slower]}\n").design()
    assert generation.arms == ("baseline", "a")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_resolved_and_read_back(kind: str) -> None:
    text = {
        "compare": "interventions: all\n",
        "screen": "screen: {factors: [floor.x, slower], trajectories: 2, between: [louder, baseline]}\n",
        "sobol": "sobol: {factors: {floor.x: [0.2, 0.3], louder: null}, samples: 8}\n",
        "factorial": "factorial: {factors: [louder, slower, floor.x], resolution: 3}\n",
        "sweep": "sweep: {over: {floor.x: [0.1, 0.2]}}\n",
        "bundles": "search: {objectives: {effect: max}}\n",
        "failures": "interventions: all\nworlds: {count: 50}\n"
        "failures: {arm: louder, outcome: effect, above: 1}\n",
        "information": "interventions: [louder]\nworlds: {count: 50}\ninformation: {utility: {effect: 1}}\n",
        "structure": "structure: {variants: {v: {rule.form: rich}}}\n",
    }[kind]
    config = check(f"study: {kind}\nscenario: toy\n{text}")
    again = check_config(Source(None, config.resolved()), toy)
    assert again.design().hash == config.design().hash


BAD = {
    "foreign common key": (
        "study: sobol\nscenario: toy\nworlds: {count: 3}\n",
        3,
        "worlds",
        "no meaning in a study",
    ),
    "foreign block": (
        "study: sweep\nscenario: toy\nsweep: {over: {floor.x: [1]}}\nsobol: {}\n",
        4,
        "sobol",
        "belongs to another",
    ),
    "missing block": ("study: sweep\nscenario: toy\n", 1, "sweep.over", "missing"),
    "unknown factor": (
        "study: screen\nscenario: toy\nscreen: {factors: [flor.x]}\n",
        3,
        "screen.factors[0]",
        "'floor.x'",
    ),
    "factor twice": (
        "study: screen\nscenario: toy\nscreen: {factors: [louder, with.louder]}\n",
        3,
        "screen.factors[1]",
        "twice",
    ),
    "empty range": (
        "study: sobol\nscenario: toy\nsobol:\n  factors: {floor.x: [1, 1]}\n",
        4,
        "sobol.factors.floor.x",
        "below",
    ),
    "range out of what is allowed": (
        "study: sobol\nscenario: toy\nsobol:\n  factors: {facilitation.dial: [0, 2]}\n",
        4,
        "sobol.factors",
        "0 to 1",
    ),
    "range of a choice": (
        "study: sobol\nscenario: toy\nsobol:\n  factors: {rule.form: [0, 2]}\n",
        4,
        "sobol.factors.rule.form",
        "choice of words",
    ),
    "no power of two": (
        "study: sobol\nscenario: toy\nsobol: {samples: 100}\n",
        3,
        "sobol.samples",
        "64 or 128",
    ),
    "too few for fast": (
        "study: sobol\nscenario: toy\nsobol: {samples: 32, method: fast}\n",
        3,
        "sobol.samples",
        ">= 65",
    ),
    "unknown in a group": (
        "study: sobol\nscenario: toy\nsobol:\n  groups:\n    g: [floor.z]\n",
        5,
        "sobol.groups.g[0]",
        "not among the factors",
    ),
    "in two groups": (
        "study: sobol\nscenario: toy\nsobol:\n  groups:\n    g: [floor.x]\n    h: [floor.x]\n",
        6,
        "sobol.groups.h[0]",
        "already",
    ),
    "few values for the levels": (
        "study: screen\nscenario: toy\nscreen:\n  levels: 4\n"
        "  factors: {floor.x: null, team.count: {discrete: [1, 2], weights: [9, 1]}}\n",
        4,
        "screen.levels",
        "would not change team.count",
    ),
    "odd levels": (
        "study: screen\nscenario: toy\nscreen: {levels: 5}\n",
        3,
        "screen.levels",
        "a multiple of 2",
    ),
    "contradiction in a factorial": (
        "study: factorial\nscenario: toy\nfactorial: {factors: [louder, softer]}\n",
        3,
        "factorial.factors",
        "contradict",
    ),
    "nothing to sweep": ("study: sweep\nscenario: toy\nsweep: {over: {}}\n", 3, "sweep.over", "too few"),
    "no values": (
        "study: sweep\nscenario: toy\nsweep: {over: {floor.x: []}}\n",
        3,
        "sweep.over.floor.x",
        "allowed: at least 2",
    ),
    "one value": (f"{SWEEP} {{floor.x: [0.2]}}}}\n", 3, "sweep.over.floor.x", "too few values for a curve"),
    "a word for a dose": (f"{SWEEP} {{louder: [low, 1]}}}}\n", 3, "sweep.over.louder[0]", "allowed: 0 to 1"),
    "a list for a dose": (f"{SWEEP} {{louder: [1, [0]]}}}}\n", 3, "sweep.over.louder[1]", "not a dose"),
    "a truth value for a dose": (
        f"{SWEEP} {{louder: [true, 0]}}}}\n",
        3,
        "sweep.over.louder[0]",
        "(found True)",
    ),
    "doses beyond the range": (
        f"{SWEEP} {{louder: {{from: 0, to: 2, steps: 3}}}}}}\n",
        3,
        "sweep.over.louder",
        "(found 2.0)",
    ),
    "a dial under two names": (
        f"{SWEEP} {{louder: [0, 1], with.louder: [0, 0.5]}}}}\n",
        3,
        "sweep.over.with.louder",
        "listed twice",
    ),
    "the dummy in a sweep": (f"{SWEEP} {{dummy: [0, 1]}}}}\n", 3, "sweep.over.dummy", "no such factor"),
    "an arm that is swept": (
        f"{SWEEP} {{louder: [0, 1]}}}}\ninterventions: [louder]\n",
        3,
        "sweep.over",
        "'louder' sets with.louder too",
    ),
    "an arm that sets what is swept": (
        f"{SWEEP} {{floor.x: [0, 1]}}}}\narms: {{a: {{set: {{floor.x: 0.5}}}}}}\n",
        3,
        "sweep.over",
        "sets floor.x too",
    ),
    "an arm of a point's name": (
        f"{SWEEP} {{floor.x: [0, 1]}}}}\narms: {{floor.x=0: {{with: [louder]}}}}\n",
        3,
        "sweep.over",
        "this name",
    ),
    "two arms of one name in a structure": (
        "study: structure\nscenario: toy\narms: {x: {with: [louder]}, x | a: {with: [softer]}}\n"
        "structure: {variants: {a: {floor.x: 0.1}}}\n",
        4,
        "structure.variants.a",
        "another arm would have this name (found 'x | a')",
    ),
    "interventions as factors": (
        "study: screen\nscenario: toy\nscreen: {factors: interventions}\n",
        3,
        "screen.factors",
        "levers",
    ),
    "no members": (
        "study: bundles\nscenario: toy\nsearch: {objectives: {effect: max}, members: []}\n",
        3,
        "search.members",
        "at least 1",
    ),
    "an empty group": (
        "study: screen\nscenario: toy\nscreen: {groups: {g: []}}\n",
        3,
        "screen.groups.g",
        "at least 1",
    ),
    "unknown key in a sweep": (
        "study: sweep\nscenario: toy\nsweep: {over: {floor.q: [0, 1]}}\n",
        3,
        "sweep.over",
        "floor.q",
    ),
    "unknown word in a sweep": (
        "study: sweep\nscenario: toy\nsweep: {over: {lauder: [0, 1]}}\n",
        3,
        "sweep.over.lauder",
        "'louder'",
    ),
    "too large a grid": (
        "study: sweep\nscenario: toy\nsweep: {mode: grid, over: {floor.x: {from: 0, to: 1, steps: 999}, "
        "floor.y: {from: 0, to: 1, steps: 999}}}\n",
        3,
        "sweep.over",
        "too large",
    ),
    "few worlds for failures": (
        "study: failures\nscenario: toy\ninterventions: all\n"
        "failures: {arm: louder, outcome: effect, below: 1}\n",
        1,
        "worlds.count",
        ">= 50",
    ),
    "no threshold": (
        "study: failures\nscenario: toy\ninterventions: all\nworlds: {count: 50}\n"
        "failures: {arm: louder, outcome: effect}\n",
        5,
        "failures",
        "either `below` or `above`",
    ),
    "unknown arm": (
        "study: failures\nscenario: toy\nworlds: {count: 50}\nfailures: {arm: loud, below: 1}\n",
        4,
        "failures.arm",
        "no such arm",
    ),
    "clash of a variant": (
        "study: structure\nscenario: toy\narms: {a: {set: {floor.x: 0.1}}}\n"
        "structure: {variants: {v: {floor.x: 0.2}}}\n",
        4,
        "structure.variants.v",
        "sets floor.x too",
    ),
    "unknown objective": (
        "study: bundles\nscenario: toy\nsearch: {objectives: {efect: max}}\n",
        3,
        "search.objectives[0]",
        "'effect'",
    ),
    "unknown member": (
        "study: bundles\nscenario: toy\nsearch: {objectives: {effect: max}, members: [lauder]}\n",
        3,
        "search.members[0]",
        "'louder'",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_configs_of_every_kind(kind: str) -> None:
    text, line, key, words = BAD[kind]
    with pytest.raises(ConfigError) as caught:
        check(text)
    assert words in str(caught.value), str(caught.value)
    assert (caught.value.line, caught.value.key) == (line, key), str(caught.value)


def test_the_toy_ignores_the_dummy() -> None:
    assert "dummy" not in [factor.key for factor in Toy().factors()]


@pytest.mark.parametrize(("old", "new"), [("own", "own"), ("shared", "common")])
def test_luck_is_still_read_as_random_numbers(old: str, new: str) -> None:
    """Configs of the first edition keep working; what is recorded has the field's name."""
    design = ishigami(1, f"  samples: 8\n  luck: {old}\n").design
    assert design == ishigami(1, f"  samples: 8\n  random_numbers: {new}\n").design


@pytest.mark.parametrize("line", ["luck: none", "random_numbers: none", "luck: own\n  random_numbers: own"])
def test_other_words_for_random_numbers_are_refused(line: str) -> None:
    with pytest.raises(ConfigError) as found:
        ishigami(1, f"  samples: 8\n  {line}\n")
    assert found.value.key in ("sobol.luck", "sobol.random_numbers")
    assert found.value.key.removeprefix("sobol.") in line
