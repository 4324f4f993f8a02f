"""The page: self-contained, well-formed, escaped, built-in cells marked, figures in three formats."""

from __future__ import annotations

import io
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from cosim.analysis.tables import UnusableRunsError
from cosim.charts.style import PHONE
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.reporting.page import linked, render
from cosim.studies.registry import has_page, page_for
from cosim.studies.report import figures, write_report
from cosim.studies.results import read_results
from tests.charts.legible import faults
from tests.studies.planted import BASE, SOME, Shape, Way, plant, single

LONG = "a way of working with a name that nobody would want to read aloud in a meeting, " * 2
VOID = {"meta", "br", "hr", "img", "input", "link"}
WAYS = {
    "round_robin": single(
        "round_robin", influence_gini=-0.06, voice_parity_public=0.4, influence_parity_public=0.1
    ),
    "secret_ballot": single("secret_ballot", influence_gini=-0.2, influence_parity_public=0.4),
    "buddy": single("buddy", influence_parity_public=0.1, influence_parity_provider=-0.1),
    "both": Way({"buddy": 1.0, "payment": 0.5}, {"influence_gini": -0.01}),
    "longer": Way({}, {"minutes": 120.0}, {"phases.*.minutes": 120.0}),
}


class Checker(HTMLParser):
    """Collects what is wrong with a page, what it would load, and its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.append(given["id"])
        if tag in {"script", "iframe", "object", "embed", "link", "base", "img", "audio", "video", "source"}:
            self.loads.append(tag)
        for name in ("src", "srcset", "data", "action", "poster", "background"):
            if given.get(name):
                self.loads.append(f"{tag} {name}={given[name]}")
        if tag != "a":
            target = given.get("href") or given.get("xlink:href") or ""
            if target and not target.startswith("#"):
                self.loads.append(f"{tag} href={target}")
        if any(name.startswith("on") for name in given):
            self.wrong.append(f"<{tag}> with a script")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-3:]}")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def checked(text: str) -> Checker:
    checker = Checker()
    checker.feed(text)
    checker.close()
    return checker


def page_of(folder: Path) -> str:
    """The page alone: writing every figure in every format takes most of the time."""
    results = read_results(folder)
    return render(page_for(results.kind)(results))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write_report(plant(tmp_path_factory.mktemp("study"), WAYS))


@pytest.fixture(scope="module")
def page(report):
    return report.read_text(encoding="utf-8")


def test_the_page_is_well_formed(page):
    found = checked(page)
    assert found.wrong == []
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert len(found.ids) > 20


def test_nothing_is_loaded_from_elsewhere(page):
    assert checked(page).loads == []
    style = re.findall(r"<style>(.*?)</style>", page, flags=re.S)
    assert len(style) == 1
    assert "@import" not in style[0]
    assert not re.search(r"url\((?!#)", page)


def test_texts_are_escaped(tmp_path):
    shape = Shape(title="<script>alert(1)</script> & more", question='Is it "safe"?')
    text = page_of(plant(tmp_path, {"<b>bold</b>": Way({"buddy": 1.0, "payment": 1.0})}, shape))
    found = checked(text)
    assert found.wrong == []
    assert found.loads == []
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;planted&gt; &amp; escaped" in text


def test_question_answer_and_every_section_are_there(page):
    assert "Which ways of working share influence most evenly?" in page
    assert "In this model, under these assumptions, “Round robin” lowered" in page
    for key in ("ranking", "voice", "cost", "roles", "impacts", "limits", "methods", "interventions"):
        assert f'<section id="{key}">' in page
    for key in ("assumptions", "cite"):
        assert f'<section id="{key}">' in page


def test_built_in_cells_are_marked(page):
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, flags=re.S) if ">Secret ballot" in row)
    assert row.count('<span class="mark">built in</span>') == 2  # inequality and public influence, not voice
    robin = next(
        row
        for row in re.findall(r"<tr>.*?</tr>", page, flags=re.S)
        if ">Round robin" in row and "built in" in row
    )
    assert robin.count("built in") == 1  # its voice
    assert "not classified" in next(
        row for row in re.findall(r"<tr>.*?</tr>", page, flags=re.S) if ">Longer" in row and "mark" in row
    )
    assert (
        "By the construction of a rule (it settles who decides, or how ballots count): “Secret ballot”"
        in page
    )


def test_built_in_arms_are_not_among_the_best_placed(page):
    table = page[page.index("best placed") : page.index("</table>")]
    assert "Round robin" in table
    assert "Secret ballot" not in table
    assert "Longer" not in table


def test_the_equity_check_names_who_pays(page):
    flag = page[page.index('<aside class="flag">') : page.index("</aside>")]
    assert "“Buddy or mentor”" in flag
    assert "providers −0.100 (from 0.90 to 0.80 of an equal share)" in flag
    assert "Round robin" not in flag


def test_no_flag_where_nobody_pays(tmp_path):
    ways = {"buddy": single("buddy", influence_parity_public=0.1, influence_parity_researcher=-0.1)}
    page = page_of(plant(tmp_path, ways))
    assert '<aside class="flag">' not in page
    assert "no way of working lifts the public at the expense" in page


def test_assumptions_list_every_parameter_with_status_and_source(page):
    from cosim.catalogue import load_scenario
    from cosim.scenario import parameters
    from cosim.studies.assumptions import scenario_values

    values = scenario_values(load_scenario("research_team"))
    assert len(values) > 100
    for record in parameters():
        if record.key in values:
            assert f">{record.key} " in page, record.key
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page, flags=re.S) if ">floor.returning " in row)
    low, high = next(record.plausible for record in parameters() if record.key == "floor.returning")
    assert f"<strong>{low:g} – {high:g}</strong>" in row  # it was sampled
    assert "empirical" in row
    assert "ICSI" in row


def test_citation_and_texts_to_paste(page):
    from cosim.catalogue import load_scenario

    identity = load_scenario("research_team").identity
    assert identity in page
    for text in ("seed 7", "cosim 9.9.9", "cosim rerun", "0123456789ab", "public co-applicants", "(2026)"):
        assert text in page, text
    assert "No published data give the speaking shares of public contributors" in page
    assert "Monte Carlo standard errors" in page


def test_figures_are_written_in_three_formats_with_their_stamp(report):
    folder = report.parent / "figures"
    names = {path.stem for path in folder.iterdir()}
    assert names == {"ranking", "voice", "cost", "roles", "impacts", "panel"}
    for name in names:
        png, svg, pdf = ((folder / f"{name}.{ending}").read_bytes() for ending in ("png", "svg", "pdf"))
        assert png.startswith(b"\x89PNG")
        assert b"run 0123456789ab" in png
        assert pdf.startswith(b"%PDF")
        fonts = fonts_in(pdf)
        assert fonts
        assert not {"GSUB", "GPOS", "kern"} & {table for font in fonts for table in font.keys()}  # noqa: SIM118
        text = svg.decode("utf-8")
        assert "run 0123456789ab" in text
        assert "n = 12 sampled settings × 4 replicates" in text
        assert "95 %" in text


def fonts_in(pdf: bytes) -> list[TTFont]:
    """The TrueType fonts that a PDF holds, cut down to the letters that it shows."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, flags=re.S):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        if content.startswith((b"\x00\x01\x00\x00", b"true")):
            found.append(TTFont(io.BytesIO(content)))
    return found


def test_the_same_results_give_the_same_files(tmp_path):
    ways = {"buddy": single("buddy", influence_gini=-0.1), "payment": single("payment")}
    shape = Shape(worlds=4, outcomes=("influence_gini",))
    first = {path.name: path.read_bytes() for path in figures(plant(tmp_path / "a", ways, shape))}
    again = {path.name: path.read_bytes() for path in figures(plant(tmp_path / "b", ways, shape))}
    assert first == again
    assert set(first) == {"ranking.png", "ranking.svg", "ranking.pdf"}


def test_numbers_in_figures_are_not_cut(page):
    """Coordinates are shortened on the way into the page; what is written beside an axis must not be."""
    written = re.findall(r"<text[^>]*>([^<]*)</text>", page)
    assert any(re.fullmatch(r"−?0\.\d{2,3}", text) for text in written)
    drawn = re.findall(r'<path d="([^"]*)"', page)
    assert not any(re.search(r"\d\.\d{3}", path) for path in drawn)


@pytest.mark.parametrize("count", [1, 25])
def test_one_arm_and_many(tmp_path, count):
    names = list(INTERVENTIONS)
    ways = {
        f"way_{n}": Way({names[n % len(names)]: 1.0, "payment": 0.5}, {"influence_gini": -0.001 * n})
        for n in range(count)
    }
    folder = plant(tmp_path, ways, Shape(worlds=4, replicates=2))
    found = checked(page_of(folder))
    assert found.wrong == []
    results = read_results(folder)
    for picture in page_for(results.kind)(results).pictures():
        assert faults(picture.draw(PHONE)) == [], picture.name
    shown = sum("preparation meeting" in text.lower() for text in found.text)
    assert shown > 0


def test_long_names(tmp_path):
    ways = {LONG: Way({"buddy": 1.0, "payment": 1.0}, {"influence_gini": -0.1}), "buddy": single("buddy")}
    text = page_of(plant(tmp_path, ways, Shape(worlds=4)))
    assert checked(text).wrong == []
    assert re.search(r"<tspan[^>]*>[^<]*…</tspan>|<text[^>]*>[^<]*…</text>", text)


@pytest.mark.parametrize("left_out", [("money",), ("minutes",), ("minutes", "money")])
def test_missing_costs(tmp_path, left_out):
    shape = Shape(worlds=4, outcomes=tuple(name for name in SOME if name not in left_out))
    text = page_of(plant(tmp_path, {"buddy": WAYS["buddy"]}, shape))
    assert checked(text).wrong == []
    assert ('id="cost"' in text) == (len(left_out) == 1)


def test_a_team_without_a_gap_in_voice(tmp_path):
    ways = {"buddy": single("buddy", voice_parity_public=0.4, influence_parity_public=0.5)}
    shape = Shape(worlds=4, outcomes=("influence_gini", "voice_parity_public", "influence_parity_public"))
    folder = plant(tmp_path, ways, shape)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs["voice_parity_public"] = 1.0
    runs.to_parquet(folder / "runs.parquet")
    text = page_of(folder)
    assert checked(text).wrong == []
    assert "voice was at an equal share to begin with" in text
    assert 'id="voice"' not in text


def test_another_subject_than_a_team(tmp_path):
    ways = {"a": Way({}, {"effect": 2.0}, {"x": 1}), "b": Way({}, {}, {"x": 2})}
    text = page_of(plant(tmp_path, ways, Shape(outcomes=("effect",), scenario={"toy": 1})))
    assert checked(text).wrong == []


def test_failed_runs_are_named(tmp_path):
    folder = plant(tmp_path, WAYS, Shape(worlds=4))
    runs = pd.read_parquet(folder / "runs.parquet")
    runs.loc[5, "error"] = "ValueError: no"
    runs.to_parquet(folder / "runs.parquet")
    with pytest.raises(UnusableRunsError, match="run 5"):
        write_report(folder)
    assert not (folder / "report.html").exists()


def test_a_folder_without_a_study(tmp_path):
    with pytest.raises(ConfigError, match="no finished study"):
        write_report(tmp_path)
    with pytest.raises(ConfigError, match="no such folder"):
        write_report(tmp_path / "nowhere")


def test_the_registry():
    assert has_page("compare")
    assert not has_page("compair")
    with pytest.raises(ConfigError) as caught:
        page_for("compair")
    assert (caught.value.key, caught.value.nearest) == ("study", "compare")


def test_addresses_can_be_followed_and_nothing_else():
    text = linked("See https://example.org/a?b=1&c=2, or doi 10.1000/182. <b>")
    assert text == (
        'See <a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>, or doi '
        '<a href="https://doi.org/10.1000/182">10.1000/182</a>. &lt;b&gt;'
    )


def test_the_planted_base_is_what_the_tests_say():
    assert BASE["influence_parity_provider"] < 1 < BASE["influence_parity_researcher"]


def test_a_dollar_sign_in_a_name_is_a_dollar_sign(tmp_path: Path) -> None:
    folder = plant(
        tmp_path / "out",
        {"pay $20 or $30": Way({"payment": 0.5}, {"influence_gini": -0.01})},
        Shape(worlds=4),
    )
    write_report(folder)
    drawn = (folder / "figures" / "ranking.svg").read_text(encoding="utf-8")
    assert "Pay $20 or $30" in re.sub("<!--.*?-->", "", drawn, flags=re.S)


def test_a_report_clears_what_a_killed_writer_has_left(tmp_path: Path) -> None:
    folder = plant(tmp_path / "out", {"buddy": single("buddy")}, Shape(worlds=4))
    leftovers = [folder / where / ".ranking.pdf.123.tmp" for where in ("figures", "tables", ".")]
    for leftover in leftovers:
        leftover.parent.mkdir(exist_ok=True)
        leftover.write_text("half")
    write_report(folder)
    assert not any(leftover.exists() for leftover in leftovers)
    assert not (folder / ".lock").exists()
