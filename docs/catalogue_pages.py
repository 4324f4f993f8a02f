"""A Sphinx extension that writes the pages that the records already say.

Scenarios, interventions, outcomes and commands get their pages before Sphinx reads its sources, in folders of
``reference/``. They are not kept under version control: the records are.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from click.testing import CliRunner
from sphinx.application import Sphinx

from cosim.catalogue import entry, names
from cosim.cli import main
from cosim.interventions import INTERVENTIONS, table
from cosim.outcomes import OUTCOMES
from cosim.scenario.discrepancy import in_words
from cosim.scenario.phase import Phase
from cosim.scenario.vocabulary import TASK_OF_PHASE, PhaseName

_TWICE = (
    "Somebody who had not seen this scenario read its sources and wrote down, fact by fact, what they say. "
    "Where that differed from the scenario:"
)
_LINK = re.compile(r"(?<![<(])(https?://[^\s,;)]+)")
_TASK_AND_OWNER = ("kind of task", "items")
FOLDERS = ("scenarios", "interventions", "outcomes", "commands")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the pages' making with Sphinx."""
    app.connect("builder-inited", _write_all)
    return {"parallel_read_safe": True}


def _write_all(app: Sphinx) -> None:
    reference = Path(app.srcdir) / "reference"
    for name in FOLDERS:
        shutil.rmtree(reference / name, ignore_errors=True)
        (reference / name).mkdir(parents=True)
    write_pages(reference)


def write_pages(reference: Path) -> None:
    """Write every generated page below a folder that has one subfolder of each name in ``FOLDERS``."""
    scenarios = {name: scenario_page(name) for name in names()}
    _write(reference / "scenarios", scenarios, "Scenarios", "Named, citable teams and projects.")
    _write(
        reference / "interventions",
        {str(row["name"]): intervention_page(row) for row in table()},
        "Interventions",
        "Ways of working that can be compared, with what they change, what they take and what is known.",
    )
    _write(reference / "outcomes", {"all": outcomes_page()}, "Outcomes", "Everything that a run reports.")
    _write(
        reference / "commands",
        {name: command_page(name) for name in sorted(main.list_commands(None))},  # type: ignore[arg-type]
        "Commands",
        "What the command line offers; each command says the same with `--help`.",
    )


def _write(folder: Path, pages: Mapping[str, str], title: str, sentence: str) -> None:
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    listed = "\n".join(pages)
    index = f"# {title}\n\n{sentence}\n\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    (folder / "index.md").write_text(index, encoding="utf-8")


def scenario_page(name: str) -> str:
    """Return one scenario's page: its question, team, phases, sources, and its file as written."""
    one = entry(name)
    team = [
        (group, group_of.role, group_of.count, "lead" if group_of.lead else "")
        for group, group_of in one.scenario.team.items()
    ]
    phases = [
        (phase, of.level, of.meetings, of.minutes, of.options, of.rule, *_task_and_owner(phase, of))
        for phase, of in one.scenario.phases.items()
    ]
    differed = in_words(one.scenario.discrepancies)
    ways = ", ".join(f"[{way}](../interventions/{way}.md)" for way in one.scenario.interventions) or "none"
    parts = [
        f"# {one.title}",
        f"*{one.question}*",
        one.description,
        f"Cite as `{one.identity}`. Show it with `cosim show {name}`, run it with `cosim simulate {name}`.",
        f"## Team of {one.scenario.size}",
        markdown_table(("group", "role", "people", ""), team),
        "## Phases",
        markdown_table(
            ("phase", "level", "meetings", "minutes", "options", "rule", *_TASK_AND_OWNER), phases
        ),
        f"Ways of working: {ways}.",
        "## Sources",
        _bullets(map(str, one.sources)),
        f"## Assumed\n\n{_bullets(one.assumed)}" if one.assumed else "",
        f"## Encoded twice\n\n{_TWICE}\n\n{_bullets(differed)}" if differed else "",
        "## Its file",
        f"```yaml\n{one.text.rstrip()}\n```",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _task_and_owner(name: PhaseName, phase: Phase) -> tuple[str, str]:
    """Return a phase's kind of task and who opens its items, each with whether the sources say so."""
    task = f"{phase.task}, from its sources" if phase.task else f"{TASK_OF_PHASE[name]}, assumed"
    return task, f"{phase.owner}, from its sources" if phase.owner else "nobody's, assumed"


def intervention_page(row: Mapping[str, object]) -> str:
    """Return one intervention's page from its row in the table of interventions."""
    record = INTERVENTIONS[str(row["name"])]
    facts = [
        ("Works on", row["family"]),
        ("What it changes at full dose", row["mechanism"]),
        ("What it takes", row["effort"]),
        ("Share of the intention that is carried out", row["compliance"]),
        ("Share of the effect lost per meeting", row["decay"]),
        ("Moves by its rule alone", row["built_in"]),
        ("Cannot be combined with", row["conflicts"]),
        ("Evidence", row["grade"]),
    ]
    parts = [
        f"# {row['title']}",
        str(row["sentence"]),
        markdown_table(("", ""), [fact for fact in facts if fact[1] not in ("", None)]),
        f"## What is known\n\n{row['evidence']}",
        "## Sources",
        _bullets(record.evidence.sources),
    ]
    return "\n\n".join(parts) + "\n"


def outcomes_page() -> str:
    """Return a page with every outcome: its name, unit and sentence."""
    rows = [(f"`{one.name}`", one.unit, one.sentence) for one in OUTCOMES]
    return "# All outcomes\n\n" + markdown_table(("outcome", "unit", "what it is"), rows) + "\n"


def command_page(name: str) -> str:
    """Return one command's page: its help, as the command line prints it."""
    command = main.get_command(None, name)  # type: ignore[arg-type]
    parts = sorted(command.commands) if isinstance(command, click.Group) else []
    page = f"# cosim {name}\n"
    for words in ([name], *([name, part] for part in parts)):
        shown = CliRunner().invoke(main, [*words, "--help"], prog_name="cosim", terminal_width=100)
        heading = f"\n## cosim {' '.join(words)}\n" if len(words) > 1 else ""
        page += f"{heading}\n```text\n{shown.output.rstrip()}\n```\n"
    return page


def markdown_table(columns: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table; bars inside cells are escaped."""
    head = list(columns)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(str(one) for one in value)
    return _LINK.sub(r"<\1>", str(value).replace("|", "\\|").replace("\n", " "))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join("- " + _LINK.sub(r"<\1>", line) for line in lines) or "None given."
