"""Worlds over parameters, ways and teams: what is drawn, who shares it, whether planted truth is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.analysis.sobol import sobol_indices
from cosim.analysis.tables import Factors
from cosim.catalogue import load_scenario, names
from cosim.config.yaml_source import Source
from cosim.errors import ConfigError
from cosim.execution.chunks import Shard
from cosim.execution.design import Point
from cosim.execution.design_table import design_table
from cosim.execution.evaluator import Tables
from cosim.execution.executors import local
from cosim.execution.factor import Factor, JointFactor
from cosim.execution.seeds import world_seed
from cosim.scenario.plan import resolve
from cosim.studies.config import StudyConfig, check_config, config_from_text
from cosim.studies.fitted_numbers import fitted_factor
from cosim.studies.registry import page_for
from cosim.studies.results import read_results
from cosim.studies.study import Study, read_runs
from cosim.studies.team_model import TeamModel, team_model
from cosim.studies.teams import TRAITS, settled, team_changes
from cosim.studies.widths import by_width
from tests.execution.fakes import Toy, uniform
from tests.execution.studies import results

TEAM_TEXT = """\
study: compare
scenario: research_team
interventions: [round_robin, co_chairing, critical_mass]
bundles: {both: [round_robin, co_chairing]}
worlds: {count: 12, over: [parameters, ways, team]}
replicates: 1
seed: 5
output: {runs_per_chunk: 7}
"""
ROWS = ((0.0, 0.0), (0.3, 0.2), (0.5, 0.9), (1.0, 1.0))


@dataclass(frozen=True)
class Planted(Toy):
    """effect = x + p * q + dose * compliance * (1 in teams of up to 12, else -1): truth by hand."""

    def factors(self) -> Sequence[Factor]:
        return (
            Factor("floor.x", "uncertainty", 0.0, 1.0, usual=0.5, bounds=(-0.2, 1.0)),
            Factor("p", "uncertainty", 0.0, 1.0),
            Factor("q", "uncertainty", 0.0, 1.0),
            JointFactor("fitted_pq", "fitted", 0.0, 3.0, "int", names=("p", "q"), rows=ROWS,
                        limited=((0.0, 1.0), (0.0, 1.0))),
            Factor("way_louder_compliance", "way", 0.5, 1.0, of="louder"),
            Factor("way_softer_compliance", "way", 0.5, 1.0, of="softer"),
            Factor("team_size", "team", 4, 30, "int"),
            Factor("team_rule", "team", kind="choice", choices=("majority", "consensus", "alone")),
        )  # fmt: skip

    def check(self, point: Point) -> None:
        known = {key for factor in self.factors() for key in factor.keys}
        assert set(point.changes) <= known, "no subject sees the dummy or the scale"

    def _run(self, point: Point, replicate: int, seed: int) -> tuple[int, int, float, int, str]:
        changes: Mapping[str, Any] = point.changes
        sign = 1.0 if changes.get("team_size", 10) <= 12 else -1.0
        effect = changes.get("floor.x", 0.5) + changes.get("p", 0.0) * changes.get("q", 0.0)
        effect += point.interventions.get("louder", 0.0) * changes.get("way_louder_compliance", 1.0) * sign
        effect += {"majority": 0.0, "consensus": 1.0, "alone": 3.0}[changes.get("team_rule", "majority")]
        effect += self.noise * (uniform(seed, replicate) - 0.5)
        return (point.point, replicate, effect, 60, "lead")

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        for point in points:
            self.check(point)
        assert world_seed(seed, 0) == seed
        return super().__call__(points, replicates, seed)


def planted(text: str) -> StudyConfig:
    whole = f"scenario: toy\n{text}"
    return check_config(config_from_text(whole, Path("c.yaml")), lambda wanted, settings: Planted())


def real(text: str = TEAM_TEXT) -> Study:
    return Study(check_config(config_from_text(text, Path("c.yaml")), team_model))


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        planted(text)
    return caught.value


COMPARE = "study: compare\ninterventions: [louder]\nreplicates: 2\n"
SOBOL = "study: sobol\nsobol: {samples: 8, "
TEAMS = COMPARE + "worlds: {count: 4, over: [team]}\n"
FOUR = COMPARE + "worlds: {count: 4}\n"


def test_a_planted_interaction_with_the_team_is_found_in_the_tables(tmp_path: Path) -> None:
    study = Study(planted(COMPARE + "worlds: {count: 64, over: [parameters, ways, team]}\n"))
    study.run(tmp_path)
    runs, design = read_runs(tmp_path), pd.read_parquet(tmp_path / "design.parquet")
    means = runs.pivot_table(index="world", columns="arm", values="effect")
    worlds = design.groupby("world").first()  # the first value there is: ways stand only where they are used
    difference = means["louder"] - means["baseline"]
    sign = np.where(worlds["team_size"] <= 12, 1.0, -1.0)
    np.testing.assert_allclose(difference, sign * worlds["way_louder_compliance"], atol=1e-12)
    assert 0.1 < (sign > 0).mean() < 0.6
    assert worlds["team_size"].between(4, 30).all()
    assert set(worlds["team_rule"]) == {"majority", "consensus", "alone"}


def test_arms_of_a_world_share_the_draw_and_a_way_stands_only_where_it_is_used() -> None:
    points = planted(COMPARE + "worlds: {count: 8, over: [ways, team]}\n").design().points
    for usual, louder in zip(points[::2], points[1::2], strict=True):
        assert "way_louder_compliance" not in usual.changes
        assert {"way_softer_compliance"} & set(louder.changes) == set()
        shared = {key: value for key, value in louder.changes.items() if key != "way_louder_compliance"}
        assert shared == usual.changes
    table = design_table(planted(COMPARE + "worlds: {count: 8, over: [ways]}\n").design())
    assert table.column("way_louder_compliance").null_count == 8
    assert "way_softer_compliance" not in table.column_names


def test_what_was_fitted_is_drawn_in_rows_by_the_block_and_alone_by_all() -> None:
    jointly = planted(COMPARE + "worlds: {count: 64, over: [parameters]}\n").design().points
    pairs = {(point.changes["p"], point.changes["q"]) for point in jointly}
    assert pairs == set(ROWS)
    assert all(ROWS[point.changes["fitted_pq"]][0] == point.changes["p"] for point in jointly)  # type: ignore[index]
    alone = planted(COMPARE + "worlds: {count: 64, over: all}\n").design().points
    assert len({(point.changes["p"], point.changes["q"]) for point in alone}) == 64
    assert "fitted_pq" not in alone[0].changes
    own = "worlds: {count: 8, over: [parameters]}\nranges: {set: {p: [0, 0.1]}}\n"
    given_up = planted(COMPARE + own).design().points
    assert max(float(point.changes["p"]) for point in given_up) <= 0.1  # type: ignore[arg-type]
    for (
        point
    ) in given_up:  # who gives a fitted number a range of its own takes it out; the others keep their row
        assert ROWS[point.changes["fitted_pq"]][1] == point.changes["q"]  # type: ignore[index]


def test_one_switch_halves_and_doubles_every_range() -> None:
    over = "worlds: {count: 32, over: [floor.x, team]}\n"
    design = planted(COMPARE + over + "ranges: {scale: [0.5, 1, 2]}\n").design()
    assert design.worlds == 96
    table = design_table(design).to_pandas()
    by_scale = table.groupby("ranges_scale")["floor.x"].agg(["min", "max"])
    assert by_scale.loc[0.5, "min"] >= 0.25
    assert by_scale.loc[0.5, "max"] <= 0.75
    assert by_scale.loc[2.0, "min"] < 0.0, "twice as wide, cut at what is allowed"
    assert by_scale.loc[2.0, "min"] >= -0.2
    assert by_scale.loc[2.0, "max"] <= 1.0
    usual = table[table["ranges_scale"] == 1.0].reset_index(drop=True)
    half = table[table["ranges_scale"] == 0.5].reset_index(drop=True)
    np.testing.assert_allclose(half["floor.x"] - 0.5, (usual["floor.x"] - 0.5) / 2)
    pd.testing.assert_series_equal(half["team_size"], usual["team_size"])
    alone = planted(COMPARE + over + "ranges: {scale: 0.5}\n").design()
    assert [p.changes["floor.x"] for p in alone.points] == half["floor.x"].tolist()
    assert list(design.points[60:70]) == [design.points[k] for k in range(60, 70)]


def test_the_mix_of_teams_is_the_configs() -> None:
    mix = "team:\n  size: {triangular: [6, 8, 12]}\n  rule: [majority, alone]\n"
    points = planted(COMPARE + "worlds: {count: 64, over: [team]}\n" + mix).design().points
    assert {point.changes["team_rule"] for point in points} == {"majority", "alone"}
    sizes = [point.changes["team_size"] for point in points]
    assert set(sizes) <= set(range(6, 13))
    fixed = planted(TEAMS + "team: {size: 9}\n").design().points
    assert {point.changes["team_size"] for point in fixed} == {9}


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (COMPARE + "worlds: {count: 4, over: [paramters]}\n", "worlds.over[0]", "parameters"),
        (COMPARE + "worlds: {count: 4, over: [p, parameters]}\n", "worlds.over[1]", "drawn already"),
        (COMPARE + "worlds: {count: 4, over: [team, team]}\n", "worlds.over[1]", "listed twice"),
        (COMPARE + "worlds: {count: 4, over: [ways]}\nteam: {size: 9}\n", "team", "over `team`"),
        (TEAMS + "team: {seize: 9}\n", "team.seize", "size"),
        (TEAMS + "team: {rule: [majority, alon]}\n", "team.rule", "no such"),
        (TEAMS + "team: {size: [9, 4]}\n", "team.size", "below"),
        (FOUR + "ranges: {set: {floor.z: [0, 1]}}\n", "ranges.set.floor.z", "floor.x"),
        (FOUR + "ranges: {set: {p: {beta: [1, 2], lognormal: [1, 2]}}}\n",
         "ranges.set.p", "2 shapes"),
        (FOUR + "ranges: {scale: 0}\n", "ranges.scale", "0"),
        ("study: sobol\nranges: {scale: [1, 2]}\nsobol: {samples: 8}\n", "ranges.scale", "one number"),
        (SOBOL + "factors: [fitted_pq, p]}\n", "sobol.factors[1]", "listed twice"),
        (SOBOL + "factors: {fitted_pq: [0, 1]}}\n", "sobol.factors.fitted_pq", "p, q"),
        (SOBOL + "factors: {team_rule: [0, 1]}}\n", "sobol.factors.team_rule", "words"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_where_it_stands(text: str, key: str, said: str) -> None:
    error = refused(text)
    assert error.key is not None
    assert error.key.startswith(key)
    assert said in str(error)
    assert error.line is not None


@pytest.mark.parametrize(
    "text",
    [
        COMPARE + "worlds: {count: 4, over: [parameters, ways, team]}\n"
        "team: {size: {discrete: [4, 9], weights: [1, 2]}}\n",
        COMPARE + "worlds: {count: 4, over: [floor.x]}\n"
        "ranges: {scale: [1, 2], set: {floor.x: {beta: [2, 2]}}}\n",
        SOBOL + "factors: {floor.x: {triangular: [0, 0.1, 1]}, team_rule: null}}\n",
    ],
)  # fmt: skip
def test_a_resolved_config_is_a_config_of_the_same_design(text: str) -> None:
    config = planted(text)
    again = check_config(Source(None, config.resolved()), lambda wanted, settings: Planted())
    assert again.design().hash == config.design().hash
    assert "team" not in planted(FOUR + "").resolved()


def indices(text: str, folder: Path) -> pd.DataFrame:
    study = Study(planted(text))
    study.run(folder)
    notes = study.design.notes
    factors = Factors(notes["factors"], notes["groups"], notes["dummy"])
    table = sobol_indices(
        read_runs(folder), pd.read_parquet(folder / "design.parquet"), "effect", factors, second_order=False
    )
    return table.of("S1", "corrected")


def test_words_whole_numbers_and_fitted_blocks_have_the_indices_of_theory(tmp_path: Path) -> None:
    text = (
        "study: sobol\nreplicates: 2\nsobol:\n  samples: 512\n  second_order: false\n"
        "  factors: {floor.x: {beta: [2, 5], range: [0, 1]}, fitted_pq: null, "
        "team_rule: {discrete: [alone, majority, consensus], weights: [1, 2, 1]}}\n"
    )
    found = indices(text, tmp_path)
    products = [p * q for p, q in ROWS]
    parts = {
        "floor.x": 2 * 5 / (7**2 * 8),
        "team_rule": (9 + 0 + 0 + 1) / 4 - 1.0,
        "fitted_pq": float(np.var(products)),
    }
    whole = sum(parts.values())
    for name, variance in parts.items():
        row = found.loc[name]
        assert abs(row["estimate"] - variance / whole) < max(4 * row["se"], 0.01), name


EVERY_KIND = [
    "study: sobol\nsobol: {method: space_filling, samples: 64, factors: [team, fitted_pq, floor.x]}\n",
    "study: sobol\nsobol: {method: fast, samples: 65, factors: [team, fitted_pq, floor.x]}\n",
    "study: screen\nscreen: {trajectories: 4, factors: [team, ways, parameters]}\n",
    "study: screen\nscreen:\n  trajectories: 4\n"
    "  factors: {team_rule: {discrete: [majority, alone]}, p: null}\n",
    "study: factorial\nfactorial: {factors: {team_size: [6, 12], team_rule: null, louder: null}}\n",
    "study: sweep\nsweep: {over: {team_rule: [majority, alone], team_size: [4, 9]}}\n",
    "study: failures\ninterventions: [louder]\nworlds: {count: 64, over: [parameters, ways, team]}\n"
    "failures: {arm: louder, outcome: effect, below: 1.5}\n",
    "study: structure\ninterventions: [louder]\nworlds: {count: 4, over: [team]}\n"
    "structure: {variants: {large: {team_size: 30}}}\n",
    "study: bundles\nsearch: {objectives: {effect: max}}\nworlds: {count: 3, over: [ways, team]}\n",
]


@pytest.mark.parametrize("text", EVERY_KIND)
def test_every_kind_takes_words_whole_numbers_and_rows(text: str, tmp_path: Path) -> None:
    study = Study(planted("replicates: 2\n" + text))
    study.run(tmp_path)
    assert read_runs(tmp_path)["error"].isna().all()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", [text for text in EVERY_KIND if "fast" not in text and "bundles" not in text]
)
def test_every_kind_has_a_page_of_words_whole_numbers_and_rows(text: str, tmp_path: Path) -> None:
    Study(planted("replicates: 2\n" + text)).run(tmp_path)
    found = read_results(tmp_path)
    assert page_for(found.kind)(found).sections


def test_a_page_of_several_widths_is_that_of_the_usual_one_with_the_others_beside_it(tmp_path: Path) -> None:
    over = "worlds: {count: 32, over: [ways, team]}\nranges: {scale: [0.5, 1, 2]}\noutcomes: [effect]\n"
    Study(planted(COMPARE + over)).run(tmp_path / "all")
    found = read_results(tmp_path / "all")
    table = by_width(found).set_index("width")
    runs = found.runs.merge(found.design[["point", "ranges_scale"]], on="point")
    means = runs.pivot_table(index=["ranges_scale", "world"], columns="arm", values="effect")
    gain = (means["louder"] - means["baseline"]).groupby("ranges_scale")
    np.testing.assert_allclose(table["difference"], gain.mean(), atol=1e-12)
    assert table.index.tolist() == [0.5, 1.0, 2.0]
    page = page_for("compare")(found)
    assert "widths" in [section.key for section in page.sections]
    assert ("settings", "32") in page.facts


# The real team.


@given(size=st.integers(4, 30), share=st.floats(0.1, 0.6))
def test_a_drawn_team_has_the_size_and_the_share_that_its_columns_say(size: int, share: float) -> None:
    scenario = load_scenario("research_team")
    drawn = settled(scenario, {"team_size": size, "team_public_share": share})
    team = scenario.replace(team_changes(scenario, drawn))
    assert team.size == size
    assert team.count("patient") == round(float(drawn["team_public_share"]) * size)  # type: ignore[arg-type]
    assert team.count("patient") >= 1
    assert abs(team.count("patient") / size - share) <= max(0.5 / size, 1 / size - share) + 1e-9
    assert settled(scenario, drawn) == drawn, "settling twice changes nothing"


@pytest.mark.parametrize("name", names())
def test_every_scenario_with_a_public_can_be_any_team_of_the_mix(name: str) -> None:
    model = TeamModel(load_scenario(name))
    found = [factor for factor in model.factors() if factor.role == "team"]
    if not found:
        assert not model.scenario.public_groups() or all(
            group.role == "patient" or group.lead for group in model.scenario.team.values() if group.count
        )
        return
    for share in (0.0, 0.35, 0.999):
        drawn = model.settle({factor.key: factor.at(share) for factor in found})
        [scenario] = model.scenarios([Point(0, changes=drawn)])
        resolve(scenario)
        assert scenario.size == drawn["team_size"]


def test_meeting_remotely_takes_the_head_of_the_table_and_half_the_interruptions() -> None:
    model = TeamModel(load_scenario("research_team"))
    changes = {"team_remote": True, "speech.interruption": 0.2, "facilitation.level_table": 0.3}
    [scenario] = model.scenarios([Point(0, changes=changes)])
    assert scenario.facilitation.level_table == 1.0
    assert scenario.speech.interruption == 0.1
    [here] = model.scenarios([Point(0, changes={**changes, "team_remote": False})])
    assert here.speech.interruption == 0.2


def test_what_an_arm_sets_wins_over_the_team_that_was_drawn() -> None:
    model = TeamModel(load_scenario("research_team"))
    changes = {"team_rule": "majority", "team_meetings": 2, "phases.*.rule": "consensus"}
    [scenario] = model.scenarios([Point(0, changes=changes)])
    assert {phase.rule for phase in scenario.phases.values()} == {"consensus"}
    assert {phase.meetings for phase in scenario.phases.values()} == {2}


def test_an_arm_that_no_team_of_the_mix_could_be_is_refused_before_the_start() -> None:
    text = TEAM_TEXT.replace("bundles:", "arms:\n  no public: {set: {team.patients.count: 0}}\nbundles:")
    with pytest.raises(ConfigError, match="nobody of the public") as caught:
        real(text)
    assert str(caught.value.key).startswith("arms")
    assert caught.value.line == 5


def test_a_drawn_row_is_one_row_of_the_posterior_floor_and_influence() -> None:
    from cosim.calibration.fitted import fitted
    from cosim.calibration.influence import IN_GROUPS, INFLUENCE

    posterior, joint = fitted().posterior, fitted_factor()
    assert set(joint.names) == {key for one in (*IN_GROUPS, *INFLUENCE) for key in one.keys}
    column = {key: one.prior.name for one in (*IN_GROUPS, *INFLUENCE) for key in one.keys}
    wanted = posterior.theta[:, [posterior.names.index(column[name]) for name in joint.names]]
    assert set(joint.rows) == {tuple(row) for row in wanted.tolist()}
    assert sum(joint.weights) == pytest.approx(1.0)

    whole = {tuple(row) for row in joint.rows}
    for point in real().design.points:
        assert tuple(point.changes[name] for name in joint.names) in whole
        scenario = next(TeamModel(load_scenario("research_team")).scenarios([point]))
        assert scenario.uptake.rate == point.changes["uptake.rate"]


def test_the_design_has_the_columns_that_an_answer_by_stratum_reads() -> None:
    table = design_table(real().design).to_pandas()
    assert [factor.key for factor in TRAITS] == [
        "team_size", "team_public_share", "team_meetings", "team_minutes", "team_level", "team_rule",
        "team_accountability", "team_remote",
    ]  # fmt: skip
    for factor in TRAITS:
        assert table[factor.key].notna().all()
    both = table[table["arm"] == "both"].set_index("world")
    alone = table[table["arm"] == "round_robin"].set_index("world")
    for quantity in ("compliance", "decay", "share", "minutes"):
        column = f"way_round_robin_{quantity}"
        pd.testing.assert_series_equal(both[column], alone[column])
    assert table.loc[table["arm"] == "baseline", "way_co_chairing_money"].isna().all()
    assert table["costs.public_hour"].between(15.0, 35.0).all()


def test_results_do_not_depend_on_workers_or_shards(tmp_path: Path) -> None:
    text = TEAM_TEXT.replace("count: 12", "count: 4")
    study = real(text)
    study.run(tmp_path / "one", workers=_plain(1))
    real(text).run(tmp_path / "two", workers=_plain(2))
    assert results(tmp_path / "one") == results(tmp_path / "two")
    shards = []
    for number in (2, 1):
        real(text).run(tmp_path / "parts", shard=Shard(number, 2), workers=_plain(1))
        shards.append(tmp_path / "parts" / Shard(number, 2).folder)
    real(text).merge(shards, tmp_path / "merged")
    assert results(tmp_path / "merged") == results(tmp_path / "one")
    runs = read_runs(tmp_path / "one")
    assert runs["error"].isna().all()
    [scenario] = TeamModel(load_scenario("research_team")).scenarios([study.design.points[7]])
    import cosim

    again = cosim.simulate(scenario, 1, world_seed(5, study.design.points[7].world)).runs
    row = runs[runs["point"] == 7].iloc[0]
    assert again["influence_gini"].iloc[0] == row["influence_gini"]


def _plain(workers: int) -> Any:
    from cosim.studies.study import _Plain

    return _Plain(local("threads", workers))
