"""Lenses: known answers for each kind of axis, and that every lens asks for outcomes that there are."""

from __future__ import annotations

import pytest

from cosim import ConfigError
from cosim.lenses import LENSES, Axis, Check, Scale, lens_named
from cosim.outcomes import OUTCOME_NAMES

BANDS = ((0.5, "low"), (1.0, "middle"))


@pytest.mark.parametrize("name", LENSES)
def test_a_lens_asks_for_outcomes_that_there_are(name):
    lens = lens_named(name)
    assert set(lens.columns) <= set(OUTCOME_NAMES)
    assert len({axis.name for axis in lens.axes}) == len(lens.axes)
    assert all(axis.question.endswith("?") for axis in lens.axes)
    assert lens.source.count("http") == 1
    assert "our" in lens.caution


@pytest.mark.parametrize("name", LENSES)
def test_bands_rise(name):
    for axis in LENSES[name].axes:
        if isinstance(axis.look, Scale):
            ends = [upto for upto, _ in axis.look.bands]
            assert ends == sorted(set(ends))


@pytest.mark.parametrize(("value", "words"), [(0.2, "low"), (0.5, "low"), (0.7, "middle"), (1.2, "high")])
def test_a_scale_reads_its_column(value, words):
    found = Scale(("a",), BANDS, "high").found({"a": value})
    assert (found.words, found.number, found.passes) == (words, f"{value:.2f}", None)


def test_a_scale_reads_a_share_and_a_count():
    share = Scale(("a", "b"), BANDS, "high", "share")
    assert share.found({"a": 3.0, "b": 1.0}).number == "0.75"
    assert share.found({"a": 0.0, "b": 0.0}).words == "low"
    count = Scale(("a", "b", "c"), ((1.0, "one"),), "many", "count")
    assert count.found({"a": 0.9, "b": 0.0, "c": 0.01}).words == "one"
    assert count.found({"a": 0.9, "b": 0.2, "c": 0.01}).words == "many"


def test_checks_all_hold_or_say_which_do_not():
    axis = Axis("x", "?", (Check("influence_min", at_least=0.5), Check("promise_gap", at_most=0.1)))
    good = axis.found({"influence_min": 0.5, "promise_gap": 0.1})
    assert (good.passes, good.number) == (True, "2 of 2")
    bad = axis.found({"influence_min": 0.5, "promise_gap": 0.3})
    assert (bad.passes, bad.number) == (False, "1 of 2")
    assert "promise gap" in bad.words
    assert "0.30" in bad.words


def test_the_cube_has_its_four_axes_and_the_principles_are_five():
    assert len(LENSES["cube"].axes) == 4
    assert len(LENSES["principles"].axes) == 5


def test_an_unknown_lens_is_told_the_nearest():
    with pytest.raises(ConfigError, match="cube") as error:
        lens_named("cubes")
    assert error.value.nearest == "cube"
