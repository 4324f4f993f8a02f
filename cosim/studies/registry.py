"""The kinds of study, by name: one folder each, and one line below.

A folder holds ``design.py`` with ``KIND``, its record, and ``report.py`` with ``page``, which makes the page
of a finished study. The page is imported when one is asked for: a run needs no drawing library.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cosim.config import plugins
from cosim.config.registry import Registry
from cosim.errors import ConfigError, CosimError
from cosim.execution.settings import Settings, StudySettings
from cosim.studies.kind import CHOOSABLE, StudyKind

if TYPE_CHECKING:
    from cosim.reporting.blocks import Page
    from cosim.studies.results import Results

FOLDERS = (
    "compare",
    "screen",
    "sobol",
    "factorial",
    "sweep",
    "bundles",
    "failures",
    "information",
    "structure",
)
"""The folders of the kinds of study, in the order in which kinds are listed to users."""


def read_kind(folder: str) -> StudyKind:
    """Return the record of the kind of study in a folder of `cosim.studies`."""
    found: StudyKind = import_module(f"cosim.studies.{folder}.design").KIND
    return found


KINDS: Registry[StudyKind] = Registry("kind of study", map(read_kind, FOLDERS), key="study")
"""Every kind of study by name: cosim's own, then those of plugins."""


def _add_plugins() -> None:
    """Add the kinds of study of other packages."""

    def add(kind: StudyKind) -> str:
        refuse_unusable(kind)
        if kind.block_key in StudySettings.model_fields or kind.block_key in {
            one.block_key for one in KINDS.values()
        }:
            raise CosimError(f"kind of study {kind.name!r}: its block cannot be called {kind.block_key!r}")
        return KINDS.add(kind).name

    plugins.fill("cosim.studies", lambda given: plugins.records_of(StudyKind, given), add)


KINDS.later(_add_plugins)


def refuse_unusable(kind: StudyKind) -> None:
    """Refuse a kind of study that breaks the contract of the record.

    Raises
    ------
    CosimError
        Naming what is wrong.
    """
    block: Any = kind.block  # a stranger's: not what the record promises
    make: Any = kind.make
    wrong = {
        "its name must be small letters, digits and _": not re.fullmatch(r"[a-z][a-z0-9_]*", str(kind.name)),
        "it has no sentence": not kind.sentence,
        "its block must be a class of `cosim.execution.settings.Settings`": not (
            isinstance(block, type) and issubclass(block, Settings)
        ),
        f"what it uses must be among {', '.join(CHOOSABLE)}": not set(kind.uses) <= set(CHOOSABLE),
        "what makes its design must be a function of a module in a package": not (
            callable(make) and "." in getattr(make, "__module__", "")
        ),
    }
    for told, holds in wrong.items():
        if holds:
            raise CosimError(f"kind of study {kind.name!r}: {told}")


def has_page(kind: str) -> bool:
    """Say whether a report can be made of studies of a kind."""
    return kind in KINDS and find_spec(f"{KINDS[kind].package}.report") is not None


def page_for(kind: str) -> Callable[[Results], Page]:
    """Return what makes the page of studies of a kind.

    Raises
    ------
    ConfigError
        When there is no such kind, or no report for it.
    """
    package = KINDS.find(kind).package
    if not has_page(kind):
        raise ConfigError(
            "there is no report for this kind of study yet; its tables can be read as they are",
            key="study",
            value=kind,
            allowed=", ".join(filter(has_page, KINDS)),
        )
    page: Callable[[Results], Page] = import_module(f"{package}.report").page

    def of_main_part(results: Results) -> Page:
        from cosim.studies.looked_again import looked_again, page_of_both
        from cosim.studies.widths import page_of_widths, widths_of

        if looked_again(results):
            return page_of_both(results, page)
        return page_of_widths(results, page) if widths_of(results) else page(results)

    return partial(_told, of_main_part)


def _told(page: Callable[[Results], Page], results: Results) -> Page:
    """Make a page, and let its figures be drawn, while what the study defined itself is known."""
    with results.at_hand():
        return page(results).drawn_in(results.at_hand)
