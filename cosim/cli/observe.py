"""cosim observe: what a real meeting's turn log shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.meeting_logs.turn_log import TurnLog
    from cosim.observation.findings import Observed


@click.command(short_help="Report who speaks in a real meeting's log.")
@click.argument("logs", metavar="LOG...", type=UserPath(), nargs=-1, required=True)
@click.option(
    "--output",
    "-o",
    type=UserPath(),
    help="Output folder; by default results/observed-NAME, with --fit results/observed-NAME-fit.",
)
@click.option("--fit", is_flag=True, help="Estimate this team's floor, and rank ways of working for it.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(1, 2**31 - 1))
@click.option("--lead", metavar="NAME", help="The speaker who leads the team.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="NAME=ROLE",
    help="A speaker's role, where the log gives none: --role Ann=patient; repeat for more.",
)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="KEY=COLUMN",
    help="A column with a name of its own: --column speaker=Code; repeat for more.",
)
@click.option("--encoding", help="Of the file, where it is not UTF-8: cp1252, latin-1, ...")
@click.option(
    "--kind",
    type=click.Choice(["standing", "strangers", "chat"]),
    default="standing",
    show_default=True,
    help="A group that meets again and again; people brought together for one task; written chat.",
)
@click.option(
    "--least",
    type=click.IntRange(1, 20),
    help="Words below which an utterance is no turn.  [default: 3; in chat 1]",
)
@click.option(
    "--unnamed",
    type=click.Choice(["leave_out", "continue"]),
    default="leave_out",
    show_default=True,
    help="Rows and captions that name no speaker are left out, or go on with the speaker before.",
)
@click.option(
    "--unit",
    type=click.Choice(["seconds", "milliseconds", "minutes"]),
    help="Of times that are plain numbers.  [default: seconds, unless the pace shows milliseconds]",
)
@click.option(
    "--people",
    type=UserPath(),
    help="A table of who is who: name, other spellings, role (in any language), group.",
)
@click.option("--same-meeting", is_flag=True, help="The files are parts of one meeting, in this order.")
@click.option("--anonymise", is_flag=True, help="Write P1, P2, ... instead of names, in everything.")
def command(logs: tuple[Path, ...], *, output: Path | None, fit: bool, **given: Any) -> None:
    """Read LOG, a real meeting's turn log, and write a one-page report on who speaks.

    LOG is a table (CSV; columns speaker, and words, text or times; optionally meeting, turn, role); or a
    transcript with speakers' names as meeting software and annotation software write them (WebVTT, SRT, SBV,
    text, Word, JSON, RTTM, ELAN, CHAT, TextGrid); or a chat. Several files are several meetings, or with
    --same-meeting parts of one. Only who spoke, when and how many words is used; no text is kept. A log that
    comes with cosim can be named: example_icsi, example_ami, example_vtt, icsi, ami, ...

    The report says who spoke how much beside equal chance at the same size and length, who follows whom, and
    where this team lies among simulated teams of the same people. With --fit it also estimates this team's
    floor, and says which ways of working the model ranks first for it.
    """
    from cosim.observation.findings import Options, look_at
    from cosim.observation.folder import check_free, write_observed
    from cosim.observation.source import source_of

    started = time.time()
    paths = [_file(log) for log in logs]
    read = _read(paths, given)
    name = _folder_name(paths, given["anonymise"])
    folder = output or Path("results") / f"observed-{name}{'-fit' if fit else ''}"
    check_free(folder)
    if given["anonymise"]:
        read = _anonymised(read, paths, given)
    options = Options(given["kind"], given["least"], given["lead"], given["seed"])
    _warm()
    seen = look_at(read, options, fit=fit, tell=_say)
    source = source_of(paths, _words(logs, paths, fit, given), read.name if given["anonymise"] else None)
    _say("writing the report and its figures ...")
    report = write_observed(seen, source, folder, started)
    _print(seen)
    click.echo(f"Report: {report}")


def _file(log: Path) -> Path:
    """Return the file that is meant: the one of that name, or one that comes with cosim."""
    from importlib.resources import files

    from cosim.meeting_logs.bundled_logs import LOGS

    if str(log) in LOGS and not log.exists():
        return Path(str(files("cosim.meeting_logs") / "data" / LOGS[str(log)]))
    return log


def _folder_name(paths: Sequence[Path], anonymise: bool) -> str:
    if anonymise:
        return "anonymised"
    stem = paths[0].name.removesuffix(".gz").rpartition(".")[0] or paths[0].name
    return f"{stem}-and-{len(paths) - 1}-more" if len(paths) > 1 else stem


def _read(paths: Sequence[Path], given: dict[str, Any]) -> TurnLog:
    from dataclasses import replace

    from cosim.meeting_logs.people_file import People, read_people
    from cosim.meeting_logs.reader import Reading, read_logs

    reading = Reading(
        columns=_pairs(given["columns"], "--column", "KEY=COLUMN") or None,
        roles=_pairs(given["roles"], "--role", "NAME=ROLE") or None,
        encoding=given["encoding"],
        unnamed=given["unnamed"],
        unit=given["unit"],
        people=read_people(given["people"]) if given["people"] is not None else People(),
    )
    if given["lead"] is not None:
        given["lead"] = reading.people.name(given["lead"])
    found = read_logs(paths, reading, same_meeting=given["same_meeting"])
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return replace(found, name=f"{paths[0].name}{more}")


def _anonymised(log: TurnLog, paths: Sequence[Path], given: dict[str, Any]) -> TurnLog:
    """Return the log with codes for names, which are said here and written nowhere."""
    from cosim.meeting_logs.anonymous import anonymous

    found = anonymous(log, [path.name for path in paths])
    given["lead"] = found.codes.get(given["lead"], given["lead"])
    _say(
        "Codes, which are written nowhere: "
        + ", ".join(f"{code} {name}" for name, code in found.codes.items())
    )
    return found.log


def _pairs(given: Sequence[str], option: str, form: str) -> dict[str, str]:
    from cosim.errors import ConfigError

    found: dict[str, str] = {}
    for one in given:
        key, sign, value = one.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise ConfigError("not a pair", key=option, value=one, allowed=form)
        if found.setdefault(key.strip(), value.strip()) != value.strip():
            told = f"{key.strip()!r} is already {found[key.strip()]!r}"
            raise ConfigError(told, key=option, value=one, allowed=f"one {form} for each name")
    return found


def _words(logs: Sequence[Path], paths: Sequence[Path], fit: bool, given: dict[str, Any]) -> tuple[str, ...]:
    """Return the command that gives the same report, without the folders of this machine (or any names)."""
    hidden = given["anonymise"]
    named = [str(log) if log != path else path.name for log, path in zip(logs, paths, strict=True)]
    words = ["observe", *(["LOG"] * len(logs) if hidden else named)]
    words += ["--fit"] if fit else []
    words += ["--seed", str(given["seed"])]
    for option in ("lead", "encoding", "least", "unit"):
        words += [f"--{option}", str(given[option])] if given[option] is not None else []
    for option in ("role", "column"):
        for one in given[f"{option}s"]:
            words += [f"--{option}", f"NAME={one.partition('=')[2]}" if hidden and option == "role" else one]
    for option, usual in (("kind", "standing"), ("unnamed", "leave_out")):
        words += [f"--{option}", given[option]] if given[option] != usual else []
    if given["people"] is not None:
        words += ["--people", "PEOPLE" if hidden else given["people"].name]
    words += [f"--{flag}" for flag in ("same-meeting", "anonymise") if given[flag.replace("-", "_")]]
    return tuple(words)


def _warm() -> None:
    from cosim.cli.compiling import warm_up

    warm_up()


def _say(message: str) -> None:
    click.echo(message, err=True)


def _print(seen: Observed) -> None:
    from cosim.formatting import terminal
    from cosim.observation import texts

    click.echo(terminal.paragraph(f"{seen.log.name}: {texts.log_line(seen)}."))
    for told in (
        texts.dropped_line(seen),
        *(f"{note[:1].upper()}{note[1:]}." for note in seen.observation.notes),
    ):
        if told:
            click.echo(terminal.paragraph(told))
    click.echo()
    for sentence in texts.answer(seen):
        click.echo(terminal.paragraph(sentence))
    if seen.likeness is None:
        click.echo(terminal.paragraph(texts.likeness_lines(seen)[0]))
    if seen.fitted is not None:
        _print_fit(seen)
    click.echo()
    click.echo(
        terminal.paragraph("Voice is not influence: a log says who talks, not who changes what is decided.")
    )


def _print_fit(seen: Observed) -> None:
    from cosim.formatting import terminal
    from cosim.observation import texts
    from cosim.observation.ranking_table import WaysTable

    assert seen.fitted is not None
    click.echo("\nThis team's floor (median and 95 % interval):")
    rows = [
        {
            "parameter": row["parameter"],
            "median": f"{row['median']:.2f}",
            "span": f"{row['low']:.2f} to {row['high']:.2f}",
            "default": f"{row['default']:.2f}",
        }
        for row in seen.fitted.fit.summary().to_dict("records")
    ]
    click.echo(
        terminal.table(
            rows, ["parameter", "median", "span", "default"], ["", "median", "interval", "default"]
        )
    )
    click.echo("\nWhich ways of working the model ranks first for it:")
    for line in texts.ways_lines(WaysTable(seen.fitted.ways)):
        click.echo(terminal.paragraph(line, "- ", "  "))
    for line in texts.ways_remarks(WaysTable(seen.fitted.ways)):
        click.echo(terminal.paragraph(line))
