"""A scenario file of one's own, written out with comments for somebody to change."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cosim.catalogue.bundled import names
from cosim.catalogue.loader import load_scenario
from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_whole
from cosim.formatting.words import number_of, plain_name
from cosim.scenario import Scenario
from cosim.scenario.role_words import is_lead, nearest_role, stated_role
from cosim.scenario.vocabulary import LEVELS, PHASES, ROLES, Role

USUAL = "1 lead researcher, 2 researchers, 3 clinicians, 1 commissioner, 2 patients, 1 carer"
"""The team that is written when nobody says who is on it."""

MOST = 60
_FORM = 'a list such as "2 patients, 1 carer, 3 clinicians, 1 lead researcher"'
_ONE = re.compile(r"\s*(?:(\d+)\s*(?:[x×]\s+)?)?([^=]+?)\s*(?:=\s*(.*?)\s*)?")
_SECOND_NUMBER = re.compile(r"(.*?)\s*(?:\band\b|[+&])?\s*(\d+)\s*(.*)")
_NO_NUMBERS = frozenset(
    ["some", "few", "several", "many", "couple", "dozen", "no", "zero", "thirty", "forty", "fifty", "sixty"]
)
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_WORDS_OF_YAML = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")


@dataclass(frozen=True, slots=True)
class Seats:
    """So many people of one kind.

    Attributes
    ----------
    label : str
        What they call themselves.
    role : str
        The model's role.
    count : int
    lead : bool
        Whether this one person is the accountable lead.
    """

    label: str
    role: Role
    count: int = 1
    lead: bool = False

    @property
    def key(self) -> str:
        """Name of the group in a scenario."""
        slug = re.sub(r"[^a-z0-9]+", "_", self.label.casefold()).strip("_")
        return slug if slug[:1].isalpha() and slug not in _WORDS_OF_YAML else f"group_{slug}".rstrip("_")


def read_roles(text: str) -> tuple[Seats, ...]:
    """Read who is on a team from one line.

    Parameters
    ----------
    text : str
        ``"2 patients, 1 carer, 3 clinicians, 1 lead researcher"``; ``=`` says which role a title stands for
        that nobody could guess: ``"2 people with diabetes = patient"``. Numbers to twenty
        may be words; a title without a number is one person.

    Returns
    -------
    tuple of Seats
        In the order given. A lead researcher, principal or chief investigator (the first) is the lead.

    Raises
    ------
    ConfigError
        For a title that stands for no role, a number out of range, the same people twice, or fewer than two.

    Examples
    --------
    >>> [(seats.label, seats.role, seats.count, seats.lead) for seats in read_roles("2 patient, 1 PI")]
    [('Patients', 'patient', 2, False), ('PI', 'researcher', 1, True)]
    """
    found: list[Seats] = []
    for part in re.split(r"[,;\n]", text):
        if part.strip():
            seats = _seats(part, lead_taken=any(one.lead for one in found))
            if seats.key in {one.key for one in found}:
                raise ConfigError("these people are listed twice", key="roles", value=part.strip())
            found.append(seats)
    people = sum(one.count for one in found)
    if not 2 <= people <= MOST:
        raise ConfigError("a team has 2 to 60 members", key="roles", value=people, allowed=_FORM)
    return tuple(found)


def _seats(part: str, *, lead_taken: bool) -> Seats:
    read = _ONE.fullmatch(part)
    if read is None or not read[2][0].isalpha():
        raise ConfigError("is no number of people", key="roles", value=part.strip(), allowed=_FORM)
    number, title, stands_for = read.groups()
    count = int(number) if number else 1
    if number is None:
        first, _, others = title.partition(" ")
        spelled = number_of(first) if others else None
        if spelled is not None:
            number, count, title = first, spelled, others.strip()
    _refuse_two_groups(part.strip(), title)
    if stands_for is None:
        numbered = number is not None and number.casefold() not in ("a", "an")
        _refuse_no_number(part.strip(), title, numbered=numbered)
    if not 1 <= count <= MOST:
        raise ConfigError("out of range", key="roles", value=part.strip(), allowed=f"1 to {MOST} people")
    role = stated_role(title if stands_for is None else stands_for)
    if role is None:
        meant = nearest_role(title if stands_for is None else stands_for)
        raise ConfigError(
            f"it cannot be told which role these people have; write `{title} = ROLE`",
            key="roles",
            value=part.strip(),
            allowed=", ".join(ROLES),
            nearest=meant,
        )
    lead = count == 1 and not lead_taken and role == "researcher" and is_lead(title)
    label = title if count == 1 else _plural(title)
    return Seats(label[:1].upper() + label[1:], role, count, lead)


def _refuse_two_groups(part: str, title: str) -> None:
    """Refuse a title in which a second number begins another group, rather than count one group for it."""
    two = _SECOND_NUMBER.fullmatch(title)
    if two is not None and stated_role(two[1]) and stated_role(two[3]):
        raise ConfigError(
            "these are two groups; there is no comma between them",
            key="roles",
            value=part,
            allowed=f"`{part.removesuffix(title)}{two[1]}, {two[2]} {two[3]}`",
        )


def _refuse_no_number(part: str, title: str, *, numbered: bool) -> None:
    """Refuse a title that speaks of several people without saying how many."""
    head = _split(title)[0].casefold()
    first = re.match(r"[^\W\d_]*", head)
    several = head.endswith(("people", "s")) and not head.endswith("ss")
    uncounted = first is not None and (first[0] in _NO_NUMBERS or number_of(first[0]) is not None)
    if uncounted or (not numbered and (several or title[-1].isdigit())):
        raise ConfigError(
            "it does not say how many they are, a number before the title",
            key="roles",
            value=part,
            allowed=_FORM,
        )


def _plural(title: str) -> str:
    """Return the plural of a title: ``carers``, ``members of the public``, ``people with asthma``."""
    head, middle, rest = _split(title)
    if head.casefold().endswith(("s", "people")):
        return title
    if head.casefold().endswith("person"):
        return f"{head[:-6]}people{middle}{rest}"
    if re.search(r"[^aeiou]y$", head):
        return f"{head[:-1]}ies{middle}{rest}"
    return f"{head}s{middle}{rest}"


def _split(title: str) -> tuple[str, str, str]:
    for word in (" of ", " with ", " in ", " from ", " by "):
        if word in title:
            return title.partition(word)
    return title, "", ""


def write_new(path: Path, base: str | None = None, roles: str | None = None) -> Scenario:
    """Write a commented scenario file that is valid as it stands.

    Parameters
    ----------
    path : Path
        The file; it must not be there yet.
    base : str, optional
        A scenario (name or file) that the new one extends.
    roles : str, optional
        Who is on the team, see `read_roles`; by default the people of `base`, or `USUAL`.

    Returns
    -------
    Scenario
        What the file says.

    Raises
    ------
    ConfigError
        When the file is there already or cannot be, or the team cannot carry out the base's phases.
    StoreError
        When the system refuses.
    """
    if path.exists():
        raise ConfigError("this file is there already; name another one", file=path)
    if not path.parent.is_dir():
        raise ConfigError("there is no such folder to write into", file=path)
    people = read_roles(roles) if roles is not None else None
    if base is None:
        text = _own(path.stem, people or read_roles(USUAL))
    else:
        text = _extending(path, base, load_scenario(base), people)

    def write(temporary: Path) -> Scenario:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        try:
            return load_scenario(temporary)
        except ConfigError as error:
            raise ConfigError(
                error.message, key=error.key, value=error.value, allowed=error.allowed
            ) from None

    return write_whole(path, write)


def _own(name: str, people: Sequence[Seats]) -> str:
    seats = "\n".join(_group(one) for one in people)
    phases = "\n".join(f"  {name}: {{level: collaborate, meetings: 1, minutes: 90}}" for name in PHASES)
    return f"{_head(name)}\n{_TEAM}team:\n{seats}\n\n{_PHASES}phases:\n{phases}\n\n{_MORE}"


def _extending(path: Path, base: str, found: Scenario, people: Sequence[Seats] | None) -> str:
    wanted = base if base in names() else Path(os.path.relpath(Path(base).resolve(), path.parent.resolve()))
    told = f"# All that is not said here is as in this scenario.\nextends: {_quoted(str(wanted))}\n"
    if people is None:
        seats = "\n".join(
            f"  {_quoted(name)}:\n    count: {group.count}"
            f" # {group.role}{', the accountable lead' if group.lead else ''}"
            for name, group in found.team.items()
        )
    else:
        mine = {one.key for one in people}
        gone = [f"  {_quoted(name)}: null # not on this team" for name in found.team if name not in mine]
        seats = "\n".join([*gone, *(_group(one, found) for one in people)])
    phases = "\n".join(
        f"  {name}: {{level: {phase.level}, meetings: {phase.meetings}, minutes: {phase.minutes:g}}}"
        for name, phase in found.phases.items()
    )
    return f"{_head(path.stem)}\n{told}\n{_TEAM}team:\n{seats}\n\n{_PHASES}phases:\n{phases}\n\n{_MORE}"


def _group(seats: Seats, base: Scenario | None = None) -> str:
    lines = [f"  {seats.key}:", f"    label: {_quoted(seats.label)}", f"    role: {seats.role}"]
    lines.append(f"    count: {seats.count}")
    before: Mapping[str, object] = base.team if base else {}
    if seats.lead:
        lines += ["    lead: true # accountable for the project; at most one member is"]
        lines += [
            "    prestige: 0.9 # assumed: stands above other researchers",
            "    confidence: 0.8 # assumed",
        ]
    elif seats.key in before:
        lines += ["    lead: false"]
    return "\n".join(lines)


def _head(name: str) -> str:
    commands = {
        f"cosim check {name}.yaml": "is it right?",
        f"cosim simulate {name}.yaml --groups": "who is heard, and who makes up the decisions?",
        "cosim parameters": "everything that could be set here, with defaults and sources",
    }
    width = max(map(len, commands))
    lines = "\n".join(f"#   {command:{width}}  {told}" for command, told in commands.items())
    return f"""# A team of our own. What stands after a # explains; take the # away where a line is to count.
#
{lines}
name: {_quoted(name)}
title: {_quoted(plain_name(name))}
question: >-
  Who among us makes up what we decide, and what would make that more equal?
"""


def _quoted(text: str) -> str:
    """Return text as a YAML value: in quotes where it could be read as anything else."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9_ -]*[A-Za-z0-9]|[A-Za-z]", text)
    return text if plain and text.casefold() not in _WORDS_OF_YAML else json.dumps(text, ensure_ascii=False)


_TEAM = """# Who is on the team: one block for each group of people who are alike.
#   label   what tables, figures and texts call them
#   role    researcher, provider, policymaker or patient (patients, carers, the public), or a title that
#           stands for one of these (nurse, GP, commissioner, ...)
#   count   how many they are
# A group may say how its members differ from others of their role, each from 0 to 1:
#   prestige, confidence, openness, mandate, attendance, knows_empirical, knows_experiential, ...
"""
_PHASES = f"""# What they decide together: the phases of the project, each ended by one decision.
#   level   who talks and who decides: {", ".join(LEVELS)}
#           (up to `involve` the public has no vote; `empower`: the public alone votes)
# A phase that does not take place is left out (where this file extends another: set to null).
"""
_MORE = """# How the team works today: take the # from what you do already; `cosim interventions` lists all.
# interventions:
#   round_robin: 1       # everybody in turn, at every meeting
#   prepared_public: 0.5 # done by half
# Your own prices, instead of planning defaults in GBP:
# costs: {currency: EUR, public_hour: 25, public_expenses: 15, facilitator_hour: 60}
# A way of working of your own, to be named under `interventions` here or in a study:
# ways:
#   walking_meeting:
#     title: Walking meeting
#     sentence: The first half hour of a meeting is walked, in pairs.
#     effects:
#       - {dial: facilitation.small_groups, toward: 1, share: 0.3}
#     effort:
#       - {when: every_meeting, inside_minutes: 5}
#     evidence: {grade: none found, text: "Our own idea; sizes assumed."}
"""
