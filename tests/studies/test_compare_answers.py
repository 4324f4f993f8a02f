"""The panel, the verdicts, the nulls and the split of a comparison; every number is in the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.reporting.blocks import Bullets, Flag, Page, Picture, Prose, Section
from cosim.scenario.channels import CHANNELS, NULLS
from cosim.studies.compare.channels import TALK
from cosim.studies.compare.figures import VERDICTS, panel
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.panel_tables import panel_data
from cosim.studies.compare.strata import strata_data
from cosim.studies.compare.switched import name_of, nulls, split
from cosim.studies.compare.wording import answer_of, words_of
from cosim.studies.config import config_from_data, load_config
from cosim.studies.registry import page_for
from cosim.studies.report import write_report
from cosim.studies.results import read_results
from cosim.studies.study import Study
from cosim.studies.team_model import team_model
from tests.studies import outside_analysis as outside
from tests.studies.planted import SOME, Shape, Way, plant, single

pytestmark = pytest.mark.usefixtures("one_format")

PANEL = (
    "parts_lead",
    "influence_lead",
    "parts_public",
    "parts_own",
    "first_choice_changed",
    "agreement_after",
)
WAYS = {
    "round_robin": single("round_robin", influence_gini=-0.04, decision_quality=-0.05),
    "buddy": single("buddy", influence_gini=-0.02, minutes=60.0),
    "names_without_titles": single("names_without_titles", influence_gini=-0.03),
    "secret_ballot": single("secret_ballot", influence_gini=-0.10, influence_parity_public=0.2),
    "payment": single("payment", influence_gini=-0.002),
}
LEFT = {"round_robin": 0.25, "buddy": 0.0, "names_without_titles": 0.9, "secret_ballot": 1.0, "payment": 0.5}
"""Share of each effect on inequality that stays with nobody persuaded; with no ballot channel, the rest."""


def with_nulls(ways: dict[str, Way], **notes: Any) -> tuple[dict[str, Way], Shape]:
    """Add to each arm what it does under the two nulls."""
    group = nulls(("baseline", *ways), 12)
    found = dict(ways)
    for null, off in zip(NULLS, group.sets, strict=True):
        found[name_of("baseline", off)] = Way({}, {"influence_gini": 0.02})
        for arm, way in ways.items():
            share = LEFT[arm] if null == TALK else 1 - LEFT[arm]
            shift = {"influence_gini": 0.02 + share * way.shift["influence_gini"]}
            found[name_of(arm, off)] = Way(way.doses, shift)
    every = {"arms": ["baseline", *ways], "switched": {"nulls": group.notes()}, **notes}
    return found, Shape(outcomes=(*SOME, *PANEL), notes=every)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ways, shape = with_nulls(WAYS, matters={"influence_gini": 0.01})
    return plant(tmp_path_factory.mktemp("nulls"), ways, shape)


@pytest.fixture(scope="module")
def comparison(study: Path) -> Comparison:
    return Comparison(read_results(study))


def test_arms_with_channels_off_are_no_ways_of_working(comparison: Comparison):
    assert set(comparison.arms) == {"baseline", *WAYS}
    assert len(comparison.results.runs) == 6 * 12 * 4
    assert comparison.table["n_worlds"].unique().tolist() == [12]


def test_what_stays_with_nobody_persuaded_is_computed(comparison: Comparison):
    for arm, share in LEFT.items():
        if arm != "payment":
            kept = comparison.channels.kept(arm, TALK, "influence_gini")
            assert kept.share == pytest.approx(share, abs=0.08), arm
    assert comparison.paths == {
        "round_robin": "talk",
        "buddy": "talk",
        "names_without_titles": "outside",
        "secret_ballot": "rule",
        "payment": comparison.paths["payment"],
    }


def test_rules_come_first_and_what_is_not_talk_has_a_sentence_of_its_own(comparison: Comparison):
    told = answer_of(comparison, words_of(comparison))
    assert re.match(r"In this model, under these assumptions, by its rule, “Secret ballot” \(−0\.10", told[0])
    assert "“Round robin” lowered inequality of influence most" in told[1]
    assert "that work through the talk" in told[1]
    ranked = " ".join(told[:3])
    assert "Names without titles" not in ranked
    assert any(line.startswith("Not through the talk") and "Names without titles" in line for line in told)


def test_verdicts_follow_the_difference_that_matters(comparison: Comparison):
    found = {arm: comparison.judged("influence_gini", arm).verdict for arm in WAYS}
    assert found == {**dict.fromkeys(WAYS, "better"), "payment": "same"}
    told = " ".join(answer_of(comparison, words_of(comparison)))
    assert "If less than 0.010 does not matter, 4 of 5 ways of working are better" in told
    assert "1 the same, 0 worse and 0 unclear" in told


def test_who_wins_here_and_loses_there_is_named(comparison: Comparison):
    assert comparison.trades == {"round_robin": ("decision_quality",)}
    told = " ".join(answer_of(comparison, words_of(comparison)))
    assert "“Round robin” lowered inequality of influence, but did worse on decision quality" in told


def test_the_figure_of_the_panel_is_its_table(comparison: Comparison):
    table = panel_data(comparison).set_index(["outcome", "arm"])
    drawn = panel(comparison)
    titles = ["Inequality", "Lead's part", "Public's part", "Decision quality", "Agreement"]
    assert [one.title for one in drawn.panels] == titles
    verdicts = set()
    for entry, one in zip(comparison.judged_panel, drawn.panels, strict=True):
        marks = [(series.color, *each) for series in one.series for each in series.dots.items()]
        assert {arm for _, arm, _ in marks} == set(WAYS)
        for color, arm, dot in marks:
            row = table.loc[(entry.outcome, arm)]
            assert [dot.x, dot.low, dot.high] == row[["difference", "low", "high"]].tolist()
            assert color == VERDICTS[row["verdict"]][0]
            verdicts.add(row["verdict"])
    assert {"better", "worse", "unclear"} <= verdicts


def test_the_panel_has_own_and_carried_apart_without_a_judgement(comparison: Comparison):
    entries = {entry.outcome: entry for entry in comparison.panel}
    assert {"parts_lead", "parts_public", "parts_own", "decision_quality", "minutes"} <= set(entries)
    assert comparison.verdict(entries["parts_own"], "buddy") == ""
    assert comparison.verdict(entries["minutes"], "buddy") == "worse"


@pytest.mark.parametrize("primary", ["decision_quality", "influence_parity_public"])
def test_the_primary_outcome_is_chosen_and_named(primary: str, tmp_path: Path):
    found = Comparison(read_results(plant(tmp_path, dict(WAYS), Shape(notes={"primary": primary}))))
    assert found.primary == primary
    section = next(one for one in words_of(found).sections if one.key == "ranking")
    prose = " ".join(
        line for block in section.blocks if isinstance(block, Prose) for line in block.paragraphs
    )
    assert "which is a choice: the config's" in prose


def test_a_lead_in_few_settings_is_a_coin_flip(tmp_path: Path):
    ways = {
        "buddy": Way({"buddy": 1.0}, {"influence_gini": -0.060}, spread=0.03),
        "payment": Way({"payment": 1.0}, {"influence_gini": -0.046}, spread=0.03),
    }
    found = Comparison(read_results(plant(tmp_path, ways, Shape(worlds=120, replicates=1, seed=3))))
    assert found.standing is not None
    assert found.standing.finding == "best"
    assert found.above("buddy", "payment").estimate < 2 / 3
    told = answer_of(found, words_of(found))[0]
    assert found.finding == "coin"
    assert "both lowered inequality of influence" in told
    assert "coin flip" in told
    assert " most " not in told


NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?(?:\N{NARROW NO-BREAK SPACE}%)?")


def numbers_of(page: Page) -> tuple[list[float], set[int]]:
    """Every number of the tables behind a page, and every count that they hold."""
    values: list[float] = []
    for table in page.data.values():
        for column in table.select_dtypes("number"):
            values += [float(value) for value in table[column] if np.isfinite(value)]
    arms = len(page.data["differences"]["arm"].unique())
    return values, {*range(arms + 1)}


def is_told(token: str, values: list[float], counts: set[int]) -> bool:
    share = token.endswith("%")
    digits = re.sub(r"[^\d.−]", "", token).replace("−", "-")
    places = len(digits.partition(".")[2])
    wanted = float(digits)
    if not places and not share and int(wanted) in counts:
        return True
    return any(round(abs(value) * (100 if share else 1), places) == abs(wanted) for value in values)


def test_every_number_of_the_answer_is_in_the_tables(comparison: Comparison):
    page = page_for("compare")(comparison.whole)
    values, counts = numbers_of(page)
    values += [12.0, 0.01]  # how many settings, and the difference that matters: the config's
    gap = comparison.influence
    assert gap is not None
    checked = 0
    for sentence in page.answer:
        for token in NUMBER.findall(sentence):
            checked += 1
            assert is_told(token, values, counts), (token, sentence)
    assert checked > 20


def told_in(section: Section) -> Iterator[str]:
    """Every sentence of a section's paragraphs, lists, notices and captions."""
    for block in section.blocks:
        if isinstance(block, Prose):
            yield from block.paragraphs
        elif isinstance(block, Bullets | Flag):
            yield from (block.title, *block.items)
        elif isinstance(block, Picture):
            yield block.caption


def test_every_number_of_every_paragraph_is_in_the_tables_or_the_config(comparison: Comparison):
    """Of the whole page but for texts to copy, not of its answer alone; a changed number is noticed."""
    page = page_for("compare")(comparison.whole)
    values, counts = numbers_of(page)
    # Settings, the difference that matters, replicates, seed and runs: the config's.
    values += [12.0, 0.01, 4.0, 7.0, float(len(comparison.results.runs))]
    told = {section.key: list(told_in(section)) for section in page.sections}
    # What the assumptions count is not of this study: the scenario's parameters by where they are from.
    counted = [int(number) for number in re.findall(r"\d+", told.pop("assumptions")[0])[:4]]
    assert counted[0] == sum(counted[1:])
    # How to cite: versions, ids and the year.
    told.pop("cite")
    checked, noticed = 0, []
    for key, lines in told.items():
        for line in lines:
            for token in NUMBER.findall(line):
                checked += 1
                assert is_told(token, values, counts), (key, token, line)
                if re.fullmatch(r"[+−]?0\.\d{3}", token):
                    other = f"{(float(token.lstrip('+−')) + 0.0137) % 1:.3f}"
                    noticed.append(not is_told(other, values, counts))
    assert checked > 15
    assert len(noticed) > 3
    assert np.mean(noticed) > 0.5


def test_levels_under_the_nulls_are_those_of_the_runs(comparison: Comparison):
    levels = page_for("compare")(comparison.whole).data["null_levels"].set_index(["outcome", "null"])["mean"]
    means = comparison.whole.runs.groupby("arm")["influence_gini"].mean()
    assert levels["influence_gini", ""] == pytest.approx(means["baseline"])
    for null, off in NULLS.items():
        assert levels["influence_gini", null] == pytest.approx(means[name_of("baseline", frozenset(off))])


def test_an_analysis_of_the_tables_alone_agrees(study: Path, comparison: Comparison):
    write_report(study)
    runs, notes = outside.read(study)
    tables = {path.stem: pd.read_csv(path) for path in (study / "tables").glob("*.csv")}
    ours = tables["differences"].query("outcome == 'influence_gini' and not is_baseline").set_index("arm")
    theirs = outside.differences(runs, notes, "influence_gini")
    for column in theirs:
        assert ours[column].to_dict() == pytest.approx(theirs[column].to_dict(), abs=1e-13)
    panel = tables["panel"].query("outcome == 'influence_gini' and arm != 'baseline'").set_index("arm")
    assert panel["verdict"].to_dict() == outside.verdicts(runs, notes, "influence_gini", lower=True)
    kept = tables["nulls"].query("null == @TALK").set_index("arm")
    stays = outside.left(runs, notes, "influence_gini", "talk")
    for column in stays:
        assert kept[column].to_dict() == pytest.approx(stays[column].to_dict(), abs=1e-13)
    clear = kept["share"].dropna()
    assert clear.to_dict() == pytest.approx(
        (stays["left"] / stays["whole"])[clear.index].to_dict(), abs=1e-12
    )


def config(**compare: Any) -> dict[str, Any]:
    return {
        "study": "compare",
        "scenario": "research_team",
        "interventions": ["round_robin", "names_without_titles"],
        "worlds": {"count": 4, "over": ["stance.conformity"]},
        "replicates": 2,
        "seed": 5,
        "compare": compare,
    }


@pytest.mark.parametrize(
    ("block", "key"),
    [
        ({"primary": "influence_gin"}, "compare.primary"),
        ({"matters": {"influence_gin": 0.1}}, "compare.matters"),
        ({"matters": {"influence_gini": -1}}, "compare.matters"),
        ({"channels": {"arms": ["round_robbin"]}}, "compare.channels.arms"),
        ({"channels": {"arms": ["baseline"]}}, "compare.channels.arms"),
        ({"nulls": "perhaps"}, "compare.nulls"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(block: dict[str, Any], key: str, tmp_path: Path):
    path = tmp_path / "study.yaml"
    path.write_text(json.dumps(config(**block)), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path, team_model)
    assert str(caught.value.key).startswith(key)
    assert caught.value.line is not None


def test_the_price_of_nulls_and_split_is_in_the_design(tmp_path: Path):
    from cosim.studies.config import check_config

    def points(**block: Any) -> int:
        return len(check_config(config_from_data(config(**block)), team_model).design().points)

    plain = points()
    assert plain == 3 * 4
    assert points(nulls="yes") == plain + 3 * 2 * 4
    assert points(nulls={"worlds": 2}) == plain + 3 * 2 * 2
    assert points(nulls="no") == plain
    group = split(("baseline", "round_robin"), 2, 4, 5)
    shapley = points(channels={"arms": ["round_robin"], "orders": 4, "worlds": 2})
    assert shapley == plain + 2 * 2 * (len(group.sets) - 1)
    both = {"nulls": "yes", "channels": {"arms": ["round_robin"], "orders": 4, "worlds": 2}}
    made = check_config(config_from_data(config(**both)), team_model).made
    assert made.further["for the null models"] == 3 * 2 * 4
    assert plain + sum(made.further.values()) == len(made.points)


def test_the_nulls_of_the_model_itself(tmp_path: Path):
    """With nobody persuaded no view moves by talk; the split adds up, and an outside analysis agrees."""
    from cosim.studies.config import check_config

    block = {"nulls": True, "channels": {"arms": ["round_robin"], "orders": 2, "worlds": 3}}
    study = Study(check_config(config_from_data(config(**block)), team_model))
    study.run(tmp_path / "out")
    results = read_results(tmp_path / "out")
    runs = results.runs
    still = runs[runs["arm"] == "round_robin | without talk"]
    assert len(still) == 8
    assert (runs.loc[runs["arm"] == "round_robin", "parts_argued"] > 0).any()
    assert (still["parts_argued"] == 0).all()
    write_report(tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "tables" / "channels.csv").set_index(["arm", "channel"])
    theirs = outside.split(*outside.read(tmp_path / "out"), "influence_gini", "round_robin", list(CHANNELS))
    assert table.loc["round_robin", "estimate"].to_dict() == pytest.approx(theirs, abs=1e-13)


def test_teams_for_which_the_answer_turns_are_named(tmp_path: Path):
    """Rounds are ahead in small teams, a buddy in large ones; the share of the public changes nothing."""
    ways = {"round_robin": single("round_robin", influence_gini=-0.05), "buddy": single("buddy")}
    folder = plant(tmp_path / "out", ways, Shape(worlds=60))
    design, runs = (pd.read_parquet(folder / f"{name}.parquet") for name in ("design", "runs"))
    size = 4 + design["world"] % 20
    design["team_size"], design["team_rule"] = size, np.where(design["world"] % 3 == 0, "vote", "consensus")
    design.to_parquet(folder / "design.parquet")
    large = runs["world"].isin(design.loc[size > 17, "world"]) & (runs["arm"] == "buddy")
    runs.loc[large, "influence_gini"] -= 0.12
    runs.to_parquet(folder / "runs.parquet")
    found = Comparison(read_results(folder))
    table = strata_data(found).set_index("title")
    turned = table[table["turns"]]
    assert turned["best"].to_dict() == {"size 18 to 23": "buddy"}
    assert table.loc["rule vote", "n_worlds"] == 20
    inside = design.loc[design["team_rule"] == "vote", "world"].unique()
    means = runs[runs["world"].isin(inside)].groupby("arm")["influence_gini"].mean()
    assert table.loc["rule vote", "gain"] == pytest.approx(
        means["baseline"] - means["round_robin"], abs=1e-12
    )
    told = " ".join(answer_of(found, words_of(found)))
    assert "it turns for size 18 to 23 (“Buddy or mentor” does more)" in told
    assert "teams" in {section.key for section in page_for("compare")(found.whole).sections}


def test_a_single_team_has_no_strata(comparison: Comparison):
    assert strata_data(comparison).empty


def test_counterfactual_influence_is_an_outcome_where_asked(tmp_path: Path):
    """The columns are those of `simulate`; the other outcomes stay as they are."""
    from cosim.catalogue import load_scenario
    from cosim.outcomes import COUNTERFACTUAL_NAMES
    from cosim.simulation.simulation import simulate
    from cosim.studies.config import check_config

    plain = {**config(), "worlds": {"count": 0}, "replicates": 3}
    tables = {}
    for asked in (False, True):
        data = config_from_data({**plain, "counterfactual": asked})
        Study(check_config(data, team_model)).run(tmp_path / str(asked))
        tables[asked] = pd.read_parquet(tmp_path / str(asked) / "runs.parquet")
    ours = tables[True][tables[True]["arm"] == "baseline"]
    theirs = simulate(load_scenario("research_team"), 3, 5, counterfactual=True).runs
    for name in COUNTERFACTUAL_NAMES:
        assert ours[name].tolist() == theirs[name].tolist()
    both = tables[True].drop(columns=list(COUNTERFACTUAL_NAMES))
    pd.testing.assert_frame_equal(both[tables[False].columns], tables[False])
    panel = Comparison(read_results(tmp_path / "True")).panel
    assert set(COUNTERFACTUAL_NAMES) <= {entry.outcome for entry in panel}
