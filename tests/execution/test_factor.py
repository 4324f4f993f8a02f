"""How values are drawn: every shape against scipy, whole numbers and choices against their probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cosim.errors import ConfigError
from cosim.execution.factor import Factor, JointFactor
from cosim.execution.spreads import Spread, mixed, spread_over

SHARES = np.linspace(0.0, 1.0, 101)
BASE = Factor("x", "uncertainty", 2.0, 6.0, usual=3.0, bounds=(0.0, 8.0))
WORD = Factor("w", "design", kind="choice", choices=("one", "two", "three"))
WHOLE = Factor("n", "team", 4, 30, "int")


def drawn(factor: Factor, count: int = 20_000) -> list[object]:
    return [factor.at((k + 0.5) / count) for k in range(count)]


def test_a_triangular_range_is_that_of_scipy() -> None:
    found = spread_over(BASE, Spread(triangular=[1.0, 2.5, 7.0]))
    wanted = stats.triang(c=0.25, loc=1.0, scale=6.0).ppf(SHARES)
    np.testing.assert_allclose([found.at(float(u)) for u in SHARES], wanted, atol=1e-12)


def test_a_beta_range_is_that_of_scipy() -> None:
    found = spread_over(BASE, Spread(beta=[2.0, 5.0]))
    np.testing.assert_allclose(
        [found.at(float(u)) for u in SHARES], stats.beta(2, 5, loc=2.0, scale=4.0).ppf(SHARES), atol=1e-9
    )
    assert spread_over(BASE, Spread(beta=[2.0, 5.0], range=[0.0, 1.0])).at(1.0) == 1.0


def test_a_lognormal_range_holds_95_percent_and_is_cut_there() -> None:
    found = spread_over(BASE, Spread(lognormal=[0.5, 2.0]))
    assert found.at(0.0) == pytest.approx(0.5)
    assert found.at(0.5) == pytest.approx(1.0)
    assert found.at(1.0) == pytest.approx(2.0)
    whole = stats.lognorm(s=np.log(4.0) / (2 * stats.norm.ppf(0.975)))
    np.testing.assert_allclose(
        [found.at(float(u)) for u in SHARES], whole.ppf(0.025 + 0.95 * SHARES), rtol=1e-9
    )


def test_whole_numbers_of_a_triangle_have_the_area_around_them() -> None:
    found = spread_over(WHOLE, Spread(triangular=[4.0, 10.0, 30.0]))
    values = drawn(found)
    assert {type(value) for value in values} == {int}
    assert (min(values), max(values)) == (4, 30)  # type: ignore[type-var]
    law = stats.triang(c=6.5 / 27.0, loc=4.0, scale=27.0)
    for number in (4, 10, 20, 30):
        wanted = law.cdf(number + 1) - law.cdf(number)
        assert values.count(number) / len(values) == pytest.approx(wanted, abs=2e-4)


def test_choices_are_drawn_by_their_weights_and_none_without_weight() -> None:
    found = spread_over(WORD, Spread(discrete=["three", "one", "two"], weights=[1.0, 3.0, 0.0]))
    values = drawn(found, 4000)
    assert [values.count(word) for word in ("three", "one", "two")] == [1000, 3000, 0]
    assert found.at(1.0) == "one"
    numbers = spread_over(WHOLE, Spread(discrete=[4, 30]))
    assert [numbers.at(u) for u in (0.0, 0.49, 0.5, 1.0)] == [4, 4, 30, 30]
    assert spread_over(BASE, Spread(discrete=[1, 2])).at(0.0) == 1.0


def test_a_mix_may_be_a_range_words_or_one_value() -> None:
    assert mixed(WHOLE, [5, 7]).limits == [5, 7]
    assert mixed(WORD, ["two", "one"]).limits == ["two", "one"]
    assert mixed(WORD, "two").limits == ["two"]
    assert mixed(WHOLE, 12).at(0.3) == 12


@pytest.mark.parametrize(
    ("factor", "given", "said"),
    [
        (BASE, [3.0, 3.0], "low end must lie below"),
        (WHOLE, [4.5, 6.0], "whole numbers"),
        (WORD, [0.0, 1.0], "choice of words"),
        (WORD, Spread(discrete=["four"]), "no such choice"),
        (WORD, Spread(discrete=["one", "one"]), "listed twice"),
        (BASE, Spread(discrete=["one"]), "must be a number"),
        (WHOLE, Spread(discrete=[4.5]), "whole number"),
        (BASE, Spread(triangular=[1.0, 9.0, 5.0]), "must rise"),
        (BASE, [2.0, 9.0], "leaves what is allowed"),
        (BASE, Spread(discrete=[2.0, 9.0]), "leaves what is allowed"),
    ],
)
def test_values_that_cannot_be_are_refused(factor: Factor, given: list[float] | Spread, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        spread_over(factor, given)


def test_a_range_is_scaled_about_its_usual_value_and_cut_at_what_is_allowed() -> None:
    assert BASE.scaled(0.5).limits == [2.5, 4.5]
    assert BASE.scaled(2.0).limits == [1.0, 8.0]
    assert BASE.scaled(1.0) is BASE
    assert WHOLE.scaled(2.0) is WHOLE
    assert WORD.scaled(2.0) is WORD
    wide = spread_over(Factor("m", "way", usual=1.0), Spread(lognormal=[0.5, 2.0])).scaled(2.0)
    assert wide.limits == pytest.approx([0.25, 4.0])
    leaning = spread_over(BASE, Spread(triangular=[2.0, 3.0, 6.0])).scaled(2.0)
    assert (leaning.limits, leaning.form) == ([1.0, 8.0], (3.0,))


def test_rows_are_drawn_whole_by_their_weights() -> None:
    rows = ((0.1, 1.0), (0.2, 3.0), (0.4, 2.0))
    joint = JointFactor("j", "fitted", names=("a", "b"), rows=rows, weights=(1.0, 2.0, 1.0),
                        limited=((0.0, 1.0), (0.0, 2.5)))  # fmt: skip
    found = [joint.settings((k + 0.5) / 400) for k in range(400)]
    assert [sum(one["j"] == row for one in found) for row in range(3)] == [100, 200, 100]
    assert all((one["a"], one["b"]) in ((0.1, 1.0), (0.2, 2.5), (0.4, 2.0)) for one in found), "cut at 2.5"
    assert joint.keys == ("j", "a", "b")
    twice = joint.scaled(2.0).settings(0.0)
    assert twice["a"] == pytest.approx(max(0.225 - 2 * 0.125, 0.0))
    assert twice["b"] == pytest.approx(max(2.25 - 2 * 1.25, 0.0))
