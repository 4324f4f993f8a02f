"""cosim diary: several meetings of one team over time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cosim.cli.paths import UserPath


@click.group(short_help="Keep a diary of a team's meetings, and report on it.")
def command() -> None:
    """Keep a diary of a team's meetings: a folder of plain tables that stays yours.

    Only who spoke, when and how many words is kept of a meeting; no text of what was said.
    """


@command.command(short_help="Add a meeting to a diary.")
@click.argument("folder", type=UserPath())
@click.argument("logs", metavar="LOG...", type=UserPath(), nargs=-1, required=True)
@click.option("--date", "day", required=True, metavar="YEAR-MONTH-DAY", help="Of the meeting.")
@click.option(
    "--phase", default="", help="Of the project: priority_setting, design, conduct, ... or your own."
)
@click.option("--change", default="", help="A new way of working that holds from this meeting on.")
@click.option("--note", default="", help="What a reader should know about this meeting.")
@click.option("--people", type=UserPath(), help="A table of who is who: name, other spellings, role, group.")
@click.option("--views", type=UserPath(), help="Views before and after: person, item, before, after.")
@click.option("--decision", type=UserPath(), help="What was decided: item, decision.")
@click.option("--views-as", help="ratings, ranks, first_choices or probabilities.  [default: as they look]")
@click.option("--scale", metavar="LOW-HIGH", help="Lowest and highest possible rating, such as 1-7.")
@click.option(
    "--contribution", "contributions", multiple=True, help="What the public brought; repeat for more."
)
@click.option("--by", multiple=True, help="Who brought it; one for each contribution.")
@click.option("--led-to", multiple=True, help="What came of it; one for each contribution.")
@click.option(
    "--outcome", multiple=True, help="changed, partly, not_changed or open; one for each contribution."
)
@click.option("--kind", default="standing", show_default=True, help="standing, strangers or chat.")
@click.option("--encoding", help="Of the files, where they are not UTF-8.")
def add(folder: Path, logs: tuple[Path, ...], day: str, **given: Any) -> None:
    """Add one meeting to the diary in FOLDER, which is made if it is not there.

    LOG is read as by `cosim observe`; several are parts of one meeting. Everything is read and checked
    before anything is written.
    """
    from cosim.cli.observe import file_of, scale_of
    from cosim.meeting_logs.decisions_file import read_decisions
    from cosim.meeting_logs.people_file import People, read_people
    from cosim.meeting_logs.reader import Reading, read_logs
    from cosim.meeting_logs.same_names import with_log_names
    from cosim.meeting_logs.views_file import read_views
    from cosim.observation.diary import Entry, open_diary, parsed_date

    diary = open_diary(folder, new=True)
    date = parsed_date(day)
    people = read_people(file_of(given["people"])) if given["people"] is not None else People()
    reading = Reading(encoding=given["encoding"], people=people)
    log = read_logs([file_of(one) for one in logs], reading, same_meeting=True)
    views = decided = None
    if given["views"] is not None:
        views = read_views(
            file_of(given["views"]),
            kind=given["views_as"],
            scale=scale_of(given["scale"]),
            people=people,
            encoding=given["encoding"],
        )
        views = with_log_names(views, log)
        roles = {str(a): str(b) for a, b in zip(log.frame["speaker"], log.frame["role"], strict=True)}
        views = views.with_roles({name: role for name, role in roles.items() if role != "unknown"})
    if given["decision"] is not None:
        decided = read_decisions(file_of(given["decision"]), _needed(views), given["encoding"])
    entry = Entry(
        log,
        date,
        given["phase"].strip(),
        given["kind"],
        given["change"].strip(),
        given["note"].strip(),
        views,
        decided,
        _contributions(given),
    )
    diary = diary.added(entry)
    diary.write()
    for note in (*log.notes, *(views.notes if views is not None else ())):
        click.echo(f"{note[:1].upper()}{note[1:]}.", err=True)
    count = len(diary.meetings)
    click.echo(
        f"{folder}: {count} meeting{'s' if count != 1 else ''}, the last of {diary.meetings['date'].max()}."
    )


def _needed(views: Any) -> Any:
    from cosim.errors import ConfigError

    if views is None:
        raise ConfigError("says nothing without views", key="--decision", allowed="beside --views")
    return views


def _contributions(given: dict[str, Any]) -> tuple[tuple[str, str, str, str], ...]:
    from cosim.errors import ConfigError

    count = len(given["contributions"])
    for option in ("by", "led_to", "outcome"):
        if len(given[option]) not in (0, count):
            told = f"{len(given[option])} of these stand beside {count} of --contribution"
            raise ConfigError(told, key=f"--{option.replace('_', '-')}", allowed="none, or one for each")
    rest = [given[option] or ("",) * count for option in ("by", "led_to")]
    outcomes = given["outcome"] or ("open",) * count
    return tuple(zip(given["contributions"], *rest, outcomes, strict=True))


@command.command(short_help="Report on a diary.")
@click.argument("folder", type=UserPath())
@click.option("--output", "-o", type=UserPath(), help="Output folder; by default results/diary-NAME.")
@click.option(
    "--anonymise/--names", default=True, show_default=True, help="Codes instead of names on the page."
)
@click.option("--retest", type=float, help="Correlation of answers asked twice.  [default: 0.87]")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(1, 2**31 - 1))
def report(folder: Path, output: Path | None, *, anonymise: bool, retest: float | None, seed: int) -> None:
    """Write a page on the diary in FOLDER: trends, changes in ways of working, what came of contributions."""
    from cosim.formatting import terminal
    from cosim.observation.diary import open_diary
    from cosim.observation.diary_report import look_through
    from cosim.observation.folder import check_free, write_diary_page
    from cosim.observation.influence_model import RETEST, check_retest

    diary = open_diary(folder)
    check_retest(RETEST if retest is None else retest)
    to = output or Path("results") / f"diary-{folder.resolve().name}"
    check_free(to)
    found = look_through(diary, coded=anonymise, retest=retest or RETEST, seed=seed)
    made = write_diary_page(found, to)
    for sentence in made.answer:
        click.echo(terminal.paragraph(sentence))
    click.echo(f"Report: {to / 'report.html'}")
