"""Mutated configs and scenarios: each is read rightly or refused in one message, and nothing is written.

The seeds are fixed; every mutation is a function of its number.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cosim.catalogue import names
from cosim.cli.group import WRONG_INPUT
from cosim.config.yaml_source import read_yaml
from cosim.studies.study import config_text
from tests.cli.terminal import ROOT, cosim, tree

pytestmark = pytest.mark.slow

CASES = 1600
BATCHES = 12
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 0.5, -0.5, 1e308, -1e308, 5e-324, 2**31, 2**63, -(2**63), 10**39,
    "", " ", "0", "0,5", "yes", "all", "none", "baseline", "auto", "x" * 300, "a\0b", "a\nb", "\x1b[31m",
    "~", "~/x", "../../x", "/", "C:\\new", "con", "$HOME", "=1+1", "研究", "\u202e", "naïve\u00a0", "null",
    "1e5", ".inf", "<script>", "%s{}", [], {}, [[]], [None], [0], ["round_robin"], [{"round_robin": 2}],
    {"": 1}, {"a": {"b": {"c": []}}}, {"from": 0, "to": 1}, [1, 2, 3], ["a"] * 50, {"baseline": {}},
)  # fmt: skip
BYTES = (b"\t", b"\0", b"\r", b"\xff", b"\xef\xbb\xbf", b"\xc2\xa0", b"{", b"]", b": ", b"- ", b"&a ", b"*a",
         b"!!int ", b"<<: ", b"---\n", b"...\n", b"%YAML 1.1\n", b"'", b'"', b"|\n", b"#", b"\xe2\x80\xa8",
         b"? ", b"\n\n", b",", b"\xed\xa0\x80", b"0x", b"e9")  # fmt: skip
MORE = """\
study: sobol
scenario: research_team
sobol: { factors: { floor.returning: [1, 3], round_robin: null }, samples: 16, groups: { g: [round_robin] } }
replicates: 2
seed: 7
output: { folder: out/x, people: true, keep_parts: false, runs_per_chunk: 10 }
""", """\
study: compare
title: A title
scenario: { extends: research_team, team: { patients: { count: 3 } }, floor: { rule: luce } }
interventions: [round_robin, { ground_rules: 0.5 }]
bundles: { both: [plain_language, { buddy: 0.3 }] }
arms: { own: { with: { secret_ballot: 1 }, set: { uptake.rate: 0.2, phases.*.quorum: 0.4 } } }
worlds: { count: 4, over: [uptake.rate, floor.returning], sampler: latin }
compare: { against: both, top: 2 }
replicates: auto
precision: { outcome: voice_gini, half_width: 0.02, pilot: 4, at_most: 50 }
outcomes: [voice_gini, influence_gini]
workers: 2
executor: threads
quick: { replicates: 3, worlds: { count: 2 } }
"""  # fmt: skip


def sources() -> list[dict[str, Any]]:
    """Small configs of every kind of study, and scenarios, as plain data."""
    from cosim.config.yaml_source import parse_yaml

    found = [parse_yaml(text).data for text in MORE]
    found += [read_yaml(path).data for path in sorted((ROOT / "configs").glob("*.yaml"))]
    shelf = ROOT / "cosim" / "catalogue"
    found += [read_yaml(path).data for path in sorted(shelf.rglob("*.yaml")) if path.stem in names()]
    return found


def places(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(path for key, value in inner for path in places(value, (*at, key)))]


def by_value(chance: random.Random, data: dict[str, Any]) -> bytes:
    """Change, drop, rename or repeat up to three values anywhere in a config."""
    data = json.loads(json.dumps(data))
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice(places(data)[1:])
        block: Any = data
        for key in way:
            block = block[key]
        how = chance.randrange(6)
        if how == 0:
            del block[last]
        elif how == 1 and isinstance(block, dict):
            block[str(last)[: chance.randint(0, 6)] + chance.choice(["", "x", "_", "研"])] = block.pop(last)
        elif how == 2 and isinstance(block, dict):
            block[chance.choice(["study", "extends", "quick", "seed", "team", "x"])] = copy.deepcopy(
                chance.choice(STRANGE)
            )
        elif how == 3 and isinstance(block[last], (int, float)) and not isinstance(block[last], bool):
            block[last] = block[last] * chance.choice([-1, 0, 10, 1000, 1e6, 0.001])
        else:
            block[last] = copy.deepcopy(chance.choice(STRANGE))
        if not data:
            break
    return config_text(data).encode(errors="surrogatepass")


def by_text(chance: random.Random, data: dict[str, Any]) -> bytes:
    """Insert, drop or double bytes and lines of a config."""
    text = config_text(data).encode()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(1, 12))
        how = chance.randrange(5)
        if how == 0:
            text = text[:at] + text[end:]
        elif how == 1:
            text = text[:at]
        elif how == 2:
            text = text[:end] + text[at:]
        else:
            text = text[:at] + chance.choice(BYTES) + text[at:]
    return text


WAYS: tuple[Callable[[random.Random, dict[str, Any]], bytes], ...] = (by_value, by_value, by_value, by_text)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_mutated_file_is_right_or_refused_in_one_message(
    batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    every = sources()
    file = tmp_path / "mutated.yaml"
    for number in range(batch, CASES, BATCHES):
        chance = random.Random(number)
        file.write_bytes(chance.choice(WAYS)(chance, chance.choice(every)))
        told = f"mutation {number}"
        result = cosim("check", file)  # whatever is no error of cosim's own is raised here
        assert result.exit_code in (0, WRONG_INPUT), told
        assert list(tree(tmp_path)) == ["mutated.yaml"], told
        if result.exit_code == 0:
            assert "a valid" in result.stdout, told
            continue
        assert result.stdout == "" or "valid" not in result.stdout, told
        first, *others = result.stderr.rstrip("\n").split("\n")
        assert first.startswith("cosim: "), told
        assert "mutated.yaml" in first, told
        assert all(line.startswith("also: ") for line in others), f"{told}: {result.stderr}"
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", result.stderr), told
        assert len(result.stderr) < 10_000, told
