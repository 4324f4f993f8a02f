"""Looking again: who may be the best is chosen in one set of worlds and measured in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.analysis import confidence_sequence
from cosim.analysis.allocation import LEAST, race_level
from cosim.errors import ConfigError
from cosim.execution.chunks import Shard
from cosim.execution.design import Point
from cosim.execution.executors import local
from cosim.execution.factor import Factor
from cosim.execution.seeds import world_seed
from cosim.studies.compare.again import FEWEST
from cosim.studies.config import StudyConfig, check_config, config_from_text
from cosim.studies.looked_again import in_fresh_worlds, own_worlds
from cosim.studies.registry import page_for
from cosim.studies.results import read_results
from cosim.studies.study import Study, _Plain
from tests.execution.fakes import Toy, uniform
from tests.execution.studies import results

GAIN = {"first": 0.30, "close": 0.29, "near": 0.26, "far": 0.1, "none": 0.0, "worse": -0.2}
TEXT = """\
study: compare
scenario: toy
interventions: all
worlds: {count: 32, over: [floor.x, ways]}
replicates: 2
seed: 9
outcomes: [influence_gini]
output: {runs_per_chunk: 20}
compare: {look_again: 1000}
"""


@dataclass(frozen=True)
class Field(Toy):
    """Inequality 0.6 less each way's gain, with noise of each way's own in every world."""

    noise: float = 0.2

    def factors(self) -> Sequence[Factor]:
        return (
            Factor("floor.x", "uncertainty", 0.0, 1.0),
            Factor("way_first_compliance", "way", 0.5, 1.0, of="first"),
        )

    def interventions(self) -> Sequence[str]:
        return tuple(GAIN)

    def outcomes(self) -> Sequence[str]:
        return ("influence_gini", "minutes", "winner")

    def check(self, point: Point) -> None:
        assert set(point.changes) <= {"floor.x", "way_first_compliance"}

    def _run(self, point: Point, replicate: int, seed: int) -> tuple[int, int, float, int, str]:
        place = list(GAIN).index(next(iter(point.interventions), "none"))
        gain = sum(GAIN[name] for name in point.interventions)
        value = 0.6 - gain + self.noise * (uniform(world_seed(seed, place), replicate) - 0.5)
        return (point.point, replicate, value, 60, "lead")


def config(text: str = TEXT) -> StudyConfig:
    return check_config(config_from_text(text, Path("c.yaml")), lambda wanted, settings: Field())


def study(text: str = TEXT) -> Study:
    return Study(config(text))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("again") / "out"
    study().run(path, workers=_Plain(local("threads", 1)))
    return path


def test_fresh_worlds_go_to_those_that_may_be_the_best(done: Path) -> None:
    design = pd.read_parquet(done / "design.parquet")
    fresh = design[design["looked_again"].notna()]
    assert fresh["world"].min() == 32
    assert len(fresh) <= 500
    worlds = fresh.groupby("arm")["world"].nunique()
    assert {"first", "close", "baseline"} <= set(worlds.index)
    assert not {"far", "none", "worse"} & set(worlds.index)
    assert worlds["baseline"] == worlds.max()
    own = design[design["looked_again"].isna()]
    assert not set(own["floor.x"]) & set(fresh["floor.x"]), "another sample"
    assert own.groupby("arm").size().eq(32).all()
    with_way = fresh[fresh["arm"] == "first"]
    assert with_way["way_first_compliance"].notna().all()
    assert fresh.loc[fresh["arm"] == "baseline", "way_first_compliance"].isna().all()


def test_what_fresh_worlds_say_is_what_pandas_says(done: Path) -> None:
    found = read_results(done)
    table = in_fresh_worlds(found).set_index("arm")
    runs = found.runs[found.runs["world"] >= 32]
    means = runs.pivot_table(index="world", columns="arm", values="influence_gini")
    for arm in table.index:
        difference = (means[arm] - means["baseline"]).dropna()
        assert table.loc[arm, "difference"] == pytest.approx(difference.mean())
        assert table.loc[arm, "worlds"] == len(difference)
        assert table.loc[arm, "low"] <= -GAIN[arm] <= table.loc[arm, "high"]
    assert np.isnan(table["behind"].iloc[0])
    page = page_for("compare")(found)
    assert "again" in [section.key for section in page.sections]
    assert own_worlds(found).worlds == 32
    assert ("settings", "32") in page.facts


def test_all_that_is_said_above_is_of_the_own_worlds(done: Path, tmp_path: Path) -> None:
    study(TEXT.replace("compare: {look_again: 1000}", "")).run(tmp_path)
    alone = read_results(tmp_path)
    again = own_worlds(read_results(done))
    pd.testing.assert_frame_equal(
        again.runs.drop(columns="run"), alone.runs.drop(columns="run"), check_like=True
    )


@pytest.mark.parametrize("workers", [1, 3])
def test_results_depend_on_neither_workers_nor_a_stop(done: Path, tmp_path: Path, workers: int) -> None:
    study().run(tmp_path / "out", workers=_Plain(local("threads", workers)))
    assert results(tmp_path / "out") == results(done)
    tally = study().run(tmp_path / "out", resume=True)
    assert tally.runs == 0


def test_an_estimate_counts_what_is_looked_at_again() -> None:
    assert study().most_points == 32 * 7 + 500


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (TEXT.replace("count: 32", "count: 0"), "compare.look_again", "sampled worlds"),
        (TEXT.replace("look_again: 1000", "look_again: -1"), "compare.look_again", ">= 0"),
        (TEXT.replace("look_again: 1000", "look_again: 71"), "compare.look_again", ">= 72"),
        (TEXT + "ranges: {scale: [1, 2]}\n", "ranges.scale", "one number"),
        (TEXT.replace("replicates: 2", "replicates: auto"), "replicates", "number"),
    ],
)
def test_what_cannot_be_looked_at_again_is_refused(text: str, key: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(text)
    assert str(caught.value.key).startswith(key)
    assert said in str(caught.value)


def test_few_further_runs_go_to_the_nearest_and_shards_are_refused(tmp_path: Path) -> None:
    study(TEXT.replace("look_again: 1000", "look_again: 72")).run(tmp_path / "few")
    assert in_fresh_worlds(read_results(tmp_path / "few"))["worlds"].tolist() == [LEAST, LEAST]
    with pytest.raises(ConfigError, match="shards"):
        study().run(tmp_path / "part", shard=Shard(1, 2))
    assert 3 * LEAST == FEWEST


UNTIL = TEXT.replace("look_again: 1000", "look_again: 8000, until: 0.02")


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("raced") / "out"
    study(UNTIL).run(path, workers=_Plain(local("threads", 1)))
    return path


def test_it_is_looked_no_more_once_enough_is_known(raced: Path) -> None:
    found = read_results(raced)
    table = in_fresh_worlds(found).set_index("arm")
    leader = table.iloc[0]
    assert leader["high"] - leader["low"] <= 0.04
    rivals = table.iloc[1:]
    clear = (rivals["behind_low"] > 0) | (rivals["behind_high"] < 0)
    assert (clear | (rivals["behind_high"] - rivals["behind_low"] <= 0.04)).all()
    assert found.design["looked_again"].notna().sum() < 4000 / 2, "half of the points were not needed"
    for arm, row in table.iterrows():
        assert row["low"] <= -GAIN[str(arm)] <= row["high"]
    runs = found.runs[found.runs["world"] >= 32]
    means = runs.pivot_table(index="world", columns="arm", values="influence_gini")
    apart = (means["close"] - means[table.index[0]]).dropna() if table.index[0] != "close" else None
    if apart is not None:
        sequence = confidence_sequence(apart.to_numpy(), race_level(len(table)))
        assert table.loc["close", "behind_low"] == pytest.approx(sequence.low)
    again = next(one for one in page_for("compare")(found).sections if one.key == "again")
    words = " ".join(again.blocks[0].paragraphs)
    fresh = int(found.design["looked_again"].notna().sum())
    fixed = (len(GAIN) + 1) * int(table["fixed_worlds"].max())
    assert f"{2 * fresh:,} further runs" in words
    assert f"{2 * fixed:,}." in words
    assert f"{2 * (4000 - fresh):,} runs to spare" in words


def test_a_race_depends_on_neither_workers_nor_a_stop(raced: Path, tmp_path: Path) -> None:
    study(UNTIL).run(tmp_path / "out", workers=_Plain(local("threads", 3)))
    assert results(tmp_path / "out") == results(raced)


def test_until_asks_how_many_runs_there_may_be() -> None:
    with pytest.raises(ConfigError) as found:
        study(TEXT.replace("look_again: 1000", "until: 0.02")).design  # noqa: B018
    assert found.value.key == "compare.look_again"
