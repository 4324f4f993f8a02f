"""Every public function refuses what it cannot use before any work, and takes what people have."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cosim
from cosim.catalogue import as_scenario, entry, text
from cosim.config import arguments
from cosim.errors import ConfigError
from cosim.interventions import check_interventions
from cosim.model.agents import Facilitator, Participant, Patient
from cosim.scenario import Group, Phase, Scenario
from cosim.simulation.simulation import Agents, simulate

TEAM = cosim.load_scenario("research_team")
SMALL = TEAM.replace({"phases.conducting": None, "phases.knowledge_translation": None})
NAN, INFINITE = float("nan"), float("inf")


CIRCLE: dict[str, object] = {}
CIRCLE["team"] = CIRCLE

NO_WHOLE_NUMBERS = {
    "half": 1.5,
    "whole float": 2.0,
    "true": True,
    "numpy true": np.True_,
    "none": None,
    "word": "1",
    "list": [1],
    "array": np.array([1, 2]),
    "numpy float": np.float64(3.0),
    "nan": NAN,
    "complex": 1j,
    "bytes": b"1",
    "fraction": Fraction(3, 2),
    "class": int,
    "negative": -1,
    "numpy negative": np.int64(-1),
    "too large": 2**64,
    "very large": 10**400,
}
NO_SCENARIOS = {
    "none": None,
    "number": 3,
    "list": ["research_team"],
    "bytes": b"research_team",
    "class": Scenario,
    "misspelt": "reserch_team",
    "empty": "",
    "one letter": "x",
    "long name": "x" * 5000,
    "long file": "x" * 5000 + ".yaml",
    "many folders": "a/" * 4000 + "b.yaml",
    "null letter": "a\0b.yaml",
    "surrogate": "\ud800.yaml",
    "no such file": "no/such/file.yaml",
    "folder": Path(),
    "path without a file": Path("research_team"),
    "long path": Path("x" * 300),
    "empty mapping": {},
    "key that is a number": {5: 3},
    "key that is none": {"extends": "research_team", None: 3},
    "extends a number": {"extends": 5},
    "extends none": {"extends": None},
    "extends a null letter": {"extends": "a\0b.yaml"},
    "extends a long name": {"extends": "x" * 5000 + ".yaml"},
    "team of a number": {"extends": "research_team", "team": 5},
    "team of a set": {"extends": "research_team", "team": {1, 2}},
    "count as text": {"extends": "research_team", "team": {"patients": {"count": "2"}}},
    "numpy half": {"extends": "research_team", "team": {"patients": {"count": np.float64(2.5)}}},
    "circle": CIRCLE,
    "unknown key": {"extends": "research_team", "flor": {}},
    "table": pd.DataFrame({"a": [1]}),
}
NO_FLAGS = {"one": 1, "word": "yes", "none": None, "list": [], "numpy one": np.int64(1)}
NO_CHANGES = {
    "none": None,
    "text": "team.patients.count=3",
    "list": ["team.patients.count"],
    "pairs": [("team.patients.count", 3)],
    "number": 3,
    "key that is a number": {3: 3},
    "empty key": {"": 3},
    "dots": {"...": 3},
    "unknown key": {"facilitation.invitatoin": 0.5},
    "unknown block": {"facilitatoin.invitation": 0.5},
    "into a number": {"floor.returning.much": 1},
    "value as text": {"facilitation.invitation": "0.5"},
    "value out of range": {"facilitation.invitation": 1.5},
    "value nan": {"facilitation.invitation": NAN},
    "numpy nan": {"facilitation.invitation": np.float64("nan")},
    "value infinite": {"facilitation.invitation": INFINITE},
    "value true": {"facilitation.invitation": True},
    "value none": {"facilitation.invitation": None},
    "array": {"facilitation.invitation": np.array([0.1, 0.2])},
    "no team": {"team": None},
    "no team, then a group": {"team": None, "team.patients.count": 3},
    "no team, then all groups": {"team": None, "team.*.count": 3},
    "team of a number": {"team": 5, "team.*.count": 3},
    "team of text": {"team": "abc", "team.*.count": 3},
    "no roles": {"roles": None, "roles.*.prestige": 0.5},
    "unknown role": {"roles.martian.prestige": 0.5},
    "unknown attribute": {"roles.*.prestig": 0.5},
    "a group without a role": {"team.new": {"count": 2}},
    "a group of a list": {"team.new": [1]},
    "unknown level": {"phases.*.level": "collabrate"},
    "whole float": {"team.patients.count": 2.0},
    "name of a number": {"name": 3},
    "everybody gone": {"team.*": None},
    "numpy array of a group": {"team.patients": np.zeros(3)},
}
NO_INTERVENTIONS = {
    "none": None,
    "number": 3,
    "list": ["round_robin"],
    "set": {"round_robin"},
    "tuple": ("round_robin", 1.0),
    "misspelt": "round_robbin",
    "empty": "",
    "long": "x" * 100_000,
    "bytes": b"round_robin",
    "dose as text": {"round_robin": "x"},
    "dose as a number in text": {"round_robin": "0.5"},
    "dose none": {"round_robin": None},
    "dose true": {"round_robin": True},
    "dose out of range": {"round_robin": 1.5},
    "dose negative": {"round_robin": -0.1},
    "dose nan": {"round_robin": NAN},
    "dose numpy nan": {"round_robin": np.float32("nan")},
    "dose infinite": {"round_robin": INFINITE},
    "dose huge": {"round_robin": 10**400},
    "dose in a list": {"round_robin": [0.5]},
    "dose in an array": {"round_robin": np.array([0.5, 0.5])},
    "dose complex": {"round_robin": 1j},
    "key that is a number": {3: 0.5},
    "key that is none": {None: 0.5},
    "unknown in a mapping": {"round_robbin": 0.5},
}
NO_ENGINES = {"misspelt": "compield", "none": None, "number": 1, "list": ["compiled"], "empty": ""}
NO_CLASSES = {"an object": object(), "another class": int, "text": "Facilitator", "number": 3}
NO_PARTICIPANTS = {
    "a class": Patient,
    "a list": [Patient],
    "text": "patient",
    "unknown role": {"pateint": Patient},
    "role of a number": {3: Patient},
    "another class": {"patient": int},
    "an object": {"patient": object()},
    "none": {"patient": None},
    "a facilitator": {"patient": Facilitator},
}
NO_RANGES = {
    "empty": range(0),
    "backwards and empty": range(3, 1),
    "negative": range(-2, 2),
    "downwards below 0": range(2, -3, -1),
    "beyond": range(2**32 - 1, 2**32 + 1),
}
NO_NAMES = {"none": None, "number": 3, "list": ["research_team"], "misspelt": "reserch_team", "empty": ""}
NO_DATA = {"none": None, "number": 3, "list": [1], "text": "research_team", "key": {1: 2}, "circle": CIRCLE}


def calls():
    """Yield a name and a call for everything that must be refused."""
    for name, value in NO_WHOLE_NUMBERS.items():
        yield f"simulate seed {name}", lambda v=value: simulate(SMALL, 1, seed=v)
        yield f"simulate replicates {name}", lambda v=value: simulate(SMALL, v)
        yield f"simulate workers {name}", lambda v=value: simulate(SMALL, 1, workers=v)
        yield f"model seed {name}", lambda v=value: cosim.CoproductionModel(SMALL, v)
        yield f"model replicate {name}", lambda v=value: cosim.CoproductionModel(SMALL, 1, v)
    for name, value in NO_RANGES.items():
        yield f"simulate range {name}", lambda v=value: simulate(SMALL, v)
    for name, value in NO_SCENARIOS.items():
        yield f"load {name}", lambda v=value: cosim.load_scenario(v)
        yield f"simulate {name}", lambda v=value: simulate(v, 1)
        yield f"model {name}", lambda v=value: cosim.CoproductionModel(v)
    for name, value in NO_FLAGS.items():
        yield f"simulate counterfactual {name}", lambda v=value: simulate(SMALL, 1, counterfactual=v)
        yield f"simulate log {name}", lambda v=value: simulate(SMALL, 1, log=v)
        yield f"model collect {name}", lambda v=value: cosim.CoproductionModel(SMALL, collect=v)
    for name, value in NO_ENGINES.items():
        yield f"simulate engine {name}", lambda v=value: simulate(SMALL, 1, engine=v)
    for name, value in NO_CHANGES.items():
        yield f"replace {name}", lambda v=value: TEAM.replace(v)
    for name, value in NO_INTERVENTIONS.items():
        yield f"with_interventions {name}", lambda v=value: TEAM.with_interventions(v)
    yield "with_interventions contradiction", lambda: TEAM.with_interventions("no_round", "round_robin", None)
    for name, value in NO_PARTICIPANTS.items():
        yield f"agents {name}", lambda v=value: Agents(v)
        yield f"model participants {name}", lambda v=value: cosim.CoproductionModel(SMALL, participants=v)
    for name, value in {**NO_CLASSES, "participant": Participant}.items():
        yield f"agents facilitator {name}", lambda v=value: Agents(facilitator=v)
        yield f"model facilitator {name}", lambda v=value: cosim.CoproductionModel(SMALL, facilitator=v)
    for name, value in {**NO_CLASSES, "none": None, "mapping": {"patient": Patient}}.items():
        yield f"simulate agents {name}", lambda v=value: simulate(SMALL, 1, agents=v)
        if value is not None:
            yield f"model variation {name}", lambda v=value: cosim.CoproductionModel(SMALL, variation=v)
    for name, value in NO_DATA.items():
        yield f"from_dict {name}", lambda v=value: Scenario.from_dict(v)
        if name != "text":
            yield f"as_scenario {name}", lambda v=value: as_scenario(v)
    for name, value in NO_NAMES.items():
        yield f"entry {name}", lambda v=value: entry(v)
        yield f"text {name}", lambda v=value: text(v)
        yield f"count {name}", lambda v=value: TEAM.count(v)
        yield f"check_interventions {name}", lambda v=value: check_interventions(v)
    yield "scenario of nothing", Scenario
    yield "scenario of a number", lambda: Scenario(3)
    yield "scenario with an unknown key", lambda: Scenario(**TEAM.to_dict(), flor={})
    yield "group of an unknown role", lambda: Group(role="astronaut")
    yield "group of too many", lambda: Group(role="patient", count=61)
    yield "group of half", lambda: Group(role="patient", count=1.5)
    yield "phase without a level", Phase
    yield "phase of no meetings", lambda: Phase(level="consult", meetings=0)
    yield "phase of words", lambda: Phase(level="consult", meetings="many")


@pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in calls()])
def test_what_cannot_be_used_is_refused_in_words(call):
    with pytest.raises(ConfigError) as caught:
        call()
    assert len(str(caught.value)) < 6000


def test_there_are_enough_bad_calls():
    assert len(list(calls())) > 300


@pytest.mark.parametrize(
    ("call", "key", "nearest"),
    [
        (lambda: simulate("reserch_team"), None, "research_team"),
        (lambda: simulate(SMALL, engine="compield"), "engine", "compiled"),
        (lambda: simulate(SMALL, seed=1.5), "seed", None),
        (lambda: simulate(SMALL, 0), "replicates", None),
        (lambda: simulate(SMALL, 1, workers="2"), "workers", None),
        (lambda: simulate(SMALL, 1, log=1), "log", None),
        (lambda: simulate(SMALL, 1, agents=None), "agents", None),
        (lambda: simulate(None), "scenario", None),
        (lambda: Agents({"pateint": Patient}), "participants", "patient"),
        (lambda: TEAM.count("pateint"), "role", "patient"),
        (lambda: TEAM.with_interventions("round_robbin"), "interventions.round_robbin", "round_robin"),
        (lambda: TEAM.replace({"flor.rule": "queue"}), "flor.rule", "floor"),
        (lambda: Group(role="pacient"), "role", "patient"),
        (lambda: entry("reserch_team"), "name", "research_team"),
    ],
)
def test_the_argument_and_the_nearest_valid_name_are_named(call, key, nearest):
    with pytest.raises(ConfigError) as caught:
        call()
    assert (caught.value.key, caught.value.nearest) == (key, nearest)
    assert caught.value.allowed or caught.value.nearest


def test_more_replicates_than_memory_holds_are_refused_before_any_work():
    with pytest.raises(ConfigError) as caught:
        simulate(SMALL, 2**32 - 1)
    assert caught.value.key == "replicates"
    assert "GB" in caught.value.message


# ---------------------------------------------------------------- what is taken


@pytest.fixture(scope="module")
def usual():
    return simulate(TEAM, 2, 1)


def test_whole_numbers_of_numpy_count_as_whole_numbers(usual):
    given = simulate(TEAM, np.int64(2), np.uint8(1), workers=np.int32(1), log=np.False_)
    pd.testing.assert_frame_equal(given.runs, usual.runs, check_exact=True)
    assert type(given.provenance["seed"]) is int


@pytest.mark.parametrize(
    "given",
    ["research_team", {"extends": "research_team", "name": "other"}, TEAM.to_dict(), TEAM],
    ids=["name", "mapping", "plain data", "scenario"],
)
def test_a_scenario_is_given_in_any_form(given, usual):
    pd.testing.assert_frame_equal(simulate(given, 2, 1).runs, usual.runs, check_exact=True)
    model = cosim.CoproductionModel(given, np.int64(1), np.uint32(0), collect=np.False_)
    assert (
        model.project.replace({"name": TEAM.name}).identity
        == as_scenario(given).replace({"name": TEAM.name}).identity
    )
    model.step()
    assert (type(model.seed_number), type(model.replicate), model.turn) == (int, int, 1)


@pytest.mark.parametrize("kind", [str, Path])
def test_a_scenario_is_given_as_a_file(kind, tmp_path, usual):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: research_team\n", encoding="utf-8")
    pd.testing.assert_frame_equal(simulate(kind(file), 2, 1).runs, usual.runs, check_exact=True)


@pytest.mark.parametrize(
    ("changes", "plain"),
    [
        ({"team.patients.count": np.int64(3)}, {"team.patients.count": 3}),
        ({"facilitation.invitation": np.float64(0.5)}, {"facilitation.invitation": 0.5}),
        ({"facilitation.invitation": np.array(0.5)}, {"facilitation.invitation": 0.5}),
        ({"facilitation.invitation": np.int16(1)}, {"facilitation.invitation": 1.0}),
        ({"title": np.str_("A title")}, {"title": "A title"}),
        ({}, {}),
    ],
)
def test_values_of_numpy_are_the_same_as_plain_ones(changes, plain):
    assert TEAM.replace(changes).identity == TEAM.replace(plain).identity


@pytest.mark.parametrize(
    "given",
    [
        ("round_robin",),
        ({"round_robin": 1},),
        ({"round_robin": np.int8(1)},),
        ({"round_robin": np.float64(1)},),
    ],
)
def test_doses_are_given_as_people_have_them(given):
    assert TEAM.with_interventions(*given).identity == TEAM.with_interventions("round_robin").identity


@pytest.mark.parametrize("given", [range(3, 5), range(4, 2, -1)])
def test_a_range_says_which_replicates(given):
    assert list(simulate(SMALL, given).runs["replicate"]) == list(given)


def test_a_list_of_names_is_checked_as_a_whole():
    assert arguments.names("a", ["a", "b"], "outcomes", "outcome") == ["a"]
    assert arguments.names(("b", "a"), ["a", "b"], "outcomes", "outcome") == ["b", "a"]
    for wrong in (None, 3, {"a": 1}, ["a", "a"], ["c"], [None], b"a"):
        with pytest.raises(ConfigError):
            arguments.names(wrong, ["a", "b"], "outcomes", "outcome")
