"""Validation: verdicts, what they count for, and that nothing is left out or counted twice."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from cosim.errors import ConfigError
from cosim.patterns import Pattern, load_patterns, patterns
from cosim.patterns.array_statistics import OF_TALLIES
from cosim.patterns.statistics import STATISTICS
from cosim.patterns.views import OF_VIEWS
from cosim.validation.answers import OF_ANSWERS
from cosim.validation.null_models import RIVALS
from cosim.validation.simulated import QUICK, Effort, Sampled, Simulation
from cosim.validation.validation import Validation, check, direction, validate

SMALL = Effort(samples=10, groups=40, projects=10)

PATTERN = """id: Z1
title: A pattern for this test
statement: Something that teams were found to do, in enough words.
section: calibration
status: computed
gate: true
citations:
  - {text: Somebody 2020}
setup:
  inline:
    extends: symmetric_null
    name: small
    phases: {priority_setting: {level: collaborate, minutes: 10.0}}
  replicates: 5
targets:
  - {statistic: gini_words, value: 0.4, tolerance: 0.1, why: The reason.}
"""


def one(folder: Path, text: str = PATTERN) -> Pattern:
    (folder / "z1.yaml").write_text(text)
    return load_patterns(folder)["Z1"]


class Told(Simulation):
    """A simulation that says what it is told to."""

    def __init__(self, *samples: tuple[float, ...]) -> None:
        super().__init__(SMALL)
        self.samples = samples

    def sample(self, one: Pattern, target: object) -> Sampled:  # type: ignore[override]
        return Sampled(np.array(self.samples), 5, "meetings")


# ---------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("values", "verdict", "distance"),
    [
        ([0.40, 0.41, 0.39], "pass", 0.0),
        ([0.30, 0.49, 0.50], "pass", 0.9),
        ([0.51, 0.52, 0.49], "miss", 1.1),
        ([0.30, 0.20, 0.25], "miss", 1.5),
        ([math.nan, math.nan, math.nan], "miss", math.nan),
    ],
)
def test_the_median_decides(tmp_path: Path, values: list[float], verdict: str, distance: float) -> None:
    pattern = one(tmp_path)
    found = check(pattern, pattern.targets[0], Told(*((value,) for value in values)))
    assert found.verdict == verdict
    assert found.weight == "gate"
    assert found.distance() == pytest.approx(distance, nan_ok=True)
    assert found.why == ("The reason." if verdict == "miss" else "")


def test_every_rank_must_be_met(tmp_path: Path) -> None:
    text = PATTERN.replace("gini_words, value: 0.4", "word_shares, value: [0.6, 0.4]")
    pattern = one(tmp_path, text)
    assert check(pattern, pattern.targets[0], Told((0.55, 0.45))).verdict == "pass"
    assert check(pattern, pattern.targets[0], Told((0.55, 0.55))).verdict == "miss"
    assert check(pattern, pattern.targets[0], Told((0.5, 0.3, 0.2))).verdict == "miss"


def test_recalled_numbers_are_shown_and_never_count(tmp_path: Path) -> None:
    recalled = one(tmp_path, PATTERN.replace("why: The", "status: recalled, why: The"))
    found = check(recalled, recalled.targets[0], Told((0.9,)))
    assert (found.verdict, found.weight) == ("miss", "shown only")
    assert Validation((found,), *_no_tables(), SMALL, 0.0).passed


def test_what_is_not_represented_is_neither_met_nor_missed(tmp_path: Path) -> None:
    silent = one(tmp_path, PATTERN.replace("why: The", "not_represented: There is none., why: The"))
    found = check(silent, silent.targets[0], Told((0.4,)))
    assert (found.verdict, found.why, found.sampled) == ("not represented", "There is none.", None)
    whole = Validation((found,), *_no_tables(), SMALL, 0.0)
    assert whole.counted("gate", "pass") == whole.counted("gate", "miss") == 0


def _no_tables() -> tuple[object, object]:
    import pandas as pd

    return pd.DataFrame(), pd.DataFrame()


def test_medians_and_intervals_leave_out_samples_that_say_nothing() -> None:
    values = np.array([[1.0, 0.1], [2.0, 0.2], [math.nan, 0.9], [3.0, 0.3]])
    found = Sampled(values, 5, "meetings")
    assert found.median == pytest.approx((2.0, 0.2))
    assert found.interval[0] == pytest.approx((1.05, 2.95))


# ---------------------------------------------------------------- everything that patterns name


def test_every_statistic_that_a_pattern_names_has_a_way_to_simulated_teams() -> None:
    ways = {
        *OF_TALLIES,
        *OF_ANSWERS,
        *OF_VIEWS,
        "shared_bias",
        "members",
        "status_ratio",
        "status_ratio_words",
    }
    for pattern in patterns().values():
        for target in pattern.targets:
            assert target.statistic in ways or target.not_represented, pattern.id
    assert set(STATISTICS) == ways


def test_a_statistic_without_a_way_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosim.validation.simulated.OF_TALLIES", {})
    pattern = one(tmp_path)
    with pytest.raises(ConfigError, match="simulated teams do not tell this statistic"):
        Simulation(SMALL).sample(pattern, pattern.targets[0])


def test_every_pattern_that_is_not_tested_says_why() -> None:
    for pattern in patterns().values():
        assert pattern.targets or pattern.expectations or len(pattern.no_test) > 20


@pytest.fixture(scope="module")
def few() -> Validation:
    names = ("A5", "A9", "A10", "A11", "A14", "C18", "C20")
    return validate(SMALL, known={name: patterns()[name] for name in names}, nulls=False)


def test_a_validation_has_a_row_for_every_target_expectation_and_untested_pattern(few: Validation) -> None:
    expected = {"A5": 5, "A9": 3, "A10": 6, "A11": 1, "A14": 3, "C18": 1, "C20": 1}
    table = few.table()
    assert table["pattern"].value_counts().to_dict() == expected
    assert set(table["verdict"]) <= {"pass", "miss", "right", "wrong", "unclear", "not represented"}
    counted = sum(few.counted("gate", verdict) for verdict in ("pass", "miss"))
    assert counted == int((table["weight"] == "gate").sum())
    assert not (table["verdict"].eq("not represented") & table["weight"].eq("gate")).any()


def test_what_must_come_out_comes_out(few: Validation) -> None:
    by_name = {(one.pattern.id, one.what): one for one in few.findings}
    assert by_name["A14", "members (role patient)"].sampled.median == (6.0,)  # type: ignore[union-attr]
    assert by_name["C20", patterns()["C20"].title].verdict == "not represented"
    assert next(one for one in few.findings if one.pattern.id == "C18").verdict == "right"
    high = by_name["A5", "status_ratio (diffuse 1, relevant 0)"].sampled
    both = by_name["A5", "status_ratio (diffuse 1, relevant 1)"].sampled
    assert high is not None
    assert both is not None
    assert 1.0 < high.median[0] < both.median[0]
    wins = [by_name["A10", f"win_rate (supporters {n})"].sampled for n in (4, 6, 8)]
    medians = [one.median[0] for one in wins if one is not None]
    assert medians == sorted(medians)


def test_the_same_seed_gives_the_same_validation(few: Validation) -> None:
    again = validate(SMALL, known={"A10": patterns()["A10"]}, nulls=False)
    assert [one.sampled.median for one in again.findings if one.sampled] == [  # type: ignore[union-attr]
        one.sampled.median for one in few.findings if one.pattern.id == "A10" and one.sampled
    ]


def test_probes_and_null_models_are_tables_of_the_same_targets() -> None:
    found = validate(SMALL, known={"A9": patterns()["A9"]})
    assert set(found.nulls["variant"]) == {one.name for one in RIVALS}, "A9 is about influence"
    assert found.nulls.groupby("variant").size().eq(3).all()
    right = (
        found.probes[found.probes["target"] == "correctness_gain"].sort_values("value")["median"].to_list()
    )
    assert right[0] < right[-1], "the more arguments show who is right, the more come to be right"


def test_directions_are_told_in_words() -> None:
    told = [direction(expected) for one in patterns().values() for expected in one.expectations]
    assert "lower with anonymous input" in told
    assert "below 1" in told
    assert "highest inside the range of facilitation.invitation" in told
    assert any(" than with " in words for words in told)


def test_efforts_are_checked() -> None:
    assert QUICK.samples < Effort().samples
    with pytest.raises(ConfigError, match="too small"):
        Effort(seed=0)
    with pytest.raises(ConfigError, match="samples"):
        Effort(samples=1)
