"""What a comparison says while it runs: complete settings only, in their order, right at every look."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from cosim.analysis import confidence_sequence
from cosim.execution.chunks import cut
from cosim.execution.tasks import evaluate_task, task_of
from cosim.formatting.words import signed, span
from cosim.studies.config import StudyConfig, check_config, config_from_text
from cosim.studies.so_far import FEWEST, SoFar, so_far
from cosim.studies.so_far_page import SoFarPage, page_text
from cosim.studies.study import Study
from tests.execution.fakes import Toy
from tests.execution.studies import results

TEXT = (
    "study: compare\nscenario: toy\ninterventions: [louder, slower]\n"
    "worlds: {count: 40}\nreplicates: 3\nseed: 4\n"
)


@dataclass(frozen=True)
class Named(Toy):
    """The toy under the name of an outcome that has a direction."""

    noise: float = 2.0

    def outcomes(self) -> tuple[str, ...]:
        return ("influence_gini", "minutes", "winner")


def config(text: str = TEXT) -> StudyConfig:
    return check_config(config_from_text(text, Path("c.yaml")), lambda wanted, settings: Named())


def heard(order: list[int], clock: list[float] | None = None) -> tuple[SoFar, list[str]]:
    """Give the chunks of the study in some order."""
    design, said = config().design(), list[str]()
    times = iter(clock or [])
    found = so_far(design, list(Named().outcomes()), [], said.append)
    assert found is not None
    found.clock = lambda: next(times, 0.0)
    chunks = cut(len(design.points), design.replicates, 9)
    for number in order:
        chunk = chunks[number % len(chunks)]
        task = task_of(chunk, chunk.points(design), design.replicates, design.seed, False)
        found.take(chunk.first_point, chunk.stop_point, evaluate_task(Named(), task).runs)
    return found, said


def test_settings_count_from_the_first_on_without_a_gap() -> None:
    assert heard([0, 1, 2, 4, 5, 39])[0].complete == 3
    assert heard([1, 2, 3])[0].complete == 0
    assert heard([3, 2, 1, 0])[0].complete == 4


def test_what_is_said_does_not_depend_on_the_order_in_which_settings_come() -> None:
    one, other = heard(list(range(20)))[0], heard(list(range(19, -1, -1)))[0]
    assert one.differences() == other.differences()
    assert one.line() == other.line()


def test_the_line_is_that_of_the_tables() -> None:
    found, said = heard(list(range(30)))
    differences = found.differences()
    assert len(differences["louder"]) == 30
    assert np.mean(differences["louder"]) == pytest.approx(2.0)
    assert np.mean(differences["slower"]) == pytest.approx(0.0)
    interval = confidence_sequence(differences["louder"], 1 - 0.05 / 2)
    assert interval.low > 0
    line = found.line()
    assert "30 of 40 settings" in line
    assert "lower with 0 of 2" in line
    assert "higher with 1" in line
    assert [told.split(" of ")[0] for told in said] == ["so far, 12", "so far, 24"], (
        "when there is twice as much"
    )


def test_it_is_said_again_after_a_while() -> None:
    clock = [0.0] * FEWEST + [31.0] * 30
    assert len(heard(list(range(20)), clock)[1]) == 2


def test_nothing_is_said_of_few_settings_or_without_a_direction() -> None:
    design, names = config().design(), ["effect"]
    assert so_far(design, names, [], print) is None
    few = config(TEXT.replace("count: 40", "count: 20")).design()
    assert so_far(few, ["influence_gini"], [], print) is None
    alone = check_config(
        config_from_text("study: sobol\nscenario: toy\nsobol: {samples: 8}\n"), lambda *_: Named()
    ).design()
    assert so_far(alone, ["influence_gini"], [], print) is None


def test_a_study_says_so_while_it_runs_and_its_tables_are_the_same(tmp_path: Path) -> None:
    text = TEXT + "output: {runs_per_chunk: 9}\n"
    screen = io.StringIO()
    Study(config(text)).run(tmp_path / "told", screen=screen)
    assert "so far, " in screen.getvalue()
    Study(config(text)).run(tmp_path / "silent")
    assert results(tmp_path / "told") == results(tmp_path / "silent")


def test_the_page_so_far_is_there_while_a_study_runs_and_gone_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, wrote = list[str](), SoFarPage.renew

    def renew(page: SoFarPage) -> bool:
        told = wrote(page)
        pages.extend([page.path.read_text(encoding="utf-8")] if told else [])
        return told

    monkeypatch.setattr(SoFarPage, "renew", renew)
    Study(config(TEXT + "output: {runs_per_chunk: 9}\nworkers: 1\n")).run(tmp_path / "told")
    assert len(pages) == 1, "once, and not again within seconds"
    assert f"So far, {FEWEST} of 40 settings" in pages[0]
    assert not (tmp_path / "told" / "so_far.html").exists()
    assert "so_far.html" not in (tmp_path / "told" / "manifest.json").read_text(encoding="utf-8")


def test_a_study_that_goes_on_tells_on_its_page_what_was_there_already(tmp_path: Path) -> None:
    def page(order: list[int]) -> str:
        text = page_text(heard(order)[0], "Toy")
        return "\n".join(line for line in text.splitlines() if "written" not in line)

    whole, resumed = page(list(range(30))), page([*range(20, 30), *range(20)])
    assert whole == resumed
    assert whole.index("Louder") > whole.index("Slower"), "lower is better: best first"


def test_the_page_is_written_only_with_news_and_seldom_enough_to_cost_little(tmp_path: Path) -> None:
    found = heard(list(range(20)))[0]
    times = iter([0.0, 1.0, 99.0, 101.0, 102.0])  # a second of writing asks for 100 seconds of silence
    page = SoFarPage(tmp_path, found, "Toy", lambda: next(times))
    assert page.renew()
    assert not page.renew(), "too early"
    assert not page.renew(), "nothing new"
    row = re.findall(r'<td class="number">(.*?)</td><td>(.*?)</td>', page.path.read_text(encoding="utf-8"))
    intervals = found.intervals()
    assert [told for told, _ in row] == [
        f"{signed(one.estimate)} ({span(one.low, one.high)})"
        for one in sorted(intervals.values(), key=lambda one: one.estimate)
    ]
    assert [verdict for _, verdict in row] == ["not yet clear", "worse"]
