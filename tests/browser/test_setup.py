"""Set-ups survive the way through a link and through a file; what cannot be is refused in words."""

from __future__ import annotations

from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.browser.configs import ARM, MOST_ARMS, REPLICATES, from_config, to_config
from cosim.browser.pair import Pair
from cosim.browser.setup import MAX_SEED, Setup, Way, from_link, to_link
from cosim.catalogue import load_scenario, names
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.formatting.safe_text import hidden
from cosim.interventions import INTERVENTIONS
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve

RICH = Setup(
    "research_team",
    3,
    Way({"buddy": 0.5}, {"floor.returning": 2.0, "phases.*.minutes": 60.0}),
    Way(
        {"round_robin": 1.0},
        {"facilitation.seating": "round", "phases.*.minutes": 60.0, "team.patients.count": 6},
    ),
)


def ways() -> st.SearchStrategy[Way]:
    doses = st.dictionaries(
        st.sampled_from([name for name, one in INTERVENTIONS.items() if not one.conflicts]),
        st.sampled_from([0.25, 0.5, 1.0]),
        max_size=4,
    )
    changes = st.fixed_dictionaries(
        {},
        optional={
            "floor.returning": st.floats(0.0, 20.0).filter(lambda x: x != 1.8),
            "facilitation.seating": st.sampled_from(["round", "u_shape"]),
            "facilitation.tokens": st.sampled_from([1, 5, 50]),
            "phases.*.level": st.sampled_from(["involve", "empower"]),
            "roles.patient.confidence": st.floats(0.0, 1.0),
            "team.patients.count": st.sampled_from([2, 8]),
        },
    )
    return st.builds(Way, doses, changes)


setups = st.builds(Setup, st.just("research_team"), st.integers(1, MAX_SEED), ways(), ways())


@settings(max_examples=25)
@given(setups)
def test_a_link_says_everything(setup: Setup) -> None:
    assert from_link(to_link(setup)) == setup


@settings(max_examples=25)
@given(setups)
def test_a_file_says_everything(setup: Setup) -> None:
    again, note = from_config(to_config(setup))
    assert note == ""
    assert again.seed == setup.seed
    for team in "AB":
        assert_same_numbers(again.team(team), setup.team(team))


def assert_same_numbers(one: Scenario, other: Scenario) -> None:
    """Compare what two scenarios come to; a default may be written out or left out."""
    assert dict(one.interventions) == dict(other.interventions)
    (a, members), (b, others) = resolve(one), resolve(other)
    assert members == others
    for name in a._fields:
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


@pytest.mark.parametrize("name", names())
def test_every_scenario_goes_through_link_and_file(name: str) -> None:
    setup = Setup(name, 7)
    assert from_link(to_link(setup)) == setup
    assert from_config(to_config(setup))[0] == setup


def test_the_file_is_a_study_config() -> None:
    """Read by the rules of `cosim.studies.config`, with a subject that knows the scenario only."""
    from cosim.interventions import check_interventions
    from cosim.studies.config import check_config, config_from_text

    class Team:
        name = "team"

        def __init__(self, scenario: object) -> None:
            self.scenario = scenario

        def describe(self) -> dict[str, object]:
            return {}

        def factors(self) -> list[object]:
            return []

        def interventions(self) -> list[str]:
            return list(INTERVENTIONS)

        def outcomes(self) -> list[str]:
            return ["influence_gini"]

        def check(self, point: object) -> None:
            changed = load_scenario(self.scenario).replace(point.changes)  # type: ignore[attr-defined, arg-type]
            arm = changed.with_interventions(dict(point.interventions))  # type: ignore[attr-defined]
            check_interventions(arm.interventions)

    config = check_config(config_from_text(to_config(RICH)), lambda given, _: Team(given))  # type: ignore[arg-type, return-value]
    points = config.design().points
    assert [point.arm for point in points] == ["baseline", ARM]
    assert config.settings.replicates == REPLICATES
    assert config.settings.seed == 3
    base = load_scenario(dict(config.settings.scenario))  # type: ignore[arg-type]
    arm = base.replace(points[1].changes).with_interventions(dict(points[1].interventions))
    a, b = RICH.team("A"), RICH.team("B")
    same = {"name": "x", "title": "", "question": "", "description": ""}
    assert base.model_copy(update=same) == a.model_copy(update=same)
    doses = {name: dose for name, dose in arm.interventions.items() if dose > 0}
    assert doses == RICH.doses("B")
    plain = {"interventions": b.interventions, **same}
    assert arm.model_copy(update=plain) == b.model_copy(update=plain)


def test_configs_of_others_can_be_opened() -> None:
    text = """
study: compare
scenario: token_seat
interventions: [{round_robin: 0.5}, buddy]
bundles: {both: [round_robin, buddy]}
seed: 11
"""
    setup, note = from_config(text)
    assert setup == Setup("token_seat", 11, Way(), Way({"round_robin": 0.5}))
    assert "team B is the first, round_robin" in note
    own = "extends: token_seat\nname: mine\nteam: {patients: {count: 2}}\ninterventions: {buddy: 1}\n"
    setup, note = from_config(own)
    assert setup.a == setup.b == Way({"buddy": 1.0}, {"team.patients.count": 2})
    assert note == ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("scenario=research_teem", "did you mean 'research_team'"),
        ("scenario=/etc/passwd", "there is no such scenario"),
        ("seed=0", "not a seed"),
        ("seed=1.5", "not a seed"),
        ("seed=abc", "not a seed"),
        ("b=round_robbin:1", "did you mean 'round_robin'"),
        ("b=round_robin:2", "not a dose"),
        ("b=round_robin", "cannot be read"),
        ("b=nominal_group:1;consent_rule:1", "cannot be combined"),
        ("set_b=floor.rturning:1", "did you mean 'returning'"),
        ("set_b=floor.returning:99", "out of range"),
        ("set_a=team.patients.count:99", "allowed"),
        ("seeed=3", "did you mean 'seed'"),
    ],
)
def test_links_that_cannot_be_are_refused_in_words(query: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        from_link(query)


STUDY = "study: compare\nscenario: research_team\n"


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("study: [", 1, None),
        ("study: compare\nscenario: nowhere\n", 2, "scenario"),
        ("study: compare\nscenario: {extends: other.yaml}\n", 2, "scenario.extends"),
        ("study: compare\nscenario: {extends: /etc/passwd}\n", 2, "scenario.extends"),
        ("study: compare\nscenario:\n  - research_team\n", 2, "scenario"),
        ("extends: other.yaml\nstudy: compare\nscenario: research_team\n", 1, "extends"),
        ("extends: /etc/passwd\nteam: {}\n", 1, "extends"),
        ("extends: research_team\nteam: {patients: {count: many}}\n", 2, "team.patients.count"),
        ("extends: research_team\ninterventions: true\n", 2, "interventions"),
        ("extends: research_team\ninterventions: {buddy: 7}\n", 2, "interventions.buddy"),
        (STUDY + "seed: 0\n", 3, "seed"),
        (STUDY + "seed: 3000000000\narms: {b: {with: {buddy: 1}}}\n", 3, "seed"),
        (STUDY + "arms: {b: {with: {round_robin: 7}}}\n", 3, "arms.b.with.round_robin"),
        (STUDY + "arms: {b: {set: {floor.x: 7}}}\n", 3, "arms.b"),
        (STUDY + "arms: {b: {set: {floor.returning: null}}}\n", 3, "arms.b.set.floor.returning"),
        (STUDY + "arms: {b: {with: 5}}\n", 3, "arms.b.with"),
        (STUDY + "arms: {b: 5}\n", 3, "arms.b"),
        (STUDY + "arms: [1]\n", 3, "arms"),
        (STUDY + "bundles: 0.5\n", 3, "bundles"),
        (STUDY + "bundles: {b: [1]}\n", 3, "bundles.b"),
        (STUDY + "bundles: {b: [round_robbin]}\n", 3, "bundles.b"),
        (STUDY + "interventions: true\n", 3, "interventions"),
        (STUDY + "interventions: [[]]\n", 3, "interventions[0]"),
        (STUDY + "interventions: [round_robbin]\n", 3, "interventions[0]"),
        (STUDY + "quick: 5\n", 3, "quick"),
        (STUDY + 'title: "a\\e[2J"\n', 3, "title"),
        ("study: nothing\nscenario: research_team\n", 1, "study"),
        ("scenario: research_team\n", None, "study"),
        ("- a\n- b\n", 1, None),
        ("x" * 200_000, None, None),
    ],
)
def test_files_that_cannot_be_are_refused_with_line_and_key(text: str, line: int, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_config(text)
    assert (line, key) == (caught.value.line if line else None, caught.value.key)


def test_a_file_may_have_only_so_many_arms() -> None:
    arms = "\n".join(f"  arm{number}: {{with: {{buddy: 0.5}}}}" for number in range(MOST_ARMS + 1))
    with pytest.raises(ConfigError, match=str(MOST_ARMS)):
        from_config(f"{STUDY}arms:\n{arms}\n")


@pytest.mark.parametrize(
    "query",
    [
        "seed=" + "[" * 20_000,
        "seed=" + "[" * 100,
        "set_b=floor.returning:" + '{"a":' * 900 + "1" + "}" * 900,
        "set_b=team:" + "[" * 50 + "]" * 50,
        "set_b=floor.returning:NaN",
        "set_b=floor.returning:1e999",
        "set_b=floor.returning:-Infinity",
        "set_b=floor.returning:" + "9" * 4000,
        "set_b=floor.returning:" + "9" * 6000,
        "b=round_robin:" + "9" * 4000,
        "b=round_robin:NaN",
        "seed=" + "1" * 7000,
        "scenario=" + "x" * 9000,
        "set_b=team.new:" + quote('{"role":"patient","count":1,"\x1b":2}'),
        "scenario=%00%1b[2J",
    ],
)
def test_links_made_to_do_harm_are_refused_in_one_short_message(query: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_link(query)
    assert len(str(caught.value)) < 3000
    assert hidden(str(caught.value)) is None


def test_a_dose_of_many_digits_survives_a_link() -> None:
    setup = Setup("research_team", 1, Way(), Way({"buddy": 0.123456789012345}))
    assert from_link(to_link(setup)) == setup


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"roles.patient.confidence": 0.125}, {}),
        ({"team.patients.confidence": 0.125}, {}),
        ({}, {"roles.patient.confidence": 0.125}),
        ({"roles.patient.confidence": 0.125}, {"roles.patient.confidence": 0.25}),
    ],
)
def test_what_only_team_a_changes_is_taken_back_in_the_file(a: dict[str, float], b: dict[str, float]) -> None:
    """The file has to say what team B has: `cosim run` reads it too."""
    setup = Setup("research_team", 1, Way({}, a), Way({}, b))  # type: ignore[arg-type]
    again, _ = from_config(to_config(setup))
    for team in "AB":
        assert_same_numbers(again.team(team), setup.team(team))


def test_a_dose_of_the_scenario_can_be_taken_away() -> None:
    own = load_scenario("co_chaired").interventions
    way = Way().with_dose("co_chairing", 0.0, own)
    setup = Setup("co_chaired", b=way)
    assert setup.doses("A") == dict(own)
    assert "co_chairing" not in setup.doses("B")
    assert way.with_dose("co_chairing", 1.0, own) == Way()
    assert from_config(to_config(setup))[0] == setup


def test_changes_that_change_nothing_are_dropped() -> None:
    way = Way().with_change("floor.returning", 2.0, 1.8)
    assert way.changes == {"floor.returning": 2.0}
    assert way.with_change("floor.returning", 1.8, 1.8) == Way()


def small(**more: object) -> Setup:
    quick = {"phases.*.minutes": 4.0}
    return Setup("research_team", 2, Way({}, quick), Way(more.get("doses", {}), quick))  # type: ignore[arg-type]


def test_the_same_ways_stay_the_same_to_the_end() -> None:
    pair = Pair(small())
    while pair.running:
        pair.step()
    assert pair.parted is None
    a, b = (watch.model for watch in pair.teams.values())
    assert a.outcomes() == b.outcomes()
    assert a.log == b.log


def test_teams_are_equal_until_they_part_and_say_so() -> None:
    minutes = {"phases.*.minutes": 4.0}
    pair = Pair(Setup("research_team", 2, Way({}, minutes), Way({}, {**minutes, "floor.returning": 4.0})))
    while pair.parted is None:
        pair.step()
    step = pair.parted
    logs = [[row for row in watch.model.log if row[2] >= 0] for watch in pair.teams.values()]
    assert logs[0][: step - 1] == logs[1][: step - 1]
    assert logs[0][:step] != logs[1][:step]
    assert step > 1
    for watch in pair.teams.values():
        assert "two teams part" in watch.captions[0].text


def test_the_teams_are_always_in_the_same_meeting() -> None:
    setup = Setup(
        "research_team",
        2,
        Way({}, {"phases.*.minutes": 4.0}),
        Way({}, {"phases.*.minutes": 7.0}),
    )
    pair = Pair(setup)
    waited = False
    while pair.running:
        pair.step(look=False)
        a, b = (watch.model.meeting for watch in pair.teams.values())
        assert abs(a - b) <= 1
        assert pair.place >= min(a, b)
        waited = waited or pair.waits("A")
        assert not pair.waits("B") or not pair.waits("A")
    assert waited
    assert pair.place == pair.meetings == 4


def test_a_pair_shows_what_the_model_computes() -> None:
    from cosim.model.model import CoproductionModel

    pair = Pair(small(doses={"round_robin": 1.0}))
    while pair.running:
        pair.step(look=False)
    for team, watch in pair.teams.items():
        alone = CoproductionModel(pair.setup.team(team), 2, collect=False).run_model()
        assert watch.model.outcomes() == alone.outcomes()


def test_configs_name_the_line_of_a_mistake() -> None:
    assert parse_yaml(to_config(RICH)).data["arms"]["team_b"]["with"]["buddy"] == 0.0


OWN_WAY = """\
ways:
  walk:
    title: Walking meeting
    sentence: Walked in pairs; no table.
    effects: [{dial: facilitation.small_groups, toward: 1, share: 0.5}]
    effort: [{when: every_meeting, inside_minutes: 5}]
"""
INDENTED = "".join(f"  {line}" for line in OWN_WAY.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("text", "a", "b"),
    [
        (f"extends: token_seat\n{OWN_WAY}", {}, {}),
        (f"extends: token_seat\n{OWN_WAY}interventions: {{walk: 0.5}}\n", {"walk": 0.5}, {"walk": 0.5}),
        (f"study: compare\nscenario: token_seat\n{OWN_WAY}interventions: [walk]\n", {}, {"walk": 1.0}),
        (
            f"study: compare\nscenario:\n  extends: token_seat\n{INDENTED}interventions: [walk]\n",
            {},
            {"walk": 1.0},
        ),
    ],
)
def test_ways_of_working_that_a_file_defines_are_offered(text, a, b):
    setup, _ = from_config(text)
    assert setup.ways["walk"].title == "Walking meeting"
    assert "payment" in setup.ways
    assert (setup.doses("A"), setup.doses("B")) == (a, b)
    assert from_config(to_config(setup))[0] == setup
    assert from_link(to_link(setup)) == setup
    assert not setup.a.parameters
    used = setup.with_way("A", Way({"walk": 1.0}, setup.a.changes)).team("A")
    assert resolve(used)[0].meetings["facilitation_small_groups"].max() == 0.5
    assert "walk" not in Setup("token_seat").ways
