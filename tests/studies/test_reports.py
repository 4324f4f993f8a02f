"""The page of every kind of study: made by the command line, known answers told, unusable runs refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from cosim.analysis.tables import UnusableRunsError
from cosim.charts.style import PAGE, PHONE, Layout
from cosim.reporting.page import render
from cosim.studies.config import check_config, config_from_text
from cosim.studies.registry import KINDS, has_page, page_for
from cosim.studies.results import read_results
from cosim.studies.screen import findings as screen
from cosim.studies.study import Study
from tests.charts.legible import faults
from tests.cli.terminal import cosim
from tests.execution.fakes import Ishigami, Toy
from tests.studies.test_report import checked

HEAD = "study: {kind}\nscenario: research_team\nseed: 11\nreplicates: 2\n"
TINY = {
    "screen": "screen: {factors: [uptake.rate, floor.returning, with.round_robin], trajectories: 4}\n"
    "outcomes: [influence_gini]\n",
    "sobol": "sobol: {factors: [uptake.rate, floor.returning], samples: 16}\noutcomes: [influence_gini]\n",
    "factorial": "factorial: {factors: [round_robin, secret_ballot]}\nworlds: {count: 3}\n"
    "outcomes: [influence_gini]\n",
    "sweep": "sweep: {over: {round_robin: [0.0, 0.5, 1.0], floor.rule: [standing, luce]}}\n"
    "worlds: {count: 3}\noutcomes: [influence_gini]\n",
    "bundles": "search:\n  members: [round_robin, ground_rules, secret_ballot]\n  together: 2\n"
    "  objectives: {influence_gini: min, decision_quality: max, minutes: min, money: min}\n"
    "  limits: {minutes: 900.0}\nworlds: {count: 3}\n",
    "failures": "interventions: [round_robin]\n"
    "worlds: {count: 50, over: [uptake.rate, floor.returning, stance.deference]}\n"
    "failures: {arm: round_robin, outcome: influence_gini, above: 0.43}\n",
    "structure": "interventions: [round_robin, ground_rules]\nworlds: {count: 3}\n"
    "outcomes: [influence_gini]\n"
    "structure: {variants: {no status: {standing.title_salience: 0.0}, queue: {floor.rule: queue}}}\n",
}
SECTIONS = {
    "screen": ("matters", "shape", "enough"),
    "sobol": ("shares", "pairs", "enough", "companions"),
    "factorial": ("effects", "interactions", "numbers"),
    "sweep": ("curves", "numbers"),
    "bundles": ("front", "robust", "tried", "interventions"),
    "failures": ("shares",),
    "structure": ("forms", "ranks", "variants", "numbers"),
}


@pytest.fixture(scope="module", params=list(TINY))
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny study of one kind, run to its report by the command line."""
    kind = request.param
    folder = tmp_path_factory.mktemp(kind)
    config = folder / f"{kind}.yaml"
    text = HEAD.format(kind=kind) + TINY[kind]
    config.write_text(text, encoding="utf-8")
    result = cosim("run", config, "-o", folder / "out", "-w", "1")
    assert result.exit_code == 0, result.output
    assert "Report:" in result.stdout
    assert "In this model, under these assumptions" in result.stdout.replace("\n", " ")
    return folder / "out"


def test_a_run_ends_with_its_page(finished: Path) -> None:
    kind = read_results(finished).kind
    page = (finished / "report.html").read_text(encoding="utf-8")
    found = checked(page)
    assert found.wrong == []
    assert found.open == []
    assert found.loads == []
    assert len(found.ids) == len(set(found.ids))
    for section in (*SECTIONS[kind], "limits", "methods", "assumptions", "cite"):
        assert f'<section id="{section}">' in page
    text = " ".join(found.text)
    assert "seed 11" in text
    assert "simulated projects" in text
    assert "replicate" in text
    assert "nan" not in text.lower().split()
    figures = {path.stem for path in (finished / "figures").iterdir()}
    assert figures
    for name in figures:
        for ending in ("png", "svg", "pdf"):
            assert (finished / "figures" / f"{name}.{ending}").stat().st_size > 1000
        svg = (finished / "figures" / f"{name}.svg").read_text(encoding="utf-8")
        assert "n = " in svg or "N = " in svg, name
        assert f"run {read_results(finished).run_id}" in svg, name
    for table in (finished / "tables").iterdir():
        assert len(pd.read_csv(table)), table.name


@pytest.mark.parametrize("layout", [PAGE, PHONE], ids=["page", "phone"])
def test_every_figure_of_every_kind_can_be_read(finished: Path, layout: Layout) -> None:
    results = read_results(finished)
    for picture in page_for(results.kind)(results).pictures():
        assert faults(picture.draw(layout)) == [], picture.name


def test_runs_that_failed_are_named_and_stop_the_page(finished: Path, tmp_path: Path) -> None:
    for file in ("runs.parquet", "design.parquet", "provenance.json", "config.yaml"):
        shutil.copy(finished / file, tmp_path / file)
    runs = pd.read_parquet(tmp_path / "runs.parquet")
    runs["error"] = runs["error"].astype(object)
    runs.loc[3, "error"] = "ValueError: it broke"
    runs.to_parquet(tmp_path / "runs.parquet")
    results = read_results(tmp_path)
    with pytest.raises(UnusableRunsError, match="run 3"):
        page_for(results.kind)(results)


def test_every_kind_of_study_has_a_page() -> None:
    assert set(filter(has_page, KINDS)) == set(KINDS) == {"compare", "information", *TINY}


def page_text(folder: Path) -> str:
    results = read_results(folder)
    page = page_for(results.kind)(results)
    assert checked(render(page)).wrong == []
    return " ".join(page.answer)


def run(text: str, subject: object, folder: Path) -> Path:
    Study(check_config(config_from_text(text, Path("c.yaml")), lambda *_: subject)).run(folder)
    return folder


def test_the_page_tells_ishigamis_indices(tmp_path: Path) -> None:
    text = "study: sobol\nscenario: x\nsobol: {samples: 256}\nreplicates: 2\nseed: 5\n"
    told = page_text(run(text, Ishigami(noise=1.0), tmp_path / "out"))
    # Total indices 0.56, 0.44 and 0.24: in this order, all beyond the dummy.
    places = [told.index(f"“{name}”") for name in ("X1", "X2", "X3")]
    assert places == sorted(places)
    assert "Dummy" not in told


def test_the_page_tells_the_planted_condition(tmp_path: Path) -> None:
    text = (
        "study: failures\nscenario: x\nworlds: {count: 200}\nreplicates: 2\nseed: 5\n"
        "failures: {arm: baseline, outcome: effect, below: 0.3}\n"
    )
    told = page_text(run(text, Toy(), tmp_path / "out"))
    assert "where “X” is at most 0." in told
    assert "in 30\u202f% of 200 sampled settings" in told or "in 29\u202f% of 200" in told


def test_the_page_says_when_nothing_fails(tmp_path: Path) -> None:
    text = (
        "study: failures\nscenario: x\nworlds: {count: 50}\nreplicates: 2\nseed: 5\n"
        "failures: {arm: baseline, outcome: effect, below: -5}\n"
    )
    assert "no conditions to tell apart" in page_text(run(text, Toy(), tmp_path / "out"))


def test_the_page_tells_the_effect_of_a_linear_model(tmp_path: Path) -> None:
    text = (
        "study: factorial\nscenario: x\nfactorial: {factors: [louder, slower, floor.x]}\n"
        "replicates: 3\nseed: 5\noutcomes: [effect]\n"
    )
    told = page_text(run(text, Toy(), tmp_path / "out"))
    assert "2 of the 3 factors whose effect is not built in clearly moved effect" in told
    assert "“Louder” +2.0" in told
    assert "“X” +1.0" in told
    assert "no interaction is clear" in told.lower()


def test_a_grid_has_a_surface_and_fast_and_space_filling_designs_a_page(tmp_path: Path) -> None:
    grid = (
        "study: sweep\nscenario: x\nworlds: {count: 0}\nreplicates: 3\nseed: 5\noutcomes: [effect]\n"
        "sweep: {mode: grid, over: {floor.x: [0.0, 0.5, 1.0], louder: [0.0, 1.0]}}\n"
    )
    folder = run(grid, Toy(), tmp_path / "grid")
    assert "from 0 to 1 of “Louder”, effect went from" in page_text(folder)
    assert "grid" in [section.key for section in page_for("sweep")(read_results(folder)).sections]
    for method, samples in (("fast", 65), ("space_filling", 128)):
        text = (
            f"study: sobol\nscenario: x\nsobol: {{method: {method}, samples: {samples}}}\n"
            "replicates: 2\nseed: 5\n"
        )
        assert "“X1”" in page_text(run(text, Ishigami(), tmp_path / method))


def screening(folder: Path, walks: int, replicates: int) -> Path:
    text = (
        f"study: screen\nscenario: x\nreplicates: {replicates}\nseed: 5\noutcomes: [effect, minutes]\n"
        f"screen: {{factors: [floor.x, floor.y, louder], trajectories: {walks}}}\n"
    )
    return run(text, Toy(), folder)


def test_a_screening_calls_factors_clear_when_there_are_walks_and_replicates_enough(tmp_path: Path) -> None:
    folder = screening(tmp_path / "out", walks=10, replicates=2)
    told = page_text(folder)
    assert "2 of 3 factors clearly moved effect: “Louder” and “X”, the first one by 2.000" in told
    assert "1 other factor is not distinguishable" in told


@pytest.mark.parametrize(
    ("walks", "replicates", "reason"),
    [(9, 4, "9 walks are"), (2, 1, "2 walks are"), (12, 1, "one replicate is")],
)
def test_a_screening_calls_nothing_clear_when_there_are_too_few(
    walks: int, replicates: int, reason: str, tmp_path: Path
) -> None:
    folder = screening(tmp_path / "out", walks, replicates)
    told = page_text(folder)
    assert f"{reason} too few to call any factor clear" in told
    assert "the largest estimates are those of “Louder”, “X” and “Y”" in told
    html = render(page_for("screen")(read_results(folder)))
    assert "clearly moved" not in html
    assert "beyond the floor" not in html
    assert "not distinguishable" not in html
    assert "seem clear by chance" not in html


def test_what_a_rule_builds_in_is_no_finding_of_a_screening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = screening(tmp_path / "out", walks=10, replicates=2)
    monkeypatch.setattr(screen, "builds_in", lambda name, outcome: name == "with.louder")
    told = page_text(folder)
    assert "1 of 2 factors whose effect is not built in clearly moved effect: “X”, the first one" in told
    assert "a rule builds in the effect of “Louder”, which is no finding" in told
    monkeypatch.setattr(screen, "builds_in", lambda name, outcome: True)
    assert "a rule builds in what every factor does to effect" in page_text(folder)


SOBOL = "study: sobol\nscenario: x\nseed: 5\nreplicates: 2\nsobol: {factors: "


def test_a_variance_based_study_of_one_factor_has_no_pairs(tmp_path: Path) -> None:
    folder = run(f"{SOBOL}[floor.x], samples: 64}}\noutcomes: [effect]\n", Toy(), tmp_path / "out")
    page = page_for("sobol")(read_results(folder))
    render(page)
    assert "pairs" not in [section.key for section in page.sections]
    assert "goes with “X”" in page.answer[0]


@pytest.mark.parametrize(
    ("noise", "says"),
    [(3.0, "could be estimated"), (1.0, "is too small to share out the variance of effect.")],
)
def test_shares_that_cannot_be_had_are_not_told(noise: float, says: str, tmp_path: Path) -> None:
    block = "samples: 8, second_order: false, dummy: false, random_numbers: own"
    text = f"{SOBOL}[floor.x], {block}}}\noutcomes: [effect]\n"
    told = page_text(run(text, Toy(noise), tmp_path / "out"))
    assert says in told
    assert "Whether N was enough cannot be said" in told
    assert "largest estimate" not in told
    assert "–" not in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "study: bundles\n"
            "search: {members: [louder, slower], objectives: {effect: max}, limits: {minutes: 1}}",
            "no set of interventions keeps within the budgets (minutes at most 1). "
            "Tried: all 3 sets of up to 2 interventions out of 2 that can be combined.",
        ),
        (
            "study: bundles\nsearch: {members: [louder], objectives: {effect: max}}",
            "1 of 2 sets within the budgets is beaten by no other on effect; what it does to effect is",
        ),
        (
            "study: factorial\nfactorial: {factors: [floor.x]}",
            "the one factor whose effect is not built in clearly moved effect",
        ),
        (
            "study: factorial\nfactorial: {factors: [floor.y]}",
            "the one factor whose effect is not built in has not clearly moved effect on average over all "
            "settings of the others",
        ),
        (
            "study: sweep\nsweep: {over: {floor.x: [0, 1]}}",
            "1 of 1 curve clearly ends elsewhere than it begins",
        ),
    ],
)
def test_one_of_a_kind_is_told_in_the_singular(text: str, says: str, tmp_path: Path) -> None:
    text += "\nscenario: x\nreplicates: 5\nseed: 5\noutcomes: [effect]\n"
    told = page_text(run(text, Toy(), tmp_path / "out"))
    assert says in told, told
