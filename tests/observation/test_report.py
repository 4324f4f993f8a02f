"""The report on an observed meeting: its numbers, its words, its figures."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cosim.charts.histograms import Spread, Spreads
from cosim.charts.style import PAGE, PHONE, texts_of
from cosim.formatting.words import percent
from cosim.interventions import INTERVENTIONS
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.meeting_logs.turn_log import turn_log
from cosim.observation import figures, texts
from cosim.observation.findings import Fitted, Likeness, Observed, Options, look_at, project_minutes
from cosim.observation.fit_team import fit_team
from cosim.observation.matched_simulations import AlikeLogs
from cosim.observation.observation import observe, place
from cosim.observation.own_team import own_teams
from cosim.observation.ranked_interventions import BASELINE, RANKED_BY, team_ways
from cosim.observation.ranking_table import WaysTable
from cosim.observation.report import page
from cosim.observation.source import Source
from cosim.reporting.page import render
from tests.charts.legible import faults

SOURCE = Source("team <1>.csv", "ab" * 32, 1234, ("observe", "team <1>.csv", "--seed", "1"), 2026)


@pytest.fixture(scope="module")
def seen() -> Observed:
    """The example from ICSI, simulated a few times, fitted coarsely."""
    log = shipped_log("example_icsi")
    teams = own_teams(log)
    alike = AlikeLogs(teams)
    simulated = alike.table(40, 1)
    names = ("gini_words", "gini_turns", "top_share", "aba", "aba_lift", "lead_relative_words")
    placed = place({name: alike.observed()[name] for name in names}, simulated)
    fit = fit_team(teams, simulations=500)
    ways = team_ways(teams.project(teams.usual(), 30.0), fit.draws(4, 1), replicates=4)
    fitted = Fitted(fit, simulated, placed, ways)
    return Observed(log, Options(), observe(log, draws=100), Likeness(teams, simulated, placed, 1), fitted)


def test_the_page_is_whole_and_escaped(seen: Observed) -> None:
    text = render(page(seen, SOURCE))
    assert "team &lt;1&gt;.csv" in text
    assert "<1>" not in text
    assert "<script" not in text
    assert not re.search(r"(?:src|href)=\"(?!#|https?://|mailto)", text), "nothing is loaded from elsewhere"
    for section in ("voice", "equality", "like", "floor", "ways", "log", "limits", "cite"):
        assert f'<section id="{section}">' in text
    assert "Voice is who talks; influence is whose views change what is decided." in text
    assert "No published share of talk by lay members" in text
    assert f"SHA-256 {'ab' * 32}" in text
    assert "nan" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.S).lower().split()


def test_without_a_fit_and_without_a_simulated_team_the_page_says_less(seen: Observed) -> None:
    alone = replace(seen, likeness=None, fitted=None, why_not="too many people")
    made = page(alone, SOURCE)
    keys = ["voice", "equality", "log", "private", "limits", "cite"]
    assert [section.key for section in made.sections] == keys
    assert texts.likeness_lines(alone) == ("No simulated team can be set beside this log: too many people.",)
    render(made)


def test_every_figure_for_page_and_phone_is_stamped_with_n(seen: Observed) -> None:
    for picture in page(seen, SOURCE).pictures():
        for layout in (PAGE, PHONE):
            figure = picture.draw(layout)
            assert faults(figure) == [], picture.name
            said = " ".join(texts_of(figure)).replace("\n", " ")
            assert "SHA-256 abababababab" in said, picture.name
            assert re.search(r"n = [\d,]+|[\d,]+ (simulations|meetings)", said), picture.name


def test_the_figure_of_people_shows_everybody_and_every_role(seen: Observed) -> None:
    said = texts_of(figures.people(seen, "stamp").draw(PAGE))
    for name in ("P20 · Professor", "P35 · PhD", "Professor", "Grad"):
        assert any(name in text for text in said)


def test_percentiles_on_the_page_are_those_of_the_simulations(seen: Observed) -> None:
    assert seen.likeness is not None
    table = seen.likeness.simulated["gini_words"]
    observed = float(seen.observation.meetings["gini_words"].iloc[0])
    below = float((table < observed).mean())
    row = seen.likeness.placed.set_index("statistic").loc["gini_words"]
    assert row["observed"] == pytest.approx(observed)
    assert row["below"] == pytest.approx(below)
    assert f"its Gini of words lies above {round(100 * below)}" in " ".join(texts.answer(seen))


def test_the_first_sentences_of_one_meeting(seen: Observed) -> None:
    told = texts.sentences(seen.observation)
    assert told[0] == "6 people spoke in 1 meeting."
    assert told[1] == f"P20 spoke {percent(0.31)} of the words, 1.9 times an equal share."
    assert "The Gini of words" in told[4]
    assert "of this size and length equal chance alone gives" in told[4]
    assert all(not re.search(r"\d%", sentence) for sentence in told), "one style of percentages"


def test_the_first_sentences_of_several_meetings_say_that_they_are_means() -> None:
    log = shipped_log("icsi")
    told = texts.sentences(observe(log.only(log.meetings[:8]), draws=20))
    assert told[0].endswith("spoke in 8 meetings.")
    said = [
        re.fullmatch(r"In the .* meetings? that P\d+ spoke in, .* ([\d.]+) times an .*", x) for x in told[1:4]
    ]
    shown = [float(found[1]) for found in said if found]
    assert len(shown) == 3
    assert shown == sorted(shown, reverse=True)
    assert told[4].startswith("The mean Gini of words is ")
    assert told[5].startswith("In a mean of ")
    frame = pd.DataFrame({"meeting": list("mmnnn"), "speaker": list("ABACD"), "words": [9.0, 3, 4, 8, 4]})
    told = texts.sentences(observe(turn_log(frame), draws=20))
    assert told[1] == (
        f"In the one meeting that C spoke in, they had {percent(0.5)} of the words, 1.5 times an equal share."
    )
    assert told[2] == (
        f"In the 2 meetings that A spoke in, they had on average {percent(0.5)} of the words, 1.1 times an "
        "equal share."
    )


def test_of_many_meetings_only_those_who_were_often_there_are_named() -> None:
    """P46 had 3.8 times an equal share of the one meeting of 51 that they were in: no sentence of that."""
    told = texts.sentences(observe(shipped_log("icsi"), draws=20))
    said = [found for x in told if (found := re.match(r"In the (.*?) meetings? that", x))]
    assert len(said) == 3
    assert all(int(found[1]) >= 51 / 4 for found in said)


def test_ways_are_ranked_by_paired_differences_and_built_in_ones_are_no_findings(seen: Observed) -> None:
    assert seen.fitted is not None
    runs, table = seen.fitted.ways.runs, WaysTable(seen.fitted.ways)
    means = runs.groupby("arm")[RANKED_BY].mean()
    for name in ("round_robin", "secret_ballot"):
        assert table.differences[name].x == pytest.approx(means[name] - means[BASELINE])
    assert "secret_ballot" in table.built_in_names
    assert "secret_ballot" not in table.tops
    assert list(table.emergent) == sorted(table.emergent, key=lambda name: means[name])
    assert all(RANKED_BY not in INTERVENTIONS[name].built_in for name in table.leaders)
    said = texts.ways_sentence(table)
    assert said.startswith("In this model, under these assumptions,") or "tells no way" in said
    assert any("Built in by their rule" in line for line in texts.ways_remarks(table))
    assert len(texts.ways_lines(table)) == max(len(table.leaders), 1), "nothing else looks like a rank"


def test_ways_for_public_contributors_are_not_tried_where_nobody_is_known_to_be_one(seen: Observed) -> None:
    assert seen.fitted is not None
    left_out = seen.fitted.ways.left_out
    assert {"critical_mass", "co_chairing", "payment", "public_premeeting"} <= set(left_out)
    assert "round_table" in left_out
    assert {"round_robin", "shared_agenda", "plain_language"} <= set(seen.fitted.ways.runs["arm"])
    assert any(
        "nobody in the log is known to be one" in line
        for line in texts.left_out_lines(WaysTable(seen.fitted.ways))
    )


def test_runs_are_paired_and_do_not_depend_on_threads(seen: Observed) -> None:
    assert seen.fitted is not None
    teams = own_teams(shipped_log("example_icsi"))
    draws = seen.fitted.fit.draws(2, 1)
    project = teams.project(teams.usual(), 30.0)
    one, two = (team_ways(project, draws, replicates=3, workers=workers).runs for workers in (1, 2))
    assert one.equals(two)
    assert one.equals(seen.fitted.ways.runs.query("world < 0")) is False
    assert set(one.groupby(["world", "arm"]).size()) == {3}


def test_a_meeting_is_as_long_as_its_times_or_its_words_say() -> None:
    log = turn_log(pd.DataFrame({"meeting": "m", "speaker": list("AB") * 50, "words": 75.0}))
    assert project_minutes(observe(log, draws=10)) == 50.0
    frame = log.frame.assign(
        start_s=[60.0 * i for i in range(100)], end_s=[60.0 * i + 50 for i in range(100)]
    )
    assert project_minutes(observe(turn_log(frame), draws=10)) == 100.0
    short = turn_log(pd.DataFrame({"meeting": "m", "speaker": ["A", "B"], "words": 5.0}))
    assert project_minutes(observe(short, draws=10)) == 10.0


def test_a_log_that_no_team_can_be_like_is_still_described() -> None:
    log = turn_log(
        pd.DataFrame({"meeting": "m", "speaker": [f"P{i % 70}" for i in range(140)], "words": 5.0})
    )
    seen = look_at(log)
    assert seen.likeness is None
    assert "no meeting of the log" in seen.why_not
    assert len(seen.observation.people) == 70
    render(page(seen, SOURCE))


def test_chat_counts_every_message() -> None:
    assert (Options().words, Options("chat").words, Options("chat", least=2).words) == (3, 1, 2)


def test_spreads_of_nothing_and_of_one_value_are_drawn() -> None:
    spreads = tuple(
        Spread("t", "told", "x", values, here=0.5) for values in ([], [0.5], [math.nan, 0.2, 0.4])
    )
    for layout in (PAGE, PHONE):
        figure = Spreads(spreads, ("bars", "here", ""), "n = 0", "stamp").draw(layout)
        assert len(figure.axes) == 3


def test_the_attribution_of_a_shipped_log_is_known_by_its_bytes(tmp_path: Path) -> None:
    from cosim.meeting_logs.bundled_logs import LOGS
    from cosim.observation.source import source_of

    own = tmp_path / "own.csv"
    own.write_text("speaker,words\nA,1\nB,2\n")
    assert source_of([own], ("observe",)).attribution == ""
    copy = tmp_path / "copy.csv"
    from importlib.resources import files

    copy.write_bytes((files("cosim.meeting_logs") / "data" / LOGS["example_ami"]).read_bytes())
    assert "Carletta" in source_of([copy], ("observe",)).attribution
