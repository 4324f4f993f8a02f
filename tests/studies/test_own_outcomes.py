"""Outcomes that a study defines itself: in its tables and report, also when they are added afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.execution.own_outcomes import OwnOutcome
from cosim.studies.config import check_config, config_from_data, extended
from cosim.studies.factor_titles import builds_in
from cosim.studies.own_outcomes import at_hand, definitions, records_of
from cosim.studies.results import read_results
from cosim.studies.team_model import team_model
from tests.cli.terminal import cosim, tables

pytestmark = pytest.mark.usefixtures("one_format")

GAP = "voice_parity_public - influence_parity_public"
STUDY: dict[str, Any] = {
    "study": "compare",
    "scenario": "research_team",
    "interventions": ["payment", "round_robin"],
    "replicates": 2,
    "worlds": {"count": 3},
    "seed": 3,
}


def checked(**more: Any) -> Any:
    return check_config(config_from_data({**STUDY, **more}), team_model)


@pytest.mark.parametrize(
    "outcomes",
    [{"say_gap": GAP}, ["influence_gini", {"say_gap": {"is": GAP}}], [{"say_gap": GAP}, "influence_gini"]],
)
def test_an_own_outcome_may_be_written_among_the_others(outcomes: Any) -> None:
    config = checked(outcomes=outcomes)
    assert "say_gap" in config.settings.outcomes
    assert config.settings.own_outcomes["say_gap"].is_ == GAP
    again = check_config(config_from_data(config.resolved()), team_model)
    assert again.settings.own_outcomes == config.settings.own_outcomes
    assert again.settings.outcomes == config.settings.outcomes
    assert "own_outcomes" not in checked().resolved()


GO_BY: list[tuple[dict[str, Any], str]] = [
    ({"compare": {"primary": "OWN", "matters": {"OWN": 0.01}}}, "compare.primary"),
    ({"study": "bundles", "search": {"members": ["payment"], "objectives": {"OWN": "min"}}}, "search.obj"),
    (
        {
            "study": "bundles",
            "search": {"members": ["payment"], "objectives": {"money": "min"}, "limits": {"OWN": 1.0}},
        },
        "search.limits",
    ),
    (
        {
            "study": "failures",
            "failures": {"arm": "payment", "outcome": "OWN", "above": 0.1},
            "worlds": {"count": 50},
        },
        "failures.outcome",
    ),
    (
        {"study": "information", "information": {"utility": {"OWN": -1.0}}, "worlds": {"count": 64}},
        "information.utility",
    ),
]


@pytest.mark.parametrize(("changes", "place"), GO_BY)
def test_a_study_of_any_kind_may_go_by_it(changes: dict[str, Any], place: str) -> None:
    """Where an outcome is named by which something is chosen or judged, one's own is known, too."""

    def named(name: str) -> Any:
        return json.loads(json.dumps({**STUDY, "outcomes": {"say_gap": GAP}, **changes}).replace("OWN", name))

    def tried(name: str) -> Any:
        data = named(name)
        if data["study"] == "bundles":
            del data["interventions"]
        return check_config(config_from_data(data), team_model)

    assert len(tried("say_gap").made.points) > 1
    with pytest.raises(ConfigError, match="no such outcome") as refused:
        tried("say_gab")
    assert refused.value.nearest == "say_gap"
    assert str(refused.value.key).startswith(place)


def test_what_a_rule_builds_into_a_part_is_built_into_the_whole() -> None:
    own = {"gap": OwnOutcome(**{"is": GAP}), "wide": OwnOutcome(**{"is": "gap > 0.3"})}
    assert records_of(own)["wide"].made_of == {"gap", "voice_parity_public", "influence_parity_public"}
    with at_hand({}, own):
        for name in own:
            assert builds_in("with.round_robin", name), "it hands out turns"
            assert not builds_in("with.payment", name)
    assert definitions(["wide"], own) == {"gap": GAP, "wide": "gap > 0.3"}
    assert definitions(["gap", "money"], own) == {"gap": GAP}


def test_looking_again_goes_by_the_outcome_that_ranks() -> None:
    again = {
        "outcomes": {"say_gap": {"is": GAP, "better": "lower"}},
        "worlds": {"count": 6},
        "replicates": 1,
        "compare": {"primary": "say_gap", "look_again": 40},
    }
    notes = checked(**again).made.notes
    assert notes["outcome"] == "say_gap"
    assert notes["defined"] == {"say_gap": GAP}
    with pytest.raises(ConfigError, match="which way"):
        checked(**{**again, "outcomes": {"say_gap": GAP}})


def test_one_may_be_made_of_another() -> None:
    own = {"gap": GAP, "wide": "gap > 0.3"}
    assert list(checked(outcomes=own).settings.own_outcomes) == ["gap", "wide"]


@pytest.mark.parametrize(
    ("outcomes", "line", "near"),
    [
        ("outcomes:\n  gap: voice_parity_publik - 1", 5, "voice_parity_public"),
        ("outcomes:\n- influence_gini\n- gap: voice_gini ** 2", 6, None),
        ("outcomes:\n  gap:\n    is: voice_ginni\n    unit: Gini", 6, "voice_gini"),
        ("outcomes:\n  influence_gini: voice_gini * 2", 5, None),
        ("outcomes:\n  arm: voice_gini * 2", 5, None),
        ("outcomes:\n  My gap: voice_gini * 2", 5, None),
        ("outcomes:\n  gap: {is: voice_gini * 2, better: yes}", 5, None),
        ("outcomes:\n  gap: {is: voice_gini * 2, titel: a}", 5, "title"),
        ("outcomes:\n  gap: 3", 5, None),
        ("outcomes:\n- gap: voice_gini * 2\n- gap: voice_gini * 3", 6, None),
    ],
)
def test_what_cannot_be_is_refused_on_its_line(outcomes: str, line: int, near: str | None) -> None:
    text = f"study: compare\nscenario: research_team\ninterventions: [payment]\n{outcomes}\n"
    with pytest.raises(ConfigError) as found:
        check_config(extended(parse_yaml(text, Path("own.yaml"))), team_model)
    assert found.value.line == line
    if near is not None:
        assert found.value.nearest == near


@pytest.mark.slow
def test_it_is_reported_and_can_be_added_to_a_finished_study(tmp_path: Path) -> None:
    path, folder = tmp_path / "own.yaml", tmp_path / "out"
    path.write_text(json.dumps(STUDY), encoding="utf-8")
    assert cosim("run", path, "--output", folder).exit_code == 0
    before = tables(folder)
    own = {"say_gap": {"is": GAP, "title": "Heard but not heeded", "better": "lower"}}
    path.write_text(json.dumps({**STUDY, "outcomes": own}), encoding="utf-8")
    again = cosim("run", path, "--output", folder, "--resume")
    assert again.exit_code == 0, again.output
    assert tables(folder) == before
    assert "Heard but not heeded" in (folder / "report.html").read_text(encoding="utf-8")
    results = read_results(folder)
    runs = results.runs
    gap = runs["voice_parity_public"] - runs["influence_parity_public"]
    assert (runs["say_gap"] == gap).all()
    told = (folder / "tables" / "differences.csv").read_text(encoding="utf-8")
    assert "\nsay_gap,round_robin," in told
    assert cosim("rerun", folder).exit_code == 0


def test_replicates_may_be_found_by_an_own_outcome() -> None:
    config = checked(
        outcomes={"gap": GAP}, replicates="auto", precision={"outcome": "gap", "half_width": 0.5, "pilot": 2}
    )
    assert config.settings.precision.outcome == "gap"
    with pytest.raises(ConfigError, match="no such outcome"):
        checked(replicates="auto", precision={"outcome": "gap"})
