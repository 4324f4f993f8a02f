"""Outcomes of one's own as arithmetic: the right numbers, and nothing that is no arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import ConfigError
from cosim.outcomes.expressions import read_expression

NAMES = ("voice", "influence", "money")
COLUMNS = {
    "voice": np.array([1.0, 0.5, 2.0]),
    "influence": np.array([0.5, 0.5, -1.0]),
    "money": np.array([0.0, 4.0, 10.0]),
}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("voice - influence", [0.5, 0.0, 3.0]),
        ("-voice + 2 * influence / 4", [-0.75, -0.25, -2.5]),
        ("(voice - influence) * money", [0.0, 0.0, 30.0]),
        ("influence / money", [0.0, 0.125, -0.1]),  # nothing by nothing is nothing
        ("voice < influence + 0.1", [0.0, 1.0, 0.0]),
        ("voice >= 1", [1.0, 0.0, 1.0]),
        ("min(voice, influence, 0.4)", [0.4, 0.4, -1.0]),
        ("max(voice, money)", [1.0, 4.0, 10.0]),
        ("abs(influence)", [0.5, 0.5, 1.0]),
        ("sqrt(money)", [0.0, 2.0, 10.0**0.5]),
        (" voice ", [1.0, 0.5, 2.0]),
    ],
)
def test_arithmetic_is_right(text: str, wanted: list[float]) -> None:
    assert read_expression(text, NAMES)(COLUMNS).tolist() == wanted


def test_a_failed_run_has_no_value() -> None:
    columns = {"voice": np.array([np.nan, 1.0]), "influence": np.array([1.0, 0.0])}
    for text in ("voice < influence", "influence / voice", "min(voice, influence)"):
        found = read_expression(text, NAMES)(columns)
        assert np.isnan(found[0])
        assert np.isfinite(found[1])


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "3", "1 + 2", "voice +", "voice ** 2", "voice // 2", "voice % 2", "voice.sum()", "voice[0]",
        "__import__('os').system('echo')", "(lambda: voice)()", "[voice for voice in money]",
        "voice if 1 else 2",
        "voice and money", "not voice", "voice == 1", "1 < voice < 2", "'voice'", "voice; money",
        "voice\nmoney",
        "voice = 1", "f'{voice}'", "min(voice)", "abs(voice, money)", "min(*voice)", "max(voice, key=money)",
        "eval(voice)", "voice - True", "voice + None", "1e999 * voice", "1j * voice",
        "(" * 300 + "voice" + ")" * 300,
        "-" * 999 + "voice", "voice" + " + voice" * 500, "vois", 3, None, ["voice"],
    ],
)  # fmt: skip
def test_what_is_no_arithmetic_is_refused(text: object) -> None:
    with pytest.raises(ConfigError):
        read_expression(text, NAMES, "outcomes.x")


def test_a_slip_is_told_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError) as found:
        read_expression("voice - influense", NAMES)
    assert (found.value.value, found.value.nearest) == ("influense", "influence")
    with pytest.raises(ConfigError) as found:
        read_expression("mim(voice, money)", NAMES)
    assert found.value.nearest == "min"


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        expression = read_expression(text, NAMES)
    except ConfigError:
        return
    assert set(expression.names) <= set(NAMES)
    assert expression(COLUMNS).shape == (3,)
