"""Links and files that others have made: each is a set-up that runs, or refused in one message."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from cosim.browser.configs import from_config, to_config
from cosim.browser.setup import TEAMS, Setup, Way, from_link, to_link
from cosim.catalogue import load_scenario
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.formatting.safe_text import hidden

pytestmark = pytest.mark.slow
CONFIGS = sorted((Path(__file__).resolve().parents[2] / "configs").glob("*.yaml"))
COUNT = 400

SETUPS = (
    Setup(),
    Setup("token_seat", 12, Way({"buddy": 0.5}), Way({"critical_mass": 1.0}, {"floor.returning": 2.0})),
    Setup(
        "research_team",
        3,
        Way({}, {"phases.*.minutes": 60.0, "roles.patient.confidence": 0.25}),
        Way({"round_robin": 1.0}, {"facilitation.seating": "round", "team.patients.count": 6}),
    ),
)
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        0.5,
        1e308,
        5e-324,
        10**30,
        "",
        "x",
        "all",
        "none",
        "1",
        "nan",
        "é李\u200f",
    ),
    *([], {}, [1], [[]], {"a": 1}, {"buddy": 1}, ["buddy"], [{"buddy": 2}], {"with": 5}, {"set": []}),
    *(
        "../../etc/passwd",
        "=1+1",
        "<script>",
        "\x1b[31m",
        "\0",
        "x" * 3000,
        "a\nb",
        "research_team",
        [None] * 50,
    ),
)
PIECES = (
    *(
        "[",
        "]",
        "{",
        "}",
        '"',
        ":",
        ";",
        "&",
        "=",
        "%",
        "%00",
        "%1b",
        ",",
        "..",
        "*",
        "[" * 500,
        '{"a":' * 60,
    ),
    *(
        "NaN",
        "1e999",
        "9" * 5000,
        "null",
        "true",
        "=1+1",
        "é",
        "\ud7ff",
        "\x00",
        "\n",
        "- ",
        "? ",
        "&a ",
        "*a",
    ),
    *("seed", "set_b=", "b=", "lesson=", "team.", "phases.*.", "!!python/object:os.system", "<<: ", "---\n"),
)


def jumbled(text: str, luck: random.Random) -> str:
    """Return a text with some pieces taken out, doubled, moved or put in."""
    for _ in range(luck.randint(1, 4)):
        at = luck.randint(0, len(text))
        to = min(len(text), at + luck.choice((1, 1, 2, 5, 20)))
        way = luck.randrange(4)
        if way == 0:
            text = text[:at] + text[to:]
        elif way == 1:
            text = text[:at] + text[at:to] * luck.choice((2, 3, 50)) + text[to:]
        elif way == 2:
            text = text[:at] + luck.choice(PIECES) + text[at:]
        else:
            text = text[:at] + luck.choice(PIECES) + text[to:]
    return text


def other_values(query: str, luck: random.Random) -> str:
    """Return a link in which some values, doses or names are others."""
    words = re.split(r"([=&;:.])", query)
    for _ in range(luck.randint(1, 3)):
        at = luck.randrange(0, len(words), 2)
        near = (
            luck.choice(("0.25", "1", "0", "7", "true", "round", "1e3")),
            words[luck.randrange(0, len(words), 2)],
        )
        words[at] = luck.choice((*near, *near, quote(str(luck.choice(ODD))), jumbled(words[at], luck)))
    return "".join(words)


def places(data: Any) -> list[tuple[Any, Any]]:
    """Return every block or list with each of its keys."""
    found: list[tuple[Any, Any]] = []
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in list(keys):
        found += [(data, key), *places(data[key])]
    return found


def changed(data: Any, luck: random.Random) -> Any:
    """Return data with some values replaced, taken out or put under another key."""
    data = json.loads(json.dumps(data))
    for _ in range(luck.randint(1, 3)):
        block, key = luck.choice(places(data))
        if isinstance(block, dict) and luck.random() < 0.4:
            value = block.pop(key)
            if luck.random() < 0.7:
                block[
                    luck.choice((key[:-1] or "x", key + "s", luck.choice(places(data) or [(0, "y")])[1]))
                ] = value
            data = {str(name): rest for name, rest in data.items()}
        else:
            block[key] = luck.choice(ODD)
        if not places(data):
            break
    return data


def assert_told_well(error: ConfigError) -> None:
    told = str(error)
    assert told.strip()
    assert hidden(told) is None
    assert "Traceback" not in told
    assert str(Path(__file__).resolve().parents[2]) not in told


def assert_right(setup: Setup) -> None:
    for team in TEAMS:
        assert setup.team(team).size >= 1
    query = to_link(setup)
    if len(query) < 8000:
        assert from_link(query) == setup


def test_400_links() -> None:
    opened = 0
    for number in range(COUNT):
        luck = random.Random(f"link {number}")
        query = to_link(luck.choice(SETUPS))
        way = luck.randrange(5)
        if way < 3:
            query = other_values(query, luck)
        else:
            query = jumbled(query, luck) if way == 3 else quote(jumbled(unquote(query), luck), "&=:;*")
        try:
            assert_right(from_link(query))
            opened += 1
        except ConfigError as error:
            assert_told_well(error)
    assert 0 < opened < COUNT


def test_400_files() -> None:
    texts = [path.read_text(encoding="utf-8") for path in CONFIGS] + [to_config(one) for one in SETUPS]
    texts.append(
        "extends: research_team\nname: mine\nteam: {patients: {count: 2}}\ninterventions: {buddy: 1}\n"
    )
    texts.append(json.dumps({"extends": "token_seat", **load_scenario("token_seat").to_dict()}))
    opened = 0
    for number in range(COUNT):
        luck = random.Random(f"file {number}")
        text = luck.choice(texts)
        if luck.random() < 0.3:
            text = jumbled(text, luck)
        else:
            text = json.dumps(changed(parse_yaml(text).data, luck), ensure_ascii=luck.random() < 0.5)
        try:
            setup, note = from_config(text)
        except ConfigError as error:
            assert_told_well(error)
            continue
        assert_right(setup)
        assert hidden(note) is None
        opened += 1
    assert 0 < opened < COUNT
