"""What can be read back from a report's page: the resolved config, the study's name, and its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError

_MARK: Final = "# The resolved config of this study"
# Versions with their fingerprints, and the year of a citation.
_PASSING: Final = re.compile(r"\d+\.\d+\.\d+(?:\+[0-9a-f]{12})?|code [0-9a-f.+]+|\(\d{4}\)")
_NAME: Final = re.compile(r"study “([^”]{1,200})”")
_MOST: Final = 200 * 2**20
_SILENT: Final = ("style", "script", "head")


@dataclass(frozen=True)
class ReportPage:
    """A report as its page shows it.

    Attributes
    ----------
    config : str
        The resolved config, as YAML.
    name : str
        Name of the study.
    sections : mapping of str to str
        The text of each part of the page by its key; ``answer`` and ``facts`` too.
    """

    config: str
    name: str
    sections: dict[str, str]


def read_report_page(path: Path) -> ReportPage:
    """Read a ``report.html`` of cosim.

    Raises
    ------
    ConfigError
        When it cannot be read, or holds no resolved config.
    """
    try:
        if path.stat().st_size > _MOST:
            raise ConfigError("is larger than any report of cosim", file=path)
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError("is no report of cosim: it is not text", file=path) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", file=path) from None
    return parsed_page(text, path)


def parsed_page(text: str, path: Path) -> ReportPage:
    """Read the text of a report's page.

    Raises
    ------
    ConfigError
        When it holds no resolved config.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found = [each for each in reader.codes if each.startswith(_MARK)]
    if len(found) != 1:
        told = "is no report of cosim: it holds no resolved config, from which it could be run again"
        raise ConfigError(told if not found else "holds more than one resolved config", file=path)
    named = _NAME.search(reader.footer)
    sections = {key: " ".join(" ".join(parts).split()) for key, parts in reader.sections.items()}
    return ReportPage(found[0], named[1] if named else "study", sections)


def differing_parts(old: ReportPage, new: ReportPage) -> dict[str, str]:
    """Return the parts of two pages whose text differs, with where they begin to.

    What names a time, a version of the program or a day is left out of the comparison.
    """
    found = {}
    for key in dict.fromkeys([*old.sections, *new.sections]):
        one, other = (_timeless(page.sections.get(key, "")) for page in (old, new))
        if one != other:
            at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            found[key] = f"“{one[at : at + 40]}” there, “{other[at : at + 40]}” here"
    return found


def _timeless(text: str) -> str:
    return _PASSING.sub("…", text)


@dataclass
class _Reader(HTMLParser):
    """Collects what stands in ``pre``, in the footer, and in each section."""

    codes: list[str] = field(default_factory=list)
    footer: str = ""
    sections: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self._key = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        given = dict(attrs)
        if tag == "pre":
            self.codes.append("")
        if tag == "section" and given.get("id"):
            self._key = str(given["id"])
            self.sections[self._key] = []
        if tag == "dl":
            self._key = "facts"
            self.sections[self._key] = []
        if tag in ("pre", "footer", "section", "dl", *_SILENT):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if tag in self._open:
            self._open.remove(tag)
        if tag in ("section", "dl"):
            self._key = ""

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        if any(tag in self._open for tag in _SILENT):
            return
        if "pre" in self._open:
            self.codes[-1] += data
        elif "footer" in self._open:
            self.footer += data
        elif self._key:
            self.sections[self._key].append(data)
