"""Whose prices, which currency, how many settings, which block: what a page says beside its numbers."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from cosim.analysis.noise import enough
from cosim.catalogue import load_scenario
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.style import PAGE, PHONE, texts_of
from cosim.formatting.words import signed_cost
from cosim.reporting.page import render
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.phrases import no_vote_levels
from cosim.studies.compare.wording import words_of
from cosim.studies.limitations import limitations
from cosim.studies.prices import price_words, prices_of
from cosim.studies.registry import page_for
from cosim.studies.report_texts import FEW, first_look, identity_words, not_claimed
from cosim.studies.results import Results, outcome_range, read_results
from tests.studies.planted import Shape, plant, single

OWN = {"currency": "EUR", "public_hour": 40.0, "public_expenses": 20.0, "facilitator_hour": 90.0}
COSTLY = {"buddy": single("buddy", influence_gini=-0.1)}
FREE = {"round_robin": single("round_robin", influence_gini=-0.1)}


def results_with(folder: Path, costs: dict[str, object], ways: dict | None = None) -> Results:
    scenario = load_scenario({"extends": "research_team", "costs": costs}).to_dict()
    return read_results(plant(folder, ways or FREE, Shape(worlds=4, scenario=scenario)))


@pytest.mark.parametrize(("costs", "origin"), [
    ({}, "default"), ({"currency": "GBP"}, "default"), (OWN, "own"), ({"public_hour": 30.0}, "mixed"),
    ({"currency": "EUR", "public_hour": 30.0}, "mixed"),
])  # fmt: skip
def test_prices_are_called_defaults_only_where_they_are(costs: dict, origin: str, tmp_path: Path) -> None:
    results = results_with(tmp_path, costs)
    found = prices_of(results)
    assert found is not None
    assert found.origin == origin
    assert ("planning default" in price_words(results)) == (origin != "own")
    assert ("study's own" in price_words(results)) == (origin != "default")
    page = render(page_for("compare")(results))
    told = re.sub(r"<table.*?</table>|<pre.*?</pre>", "", page, flags=re.S)
    assert ("planning defaults" in told) == (origin != "own")
    assert any("budgets" in line and price_words(results) in line for line in not_claimed(results))


def test_sums_of_interventions_stay_defaults_beside_own_prices(tmp_path: Path) -> None:
    assert "beside people's time is a planning default" in price_words(results_with(tmp_path, OWN, COSTLY))


def test_money_is_in_the_currency_of_the_study(tmp_path: Path) -> None:
    results = results_with(tmp_path, OWN)
    assert results.unit("money") == "EUR"
    assert results.unit("minutes") == "minutes"
    assert ">currency<" not in render(page_for("compare")(results))


@pytest.mark.parametrize(("extra", "cost", "says"), [
    (1.2, "minutes", "+1 minute"), (-1.0, "minutes", "−1 minute"), (2.0, "minutes", "+2 minutes"),
    (0.2, "minutes", "0 minutes"), (1.0, "money", "+1 EUR"),
])  # fmt: skip
def test_one_minute_is_one_minute(extra: float, cost: str, says: str) -> None:
    assert signed_cost(extra, cost, "EUR") == says


@pytest.mark.parametrize(("worlds", "replicates", "few"), [
    (FEW - 1, 50, True), (FEW, 2, False), (1, FEW - 1, True), (1, FEW, False),
])  # fmt: skip
def test_a_first_look_is_called_one(worlds: int, replicates: int, few: bool, tmp_path: Path) -> None:
    results = read_results(plant(tmp_path, FREE, Shape(worlds=worlds, replicates=replicates)))
    assert bool(first_look(results)) == few
    page = render(page_for("compare")(results))
    assert ("A first look: " in page) == few


def test_levels_without_a_vote_are_given_as_the_reason(tmp_path: Path) -> None:
    levels = {"governance": "inform", "conducting": "involve"}
    scenario = {
        "extends": "research_team",
        "phases": {name: {"level": level} for name, level in levels.items()},
    }
    results = read_results(
        plant(tmp_path / "a", FREE, Shape(worlds=4, scenario=load_scenario(scenario).to_dict()))
    )
    told, everywhere = no_vote_levels(results)
    assert not everywhere
    assert "“inform” (governance) and “involve” (conducting)" in told
    assert told in render(page_for("compare")(results))
    assert no_vote_levels(read_results(plant(tmp_path / "b", FREE, Shape(worlds=4))))[0] == ""


def test_texts_to_paste_name_the_version_once_and_nest_no_brackets(tmp_path: Path) -> None:
    results = read_results(plant(tmp_path, {**COSTLY, **FREE}, Shape(worlds=12)))
    words = words_of(Comparison(results)).parts
    text = " ".join(words["protocol"])
    assert text.count("9.9.9") == 1
    assert identity_words(results).startswith("cosim 9.9.9+abc, scenario research_team-")
    for said in (text, " ".join(words["plain"]), limitations(results)):
        assert not re.search(r"\([^()]*\([^()]*\)", said)


def test_a_study_called_study_is_not_named_twice(tmp_path: Path) -> None:
    results = read_results(plant(tmp_path, FREE, Shape(worlds=4)))
    results.provenance["study"]["name"] = "study"
    assert "study “study”" not in identity_words(results)
    assert "study study" not in identity_words(results)


def test_what_an_outcome_can_be() -> None:
    assert outcome_range("influence_gini") == (0.0, 1.0)
    assert outcome_range("influence_parity_public") == (0.0, math.inf)
    assert outcome_range("voice_influence_gap") == (-math.inf, math.inf)
    assert outcome_range("agreement_after") == (-1.0, 1.0)


def test_what_would_do_has_no_false_digits() -> None:
    told = enough(1.667, 0.05, 16, "base samples")
    assert "about 18,000 base samples" in told
    assert re.findall(r"about ([\d,]+) ", enough(0.07, 0.05, 1024)) == ["2,100"]


def row_plot(labels: dict[str, str], *panels: Panel) -> RowPlot:
    return RowPlot((Group("", tuple(labels)),), labels, panels, note="n = 3", stamp="run 0")


@pytest.mark.parametrize("layout", [PAGE, PHONE])
def test_labels_of_lines_stay_within_their_panel(layout) -> None:
    dots = {"a": Dot(-0.1, -0.2, 0.0)}
    back = {"a": Dot(0.1, 0.0, 0.2)}
    plot = row_plot(
        {"a": "A"},
        Panel("One", "x", (Series(dots),), ((0.0, "baseline 0.56"),)),
        Panel("Two", "x", (Series(back),), ((0.0, "baseline 0.07"),)),
    )
    figure = plot.draw(layout)
    figure.canvas.draw()
    for axes in figure.axes:
        frame = axes.get_window_extent()
        for text in axes.texts:
            if text.get_text().startswith("baseline"):
                box = text.get_window_extent()
                assert box.x0 >= frame.x0 - 1
                assert box.x1 <= frame.x1 + 1


def test_what_leaves_the_axis_says_where_it_ends() -> None:
    dots = {"a": Dot(0.5, -3.0, 4.0), "b": Dot(-2.0, -2.5, -1.5)}
    panel = Panel("One", "x", (Series(dots),), ((0.0, "0"),), limits=(-1.0, 1.0))
    told = texts_of(row_plot({"a": "A", "b": "B"}, panel).draw(PAGE))
    assert {"← −3.00", "+4.00 →", "← −2.00 (−2.50 to −1.50)"} <= set(told)


@pytest.mark.parametrize(("name", "lacking"), [("研究", True), ("Étude “été” −1", False)])
def test_every_figure_says_when_its_font_lacks_a_letter(name: str, lacking: bool) -> None:
    told = texts_of(row_plot({"a": name}, Panel("One", "x", (Series({"a": Dot(1.0)}),))).draw(PAGE))
    assert any("Boxes" in text for text in told) == lacking


def test_an_empty_table_has_no_heads(tmp_path: Path) -> None:
    results = read_results(plant(tmp_path, {"payment": single("payment")}, Shape(worlds=4)))
    assert not re.search(r"<tbody>\s*</tbody>", render(page_for("compare")(results)))


def test_print_opens_what_is_folded() -> None:
    style = (Path(__file__).parents[2] / "cosim/reporting/templates/style.css").read_text(encoding="utf-8")
    printed = style[style.index("@media print") :]
    assert "details::details-content" in printed
    assert "on the screen" not in printed
