"""cosim observe: what a real meeting's turn log shows."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.meeting_logs.people_file import People
    from cosim.meeting_logs.turn_log import TurnLog
    from cosim.observation.findings import Asked, Observed, Surveyed


@click.command(short_help="Report who speaks in a real meeting's log.")
@click.argument("logs", metavar="[LOG]...", type=UserPath(), nargs=-1)
@click.option(
    "--output",
    "-o",
    type=UserPath(),
    help="Output folder; by default results/observed-NAME, with --fit results/observed-NAME-fit.",
)
@click.option("--fit", is_flag=True, help="Estimate this team's floor, and rank ways of working for it.")
@click.option(
    "--next",
    "then",
    is_flag=True,
    help="Also say what would be worth recording next; implies --fit.",
)
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
@click.option(
    "--views",
    type=UserPath(),
    help="A table of what members think before and after: person, item, before, after.",
)
@click.option("--decision", type=UserPath(), help="A table of what was decided: item, decision.")
@click.option(
    "--views-as",
    type=click.Choice(["ratings", "ranks", "first_choices", "probabilities"]),
    help="What views are.  [default: as they look]",
)
@click.option("--scale", metavar="LOW-HIGH", help="Lowest and highest possible rating, such as 1-7.")
@click.option(
    "--retest",
    type=float,
    help="Correlation of answers if people are asked twice and nothing happens.  [default: 0.87]",
)
@click.option(
    "--anonymise/--names",
    "anonymise",
    default=None,
    help="Write P1, P2, ... instead of names, in everything.  [default: names; with --views, P1, P2, ...]",
)
def command(logs: tuple[Path, ...], *, output: Path | None, fit: bool, then: bool, **given: Any) -> None:
    """Read LOG, a real meeting's turn log, and write a one-page report on who speaks.

    LOG is a table (CSV; columns speaker, and words, text or times; optionally meeting, turn, role); or a
    transcript with speakers' names as meeting software and annotation software write them (WebVTT, SRT, SBV,
    text, Word, JSON, RTTM, ELAN, CHAT, TextGrid); or a chat. Several files are several meetings, or with
    --same-meeting parts of one. Only who spoke, when and how many words is used; no text is kept. A log that
    comes with cosim can be named: example_icsi, example_ami, example_vtt, icsi, ami, ...

    With --views (and --decision) it also says how far everybody moved beside what answering twice gives, and
    whose views are found in where the group ended, beside their share of the talk. Views alone, without a
    LOG, say all of that but the talk.

    The report says who spoke how much beside equal chance at the same size and length, who follows whom, and
    where this team lies among simulated teams of the same people. With --fit it also estimates this team's
    floor, learns from its views, and says which ways of working the model ranks first for it, and whether
    that differs from the default; with --next, what would be worth recording next.
    """
    fit = fit or then
    if not logs:
        _observe_views(output, {**given, "fit": fit})
        return
    from cosim.observation.findings import Options, look_at
    from cosim.observation.folder import check_free, write_observed
    from cosim.observation.source import source_of

    given["then"] = then
    started = time.time()
    paths = [file_of(log) for log in logs]
    given["anonymise"] = given["views"] is not None if given["anonymise"] is None else given["anonymise"]
    read, asked = _read(paths, given)
    name = _folder_name(paths, given["anonymise"])
    folder = output or Path("results") / f"observed-{name}{'-fit' if fit else ''}"
    check_free(folder)
    if given["anonymise"]:
        read, asked = _anonymised(read, asked, paths, given)
    options = Options(given["kind"], given["least"], given["lead"], given["seed"])
    _warm()
    seen = look_at(read, options, asked=asked, fit=fit, then=then, tell=_say)
    words, coded = _words(logs, paths, fit, given), read.name if given["anonymise"] else None
    source = source_of(
        paths, words, coded, [one for one in (given["views"], given["decision"]) if one is not None]
    )
    _say("writing the report and its figures ...")
    report = write_observed(seen, source, folder, started)
    _print(seen)
    click.echo(f"Report: {report}")


def _observe_views(output: Path | None, given: dict[str, Any]) -> None:
    """Report on views before and after where nobody's talk is known."""
    from cosim.meeting_logs.people_file import People, read_people
    from cosim.observation.findings import look_at_survey
    from cosim.observation.folder import check_free, write_surveyed
    from cosim.observation.source import source_of

    started = time.time()
    _check_without_log(given)
    people = read_people(file_of(given["people"])) if given["people"] is not None else People()
    asked = _asked(people, given)
    assert asked is not None
    asked = _with_roles(asked, _pairs(given["roles"], "--role", "NAME=ROLE"))
    given = {**given, "anonymise": given["anonymise"] is not False, "then": False}
    folder = output or Path("results") / f"observed-{_folder_name([given['views']], given['anonymise'])}"
    check_free(folder)
    if given["anonymise"]:
        asked = _coded(asked)
    found = look_at_survey(asked, given["seed"])
    coded = "before and after" if given["anonymise"] else None
    files = [one for one in (given["views"], given["decision"]) if one is not None]
    source = source_of(files[:1], _words((), (), False, given), coded, files, "views")
    _say("writing the report and its figures ...")
    report = write_surveyed(found, source, folder, started)
    _print_survey(found)
    click.echo(f"Report: {report}")


def _check_without_log(given: dict[str, Any]) -> None:
    """Refuse what only a log can answer, and neither log nor views."""
    from cosim.errors import ConfigError

    if given["views"] is None:
        told = "Missing argument 'LOG...': a meeting's log, or views before and after alone (--views)"
        raise click.UsageError(told)
    usual = {"kind": "standing", "unnamed": "leave_out"}
    for option in ("fit", "lead", "columns", "kind", "least", "unnamed", "unit", "same_meeting"):
        if given[option] and given[option] != usual.get(option):
            told = "needs a log of who spoke, which views alone are not"
            key = f"--{option.removesuffix('s').replace('_', '-')}"
            raise ConfigError(told, key=key, allowed="beside LOG: cosim observe LOG --views VIEWS")


def _with_roles(asked: Asked, roles: dict[str, str]) -> Asked:
    """Return what was asked with roles by name."""
    from dataclasses import replace

    from cosim.errors import ConfigError, nearest_name

    for name in roles:
        if name not in asked.views.people:
            near = nearest_name(name, asked.views.people)
            raise ConfigError("nobody of this name gives views", key="--role", value=name, nearest=near)
    return replace(asked, views=asked.views.with_roles(roles)) if roles else asked


def _coded(asked: Asked) -> Asked:
    """Return what was asked with codes for names, which are said here and written nowhere."""
    from dataclasses import replace

    from cosim.meeting_logs.anonymous import codes_of
    from cosim.meeting_logs.people_file import People

    codes = codes_of(asked.views.people)
    _say_codes(codes)
    views, decided = asked.views.coded(codes, {}), asked.decided
    if decided is not None:
        named = dict(zip(asked.views.frame["meeting"], views.frame["meeting"], strict=True))
        decided = decided.assign(meeting=decided["meeting"].map(named))
    roles = {codes[name]: role for name, role in asked.people.roles.items() if name in codes}
    return replace(asked, views=views, decided=decided, people=People(roles=roles))


def _say_codes(codes: Mapping[str, str]) -> None:
    told = ", ".join(f"{code} {name}" for name, code in codes.items())
    _say(f"Codes, which are written nowhere: {told}")


def _print_survey(found: Surveyed) -> None:
    from cosim.formatting import terminal
    from cosim.observation import survey_report

    for note in found.views.notes:
        click.echo(terminal.paragraph(f"{note[:1].upper()}{note[1:]}."))
    click.echo()
    for sentence in survey_report.answer(found):
        click.echo(terminal.paragraph(sentence))
    click.echo()


def file_of(log: Path) -> Path:
    """Return the file that is meant: the one of that name, or one that comes with cosim."""
    from importlib.resources import files

    from cosim.meeting_logs.bundled_logs import LOGS, TABLES

    known = {**LOGS, **TABLES}
    if str(log) in known and not log.exists():
        return Path(str(files("cosim.meeting_logs") / "data" / known[str(log)]))
    return log


def _folder_name(paths: Sequence[Path], anonymise: bool) -> str:
    if anonymise:
        return "anonymised"
    stem = paths[0].name.removesuffix(".gz").rpartition(".")[0] or paths[0].name
    return f"{stem}-and-{len(paths) - 1}-more" if len(paths) > 1 else stem


def _read(paths: Sequence[Path], given: dict[str, Any]) -> tuple[TurnLog, Asked | None]:
    from dataclasses import replace

    from cosim.meeting_logs.people_file import People, read_people
    from cosim.meeting_logs.reader import Reading, read_logs
    from cosim.meeting_logs.same_names import with_log_names

    reading = Reading(
        columns=_pairs(given["columns"], "--column", "KEY=COLUMN") or None,
        roles=_pairs(given["roles"], "--role", "NAME=ROLE") or None,
        encoding=given["encoding"],
        unnamed=given["unnamed"],
        unit=given["unit"],
        people=read_people(file_of(given["people"])) if given["people"] is not None else People(),
    )
    if given["lead"] is not None:
        given["lead"] = reading.people.name(given["lead"])
    found = read_logs(paths, reading, same_meeting=given["same_meeting"])
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    asked = _asked(reading.people, given)
    if asked is not None:
        named = with_log_names(asked.views, found)
        for note in named.notes[len(asked.views.notes) :] if given["anonymise"] else ():
            _say(f"{note[:1].upper()}{note[1:]}.")
        asked = replace(asked, views=named)
    return replace(found, name=f"{paths[0].name}{more}"), asked


def _asked(people: People, given: dict[str, Any]) -> Asked | None:
    """Return what the team was asked, read before any work is done."""
    from cosim.errors import ConfigError
    from cosim.meeting_logs.decisions_file import read_decisions
    from cosim.meeting_logs.views_file import read_views
    from cosim.observation.findings import Asked
    from cosim.observation.influence_model import RETEST, check_retest

    if given["views"] is None:
        for option in ("decision", "views_as", "scale", "retest"):
            if given[option] is not None:
                told = "says nothing without views before and after"
                raise ConfigError(told, key=f"--{option.replace('_', '-')}", allowed="beside --views")
        return None
    retest = RETEST if given["retest"] is None else given["retest"]
    check_retest(retest)
    given["views"] = file_of(given["views"])
    views = read_views(
        given["views"],
        kind=given["views_as"],
        scale=scale_of(given["scale"]),
        people=people,
        encoding=given["encoding"],
    )
    decided = None
    if given["decision"] is not None:
        given["decision"] = file_of(given["decision"])
        decided = read_decisions(given["decision"], views, given["encoding"])
    return Asked(views, decided, retest, people)


def scale_of(told: str | None) -> tuple[float, float] | None:
    """Return the ends of a scale that was given as LOW-HIGH."""
    import re

    from cosim.errors import ConfigError

    if told is None:
        return None
    found = re.fullmatch(r"\s*(-?[\d.]+)\s*(?:-|:|to|\.\.)\s*(-?[\d.]+)\s*", told)
    if found is None or float(found[1]) >= float(found[2]):
        raise ConfigError("not a scale", key="--scale", value=told, allowed="LOW-HIGH, such as 1-7")
    return float(found[1]), float(found[2])


def _anonymised(
    log: TurnLog, asked: Asked | None, paths: Sequence[Path], given: dict[str, Any]
) -> tuple[TurnLog, Asked | None]:
    """Return log and views with codes for names, which are said here and written nowhere."""
    from dataclasses import replace

    from cosim.meeting_logs.anonymous import anonymous
    from cosim.meeting_logs.people_file import People

    silent = () if asked is None else asked.views.people
    found = anonymous(log, [path.name for path in paths], silent)
    given["lead"] = found.codes.get(given["lead"], given["lead"])
    _say_codes(found.codes)
    if asked is None:
        return found.log, None
    meetings = dict(zip(log.meetings, found.log.meetings, strict=True))
    views, decided = asked.views.coded(found.codes, meetings), asked.decided
    if decided is not None:
        named = dict(zip(asked.views.frame["meeting"], views.frame["meeting"], strict=True))
        decided = decided.assign(meeting=decided["meeting"].map(named))
    roles = {found.codes[name]: role for name, role in asked.people.roles.items() if name in found.codes}
    return found.log, replace(asked, views=views, decided=decided, people=People(roles=roles))


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
    words += ["--next"] if given["then"] else ["--fit"] if fit else []
    words += ["--seed", str(given["seed"])]
    for option in ("lead", "encoding", "least", "unit"):
        words += [f"--{option}", str(given[option])] if given[option] is not None else []
    for option in ("role", "column"):
        for one in given[f"{option}s"]:
            words += [f"--{option}", f"NAME={one.partition('=')[2]}" if hidden and option == "role" else one]
    for option, usual in (("kind", "standing"), ("unnamed", "leave_out")):
        words += [f"--{option}", given[option]] if given[option] != usual else []
    for option in ("views", "decision"):
        if given[option] is not None:
            words += [f"--{option}", option.upper() if hidden else given[option].name]
    for option in ("views_as", "scale", "retest"):
        words += [f"--{option.replace('_', '-')}", str(given[option])] if given[option] is not None else []
    if given["people"] is not None:
        words += ["--people", "PEOPLE" if hidden else given["people"].name]
    words += [f"--{flag}" for flag in ("same-meeting", "anonymise") if given[flag.replace("-", "_")]]
    words += ["--names"] if given["views"] is not None and not hidden else []
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
        *(f"{note[:1].upper()}{note[1:]}." for note in (seen.views.notes if seen.views is not None else ())),
    ):
        if told:
            click.echo(terminal.paragraph(told))
    click.echo()
    for sentence in texts.answer(seen):
        click.echo(terminal.paragraph(sentence))
    if seen.likeness is None:
        click.echo(terminal.paragraph(texts.likeness_lines(seen)[0]))
    if seen.views is not None:
        from cosim.observation import views_report

        click.echo()
        for sentence in views_report.answer(seen.views):
            click.echo(terminal.paragraph(sentence))
    if seen.fitted is not None:
        _print_fit(seen)
    click.echo()
    if seen.views is None:
        told = "Voice is not influence: a log says who talks, not who changes what is decided."
        click.echo(terminal.paragraph(told))


def _print_fit(seen: Observed) -> None:
    from cosim.formatting import terminal
    from cosim.observation import learning_report, texts
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
    click.echo()
    for line in learning_report.answer(seen.fitted, seen.options.seed):
        click.echo(terminal.paragraph(line))
