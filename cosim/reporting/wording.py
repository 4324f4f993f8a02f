r"""Reports worded in template files: Markdown with Jinja, which nobody needs Python to correct.

A template (``report.md.j2`` in a study kind's folder) holds

- parts, ``# name``: paragraphs that the page shows in places of its own, such as its answer;
- sections, ``## key: Title``: what stands under them, in this order, until the next heading;
- paragraphs, which may be wrapped anywhere, with an empty line between them;
- lists, ``- item``;
- figures, ``![what it shows, for those who cannot see it](name)``, with the caption in the lines below;
- tables, with ``|`` between cells and a second row whose ``--:`` marks columns of numbers; a line
  ``[caption] ...`` or ``[folded] ...`` above them says what they hold (folded ones are behind this line); a
  cell that ends in ``[word]`` has a small mark beside it;
- notices that must not be overlooked, ``[flag] Title`` with a list below it, and lists under a title of their
  own, ``[list] Title``;
- ``[[name]]`` on a line of its own: something that is made elsewhere, put here.

A value never makes a heading, a list or a cell, whatever letters it has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cosim.charts.style import Draw
from cosim.formatting import words
from cosim.outcomes import outcome_in_sentence, outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Flag, Picture, Prose, Section, Table

# Letters of no meaning that no reader sees: they keep values from being read as structure.
_VALUE = "\ue000"
_HIDE = str.maketrans({"|": "\ue001", "[": "\ue002", "]": "\ue003", "\n": " "})
_SHOW = str.maketrans({"\ue000": "", "\ue001": "|", "\ue002": "[", "\ue003": "]"})
_BLANKS = re.compile(r"[ \t\n]+")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^()]+)\)(.*)", re.DOTALL)
_MARKED = re.compile(r"(.*?)\s*\[([^\[\]]+)\]$")


@dataclass(frozen=True)
class Worded:
    """A worded template.

    Attributes
    ----------
    parts : mapping of str to tuple of str
        The paragraphs of every part by its name.
    sections : tuple of Section
    """

    parts: Mapping[str, tuple[str, ...]]
    sections: tuple[Section, ...]


def worded(
    template: Path,
    values: Mapping[str, Any],
    *,
    pictures: Mapping[str, Draw] | None = None,
    blocks: Mapping[str, Block] | None = None,
    filters: Mapping[str, Callable[..., str]] | None = None,
    sections: bool = True,
) -> Worded:
    """Return a template's parts and sections, with values filled in.

    Parameters
    ----------
    template : Path
    values : mapping
        What the template calls by name; ``pictures`` are the names of the figures that there are.
    pictures : mapping of str to callable, optional
        The figures that it shows.
    blocks : mapping of str to block, optional
        What it puts somewhere with ``[[name]]``.
    filters : mapping of str to callable, optional
        What it may write after ``|``, beside what every template may.
    sections : bool
        Whether its sections are wanted; without them it needs no figures and no blocks.

    Raises
    ------
    jinja2.TemplateError
        The template asks for a value that is not there, or is no template: a mistake in the package.
    ValueError
        It shows a figure or block that is not there.
    """
    environment = _environment(template.parent)
    environment.filters.update(filters or {})
    known = {**values, "pictures": frozenset(pictures or ())}
    text = environment.get_template(template.name).render(known)
    reader = _Reader(pictures or {}, blocks or {}, sections)
    for chunk in re.split(r"\n\s*\n", text):
        reader.take(chunk.strip(" \t\n"))
    return Worded(
        {name: tuple(paragraphs) for name, paragraphs in reader.parts.items()},
        tuple(Section(key, title, tuple(found)) for key, title, found in reader.sections),
    )


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_as_value,
        autoescape=False,
    )
    environment.filters.update(_FILTERS)
    environment.tests["finite"] = math.isfinite
    return environment


def _as_value(value: object) -> str:
    return _VALUE + str(value).strip("\n").translate(_HIDE)


def _plain(text: str) -> str:
    """Return a text as it is to be read: one line, without the marks of values."""
    return _BLANKS.sub(" ", text.translate(_SHOW)).strip()


def _counted(count: int, noun: str, several: str | None = None) -> str:
    """``{{ 2 | counted("walk") }}``: 2 walks."""
    return words.counted(count, noun, several)


def _plural(count: int, one: str, several: str) -> str:
    """``{{ n | plural("is", "are") }}``: the word for this number of things."""
    return one if count == 1 else several


def _interval(row: Mapping[str, Any], digits: int = 3) -> str:
    """``{{ row | interval }}``: 95 % interval 0.1 to 0.2, of a row with ``low`` and ``high``."""
    ends = words.span(float(row["low"]), float(row["high"]), digits)
    return "no interval" if ends == words.NO_VALUE else f"95 % interval {ends}"


def _span(row: Mapping[str, Any], digits: int = 3) -> str:
    """``{{ row | span }}``: 0.1 to 0.2, of a row with ``low`` and ``high``."""
    return words.span(float(row["low"]), float(row["high"]), digits)


def _estimate(row: Mapping[str, Any], digits: int = 4) -> str:
    """``{{ row | estimate }}``: 0.2 (0.1 to 0.3), of a row with ``estimate``, ``low`` and ``high``."""
    values = [float(row[name]) for name in ("estimate", "low", "high")]
    if not math.isfinite(values[0]):
        return words.NO_VALUE
    middle, low, high = (words.number(value, digits) for value in values)
    return f"{middle} ({low} to {high})"


def _listed(keys: Iterable[str], names: Mapping[str, str], most: int = 5) -> str:
    """``{{ keys | listed(names) }}``: “One”, “Two” and “Three”."""
    return words.and_list([words.quoted(names[key]) for key in keys], most=most)


def _whole(count: int) -> str:
    """``{{ 12000 | whole }}``: 12,000."""
    return f"{int(count):,}"


def _sentence(clauses: Sequence[str]) -> str:
    """``{{ [one, two] | sentence }}``: One; two. Empty clauses are left out."""
    text = "; ".join(clause for clause in map(_plain, clauses) if clause)
    return f"{text[:1].upper()}{text[1:]}."


_FILTERS: Mapping[str, Callable[..., str]] = {
    "counted": _counted,
    "estimate": _estimate,
    "in_sentence": outcome_in_sentence,
    "interval": _interval,
    "listed": _listed,
    "number": words.number,
    "outcome_title": outcome_title,
    "percent": words.percent,
    "plain": _plain,
    "plural": _plural,
    "quoted": words.quoted,
    "sentence": _sentence,
    "signed": words.signed,
    "span": _span,
    "whole": _whole,
}
"""What a template may write after ``|``."""


class _Reader:
    """Takes the chunks of a worded text one after the other."""

    def __init__(self, pictures: Mapping[str, Draw], blocks: Mapping[str, Block], wanted: bool) -> None:
        self.pictures, self.blocks, self.wanted = pictures, blocks, wanted
        self.parts: dict[str, list[str]] = {}
        self.sections: list[tuple[str, str, list[Block]]] = []
        self._paragraphs: list[str] | None = None

    def take(self, chunk: str) -> None:
        """Add a chunk to the part or section that is open, or open the one that it is the heading of."""
        if not chunk:
            return
        if chunk.startswith("## "):
            key, _, title = chunk.removeprefix("## ").partition(":")
            if self.wanted:
                self.sections.append((key.strip(), _plain(title), []))
            self._paragraphs = None
        elif chunk.startswith("# "):
            self._paragraphs = self.parts.setdefault(chunk.removeprefix("# ").strip(), [])
        elif self._paragraphs is not None:
            self._paragraphs.append(_plain(chunk))
        elif self.wanted:
            self._add(self._block(chunk))

    def _add(self, block: Block) -> None:
        found = self.sections[-1][2]
        if isinstance(block, Prose) and found and isinstance(found[-1], Prose):
            found[-1] = Prose((*found[-1].paragraphs, *block.paragraphs))
        else:
            found.append(block)

    def _block(self, chunk: str) -> Block:
        head, *items = re.split(r"^- ", chunk, flags=re.MULTILINE)
        if items and head.startswith("[flag] "):
            return Flag(_plain(head.removeprefix("[flag] ")), tuple(map(_plain, items)))
        if items and (not head or head.startswith("[list] ")):
            return Bullets(tuple(map(_plain, items)), _plain(head.removeprefix("[list] ")))
        if chunk.startswith("[["):
            found: Block = _named(self.blocks, chunk.strip("[]"), "block")
            return found
        if chunk.startswith("!["):
            parts = _PICTURE.match(chunk)
            if parts is None:
                raise ValueError(f"not a figure: {chunk}")
            alt, name, caption = map(_plain, parts.groups())
            return Picture(name, _named(self.pictures, name, "figure"), caption, alt)
        if chunk.startswith(("|", "[caption] ", "[folded] ")):
            return _table(chunk.splitlines())
        return Prose((_plain(chunk),))


def _named(known: Mapping[str, Any], name: str, what: str) -> Any:
    if name not in known:
        raise ValueError(f"the template shows a {what} {name!r} that is not there; there are: {list(known)}")
    return known[name]


def _table(lines: Sequence[str]) -> Table:
    above = [line for line in lines if not line.startswith("|")]
    below = [line.strip().strip("|") for line in lines if line.startswith("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in below]
    said = dict.fromkeys(("caption", "folded"), "")
    for line in above:
        kind, _, text = line.removeprefix("[").partition("] ")
        said[kind] = _plain(text)
    numeric = frozenset(column for column, mark in enumerate(rows[1]) if mark.endswith(":"))
    return Table(
        tuple(map(_plain, rows[0])),
        tuple(tuple(map(_cell, row)) for row in rows[2:]),
        numeric,
        caption=said["caption"],
        folded=said["folded"],
    )


def _cell(text: str) -> Cell | str:
    found = _MARKED.match(text)
    return Cell(_plain(found[1]), _plain(found[2])) if found else _plain(text)
