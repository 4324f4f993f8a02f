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
@click.argument("log", type=UserPath())
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
def command(log: Path, *, output: Path | None, fit: bool, **given: Any) -> None:
    """Read LOG, a real meeting's turn log, and write a one-page report on who speaks.

    LOG is a table (CSV; columns speaker, and words, text or times; optionally meeting, turn, role), or a
    transcript in WebVTT or SRT with speakers' names, as meeting software exports them. Only who spoke, when
    and how many words is used; no text is kept. A log that comes with cosim can be named: example_icsi,
    example_ami, example_vtt, icsi, ami, ...

    The report says who spoke how much beside equal chance at the same size and length, who follows whom, and
    where this team lies among simulated teams of the same people. With --fit it also estimates this team's
    floor, and says which ways of working the model ranks first for it.
    """
    from cosim.observation.findings import Options, look_at
    from cosim.observation.folder import check_free, write_observed
    from cosim.observation.source import source_of

    started = time.time()
    path = _file(log)
    read = _read(path, given)
    folder = output or Path("results") / f"observed-{_stem(path)}{'-fit' if fit else ''}"
    check_free(folder)
    options = Options(given["kind"], given["least"], given["lead"], given["seed"])
    _warm()
    seen = look_at(read, options, fit=fit, tell=_say)
    source = source_of(path, _words(log, path, fit, given))
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


def _stem(path: Path) -> str:
    return path.name.removesuffix(".gz").rpartition(".")[0] or path.name


def _read(path: Path, given: dict[str, Any]) -> TurnLog:
    from dataclasses import replace

    from cosim.meeting_logs.reader import read_log

    found = read_log(
        path,
        columns=_pairs(given["columns"], "--column", "KEY=COLUMN") or None,
        roles=_pairs(given["roles"], "--role", "NAME=ROLE") or None,
        encoding=given["encoding"],
        unnamed=given["unnamed"],
        unit=given["unit"],
    )
    return replace(found, name=path.name)


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


def _words(log: Path, path: Path, fit: bool, given: dict[str, Any]) -> tuple[str, ...]:
    """Return the command that gives the same report, without the folders of this machine."""
    words = ["observe", str(log) if log != path else path.name]
    words += ["--fit"] if fit else []
    words += ["--seed", str(given["seed"])]
    for option in ("lead", "encoding", "least", "unit"):
        words += [f"--{option}", str(given[option])] if given[option] is not None else []
    for option in ("role", "column"):
        words += [word for one in given[f"{option}s"] for word in (f"--{option}", one)]
    for option, usual in (("kind", "standing"), ("unnamed", "leave_out")):
        words += [f"--{option}", given[option]] if given[option] != usual else []
    return tuple(words)


def _warm() -> None:
    from cosim.cli.compiling import warm_up

    warm_up()


def _say(message: str) -> None:
    click.echo(message, err=True)


def _print(seen: Observed) -> None:
    from cosim.cli import text
    from cosim.observation import texts

    click.echo(text.paragraph(f"{seen.log.name}: {texts.log_line(seen)}."))
    for told in (
        texts.dropped_line(seen),
        *(f"{note[:1].upper()}{note[1:]}." for note in seen.observation.notes),
    ):
        if told:
            click.echo(text.paragraph(told))
    click.echo()
    for sentence in texts.answer(seen):
        click.echo(text.paragraph(sentence))
    if seen.likeness is None:
        click.echo(text.paragraph(texts.likeness_lines(seen)[0]))
    if seen.fitted is not None:
        _print_fit(seen)
    click.echo()
    click.echo(
        text.paragraph("Voice is not influence: a log says who talks, not who changes what is decided.")
    )


def _print_fit(seen: Observed) -> None:
    from cosim.cli import text
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
        text.table(rows, ["parameter", "median", "span", "default"], ["", "median", "interval", "default"])
    )
    click.echo("\nWhich ways of working the model ranks first for it:")
    for line in texts.ways_lines(WaysTable(seen.fitted.ways)):
        click.echo(text.paragraph(line, "- ", "  "))
    for line in texts.ways_remarks(WaysTable(seen.fitted.ways)):
        click.echo(text.paragraph(line))
