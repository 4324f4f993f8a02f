"""What comes from other people's files and must not reach a terminal, a picture or a spreadsheet as it is."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.browser.drawing.svg import element, escaped, picture, text
from cosim.catalogue import load_scenario
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.formatting.safe_text import BYTE_ORDER_MARK, as_written, csv_text, defused, hidden, visible
from cosim.scenario import Scenario

FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "'=1+1", "''=1", "＝1+1", "＠x"),
    *('=HYPERLINK("http://evil.example")', "-2+3+cmd|' /C calc'!A0", "+44 20 7946 0000"),
)
PLAIN = ("-0.5", "+3", "1e-3", "-.5", "-1E+20", "Anna", "'tis", "O'Neill", "", "-", "+", "–", "a=b", "李")


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_begins_a_formula_is_defused(cell):
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_numbers_and_plain_words_stay(cell):
    assert defused(cell) == cell == as_written(cell)


@given(st.one_of(st.sampled_from(FORMULAS), st.text()))
def test_our_readers_get_back_what_was_written(cell):
    assert as_written(defused(cell)) == cell


def test_a_table_for_people():
    table = pd.DataFrame(
        {"speaker": ["=1+1", "Zo\x1bë", None], "share": [-0.25, 1e-300, np.nan], "turns": [-1, 2, 3]}
    )
    table["=odd"] = ["-0.5", "-x", "y"]
    before = table.copy()
    told = csv_text(table)
    pd.testing.assert_frame_equal(table, before)
    assert told.startswith(BYTE_ORDER_MARK)  # only because of the ë
    rows = list(csv.reader(io.StringIO(told.removeprefix(BYTE_ORDER_MARK))))
    assert rows[0] == ["speaker", "share", "turns", "'=odd"]
    assert rows[1] == ["'=1+1", "-0.25", "-1", "-0.5"]
    assert rows[2] == ["Zo\N{REPLACEMENT CHARACTER}ë", "1e-300", "2", "'-x"]
    assert rows[3] == ["", "", "3", "y"]
    back = pd.read_csv(io.StringIO(told), encoding="utf-8")
    assert list(back["share"].dropna()) == [-0.25, 1e-300]


def test_a_table_in_plain_letters_is_as_it_was():
    table = pd.DataFrame({"arm": ["a", "b, c"], "value": [0.1, -2.0], "is": [True, False]})
    assert csv_text(table) == table.to_csv(index=False, lineterminator="\n")


def test_tables_with_two_columns_of_one_name_are_written():
    table = pd.DataFrame([["=a", 1.0], ["b", 2.0]], columns=["x", "x"])
    assert csv_text(table) == "x,x\n'=a,1.0\nb,2.0\n"


@given(st.text())
def test_visible_text_has_nothing_hidden_and_keeps_the_rest(given_text):
    shown = visible(given_text)
    assert hidden(shown) is None
    assert len(shown) == len(given_text)
    if hidden(given_text) is None:
        assert shown == given_text


@given(st.text())
def test_pictures_of_the_demo_are_xml_whatever_the_names(name):
    drawn = picture(10, 10, element("g", text(name, 1, 1), title=name, data_x=name), name=name)
    ET.fromstring(drawn)
    assert hidden(escaped(name)) is None


@pytest.mark.parametrize("code", ["\\a", "\\e[31m", "\\0", "\\x7f", "\\r", "\\u202e", "\\N", "\\uFFFE"])
@pytest.mark.parametrize("place", ['title: "{}"', '"{}": 1', 'team: {{"a{}b": {{count: 1}}}}'])
def test_a_yaml_file_with_a_control_character_is_refused_with_its_line(code, place):
    with pytest.raises(ConfigError) as caught:
        parse_yaml("a: 1\n" + place.format(code) + "\n")
    assert caught.value.line == 2
    assert "control character" in str(caught.value)
    assert hidden(str(caught.value)) is None


def test_a_yaml_text_may_have_several_lines_but_a_key_not():
    assert parse_yaml('a: "one\\n\\ttwo"\nb: |\n  three\n  four\n').data["b"] == "three\nfour\n"
    with pytest.raises(ConfigError, match="one line"):
        parse_yaml('"a\\nb": 1\n')


def test_a_scenario_made_in_memory_is_refused_with_its_key():
    for key, value in (("title", "a\x1b[31m"), ("sources", ["fine", "a\0"]), ("name", "a\r")):
        with pytest.raises(ConfigError) as caught:
            Scenario.from_dict({**load_scenario("token_seat").to_dict(), key: value})
        assert str(caught.value.key).startswith(key)
        with pytest.raises(ConfigError):
            load_scenario({"extends": "token_seat", key: value})


def test_messages_show_nothing_hidden_and_no_endless_value():
    told = str(ConfigError("a\x1b[2Jb", file="x\x07.yaml", key="k\r", value="v" * 5000))
    assert hidden(told) is None
    assert len(told) < 500
