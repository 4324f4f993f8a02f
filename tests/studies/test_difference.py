"""Studies of a difference: what moves the lead of one way of working, and not what moves both alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.execution.design import Point
from cosim.execution.evaluator import Tables
from cosim.execution.factor import Factor
from cosim.execution.seeds import world_seed
from cosim.reporting.blocks import Picture
from cosim.reporting.page import render
from cosim.studies.config import check_config, config_from_data
from cosim.studies.difference_findings import difference_of
from cosim.studies.failures.findings import Failures
from cosim.studies.registry import page_for
from cosim.studies.results import Results, read_results
from cosim.studies.screen.findings import Screening
from cosim.studies.sobol.findings import Indices
from cosim.studies.study import Study
from tests.execution.fakes import uniform

FACTORS = ("level", "lever", "idle")


@dataclass(frozen=True)
class Leveraged:
    """effect = 5 level + dose of 'louder' times (lever - 0.3) + noise: the level moves both arms alike."""

    noise: float = 1.0
    name: str = "leveraged"

    def describe(self) -> Mapping[str, Any]:
        return {"leveraged": self.noise}

    def factors(self) -> Sequence[Factor]:
        return tuple(Factor(f"some.{key}", "uncertainty", 0.0, 1.0) for key in FACTORS)

    def interventions(self) -> Sequence[str]:
        return ("louder", "softer")

    def outcomes(self) -> Sequence[str]:
        return ("effect",)

    def check(self, point: Point) -> None:
        assert {key.removeprefix("some.") for key in point.changes} <= set(FACTORS)

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        rows = []
        for point in points:
            level, lever = (float(point.changes.get(f"some.{key}", 0.5)) for key in FACTORS[:2])  # type: ignore[arg-type]
            dose = point.interventions.get("louder", 0.0)
            for replicate in replicates:
                z = uniform(world_seed(seed, point.world), replicate) - 0.5
                # Noise that both arms share, and some that only the louder one has.
                value = 5 * level + dose * (lever - 0.3) + self.noise * z * (1 + 0.2 * dose)
                rows.append((point.point, replicate, value))
        return {"runs": pd.DataFrame(rows, columns=["point", "replicate", "effect"])}


def run(folder: Path, kind: str, block: dict[str, Any], **more: Any) -> Results:
    config = {"study": kind, "scenario": "toy", "replicates": 3, "seed": 2, "outcomes": ["effect"]}
    study = Study(check_config(config_from_data({**config, **more, kind: block}), lambda *_: Leveraged()))
    study.run(folder)
    return read_results(folder)


BETWEEN = ["louder", "baseline"]


def test_a_screening_of_a_difference_finds_the_lever_and_not_the_level(tmp_path: Path):
    results = run(tmp_path / "out", "screen", {"trajectories": 12, "between": BETWEEN})
    difference = difference_of(results)
    assert difference is not None
    one = Screening(difference.paired, "effect")
    assert one.clear == ("some.lever",)
    star = one.of("mu_star")["estimate"]
    assert star["some.lever"] == pytest.approx(1.0, abs=0.01)
    assert star["some.level"] == pytest.approx(0.0, abs=1e-9)
    assert Screening(difference.level, "effect").clear == ("some.level",)
    page = page_for("screen")(results)
    text = render(page)
    assert "the difference in effect between “Louder” and business as usual" in " ".join(page.answer)
    assert "Nothing that clearly moves the level clearly moves the difference" in text
    assert {section.key for section in page.sections} >= {"leverage", "matters"}


def test_sobol_indices_of_a_difference_are_those_of_its_tables(tmp_path: Path):
    """By SALib and pandas alone, from the folder's tables."""
    from SALib.analyze import sobol

    block = {"samples": 64, "between": BETWEEN, "second_order": False, "dummy": False}
    results = run(tmp_path / "out", "sobol", block)
    runs = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    means = runs.groupby("point")["effect"].mean().to_numpy()
    difference = means[0::2] - means[1::2]
    problem = {"num_vars": 3, "names": list(FACTORS), "bounds": [[0, 1]] * 3}
    salib = sobol.analyze(problem, difference, calc_second_order=False, seed=1)
    found = difference_of(results)
    assert found is not None
    table = Indices(found.paired, "effect").table
    plain = table[table["noise"] == "uncorrected"]
    for index in ("S1", "ST"):
        ours = plain[plain["index"] == index].set_index("factor")["estimate"]
        assert ours.to_numpy() == pytest.approx(np.asarray(salib[index]), abs=1e-12)
    assert ours["some.lever"] > 0.8
    assert "leverage" in {section.key for section in page_for("sobol")(results).sections}


def test_common_random_numbers_are_the_default_and_take_fewer_runs(tmp_path: Path):
    widths = {}
    for numbers in ("common", "own"):
        block = {"samples": 64, "second_order": False, "random_numbers": numbers}
        table = Indices(run(tmp_path / numbers, "sobol", block), "effect").table
        rows = table[(table["noise"] == "corrected") & (table["index"] == "ST")].set_index("factor")
        widths[numbers] = rows["se"]
    default = run(tmp_path / "default", "sobol", {"samples": 64, "second_order": False})
    assert default.runs.equals(read_results(tmp_path / "common").runs)
    assert widths["common"]["dummy"] == 0.0
    assert widths["common"]["some.lever"] < widths["own"]["some.lever"]


def test_shapley_effects_of_a_difference_add_up_and_are_salibs(tmp_path: Path):
    from SALib.analyze import shapley

    results = run(tmp_path / "out", "sobol", {"method": "shapley", "samples": 128, "between": BETWEEN})
    difference = difference_of(results)
    assert difference is not None
    one = Indices(difference.paired, "effect")
    shares = one.of("Sh")["estimate"]
    assert shares.sum() == pytest.approx(1.0)
    assert one.clear == ("some.lever",)
    assert shares["some.lever"] == pytest.approx(1.0, abs=0.02)
    means = difference.paired.runs.groupby("point")["effect"].mean().to_numpy()
    names = list(one.factors.names)
    problem = {"num_vars": 4, "names": names, "bounds": [[0, 1]] * 4}
    salib = shapley.analyze(problem, difference.paired.design[names].to_numpy(), means)
    plain = one.table[one.table["noise"] == "uncorrected"]["estimate"].to_numpy()
    assert plain == pytest.approx(np.asarray(salib["shapley_normalized"]), abs=1e-12)
    page = page_for("sobol")(results)
    assert "each with its part of their interactions" in page.answer[0]
    render(page)


def test_both_sides_of_a_point_share_their_random_numbers(tmp_path: Path):
    block = {"samples": 8, "between": BETWEEN, "random_numbers": "own"}
    results = run(tmp_path / "out", "sobol", block)
    worlds = results.design.sort_values("point")["world"].to_numpy()
    assert (worlds[0::2] == worlds[1::2]).all()
    assert len(set(worlds)) == len(worlds) // 2
    assert set(results.design["arm"]) == {"louder", "baseline"}


@pytest.mark.parametrize(
    ("between", "message"),
    [
        (["louder", "louder"], "the same"),
        (["loudr", "baseline"], "no such intervention"),
        (["louder"], "between"),
        ([[{"louder": 2.0}], "baseline"], "out of range"),
    ],
)
@pytest.mark.parametrize("kind", ["screen", "sobol"])
def test_what_is_no_difference_is_refused(kind: str, between: list[Any], message: str, tmp_path: Path):
    with pytest.raises(ConfigError, match=message) as caught:
        run(tmp_path, kind, {"between": between})
    assert f"{kind}.between" in str(caught.value.key)


def test_prim_and_trees_are_found_on_a_difference(tmp_path: Path):
    """It fails where the lever is below 0.3, whatever the level is."""
    block = {"arm": "louder", "against": "baseline", "outcome": "effect", "below": 0.0}
    more = {"interventions": ["louder"], "worlds": {"count": 256}}
    results = run(tmp_path / "out", "failures", block, **more)
    one = Failures(results)
    assert one.share("louder").estimate == pytest.approx(0.3, abs=0.05)
    box = one.boxes[0].box
    assert set(box.restricted) == {"some.lever"}
    assert box.ranges["some.lever"][1] == pytest.approx(0.3, abs=0.1)
    assert {name for leaf in one.tree.boxes for name in leaf.restricted} == {"some.lever"}
    page = page_for("failures")(results)
    assert "the difference in effect to business as usual" in " ".join(page.answer)
    # One parameter at a time: the lever alone, from which all that fails lies below 0.3.
    assert one.differing == ("some.lever",)
    assert one.regional["gap"][0] > 0.9
    assert one.regional["at"][0] == pytest.approx(0.3, abs=0.05)
    assert one.along is not None
    assert set(one.along.loc[one.along["above_floor"], "factor"]) == {"some.lever"}
    (section,) = (each for each in page.sections if each.key == "regional")
    shown = [block.name for block in section.blocks if isinstance(block, Picture)]
    assert shown == ["gaps", "distributions", "along"]
    assert set(page.data["regional"]["factor"]) == {"some.level", "some.lever", "some.idle"}
    with pytest.raises(ConfigError, match="no such arm to compare"):
        run(tmp_path / "no", "failures", {**block, "against": "louder"}, **more)
