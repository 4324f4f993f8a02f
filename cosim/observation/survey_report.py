"""The page on views before and after where nobody's talk is known."""

from __future__ import annotations

from typing import Final

import pandas as pd

from cosim.formatting.words import number, percent
from cosim.observation import views_report
from cosim.observation.findings import Surveyed
from cosim.observation.report import citing
from cosim.observation.source import Source
from cosim.observation.texts import WITH_VIEWS
from cosim.observation.view_blocks import Blocks
from cosim.reporting.blocks import Block, Bullets, Page, Section, Table

NO_TALK: Final = (
    "Who spoke how much, and so whether anybody was heard more than they were heeded, and whether talking "
    "more brings weight: that takes a log of the meeting beside the views (cosim observe LOG --views VIEWS). "
    "The model's own belief of who is taken up needs the log too; here all roles are taken as alike "
    "beforehand.",
    *WITH_VIEWS,
    "Whether it was the meeting. Between the two surveys people also read, think and talk elsewhere.",
    "What those think who were not asked or did not answer, and what people did not want to write.",
    "How this group always is: these are the items of one occasion, and others may go otherwise.",
)
"""What views before and after do not say without a log."""


def answer(found: Surveyed) -> tuple[str, ...]:
    """Return the first sentences of the page, which the terminal shows too."""
    told = views_report.answer(found.views)
    return (*told, "Nobody's talk is known, so that who was heard is not said.")


def roles(blocks: Blocks) -> pd.DataFrame:
    """Return a row per role: role, persons, answers beforehand, afterwards, and to both."""
    before, after = (~pd.isna(wave) for wave in blocks.dense())
    rows = []
    for place, role in enumerate(blocks.roles):
        here = blocks.role_of == place
        counts = [int(wave[:, here].sum()) for wave in (before, after, before & after)]
        rows.append((role, int(here.sum()), *counts))
    return pd.DataFrame(rows, columns=["role", "persons", "before", "after", "both"])


def page(found: Surveyed, source: Source) -> Page:
    """Return the report.

    Parameters
    ----------
    found : Surveyed
    source : Source
        Where the table of views comes from.
    """
    views = found.views
    held = roles(views.blocks)
    private = views_report.identifying(views, held, len(views.blocks.people), source.coded)
    return Page(
        title="Views before and after" + ("" if source.coded else f": {source.name}"),
        question="How far did members move, toward whom, and is it more than answering twice gives?",
        answer=answer(found),
        facts=_facts(found, source),
        sections=(
            *views_report.sections(views, source.stamp(found.seed)),
            Section("views", "What the table of views holds", _held(found, held)),
            Section("private", "Who could be recognised on this page?", (Bullets(private),)),
            Section("limits", "What this does not say", (Bullets(NO_TALK),)),
            Section("cite", "How to cite and repeat it", citing(source)),
        ),
        foot=(
            f"Views {source.name}, SHA-256 {source.sha256}; cosim {source.version}, seed {found.seed}.",
            "This page gives codes for names; who was there may still know who is who."
            if source.coded
            else "This page names people as the table does. Before you pass it on, ask them, or have codes "
            "written instead (--anonymise).",
        ),
    )


def _facts(found: Surveyed, source: Source) -> tuple[tuple[str, str], ...]:
    blocks = found.views.blocks
    meetings = len({block.meeting for block in blocks.blocks})
    return (
        ("people", str(len(blocks.people))),
        ("items", str(len(blocks.blocks))),
        *((("meetings", str(meetings)),) if meetings > 1 else ()),
        ("seed", str(found.seed)),
        ("cosim", source.version),
    )


def _held(found: Surveyed, held: pd.DataFrame) -> tuple[Block, ...]:
    whole = float(len(found.views.blocks.blocks))
    rows = tuple(
        (
            str(row["role"]),
            str(row["persons"]),
            *(number(float(row[name]), 0) for name in ("before", "after", "both")),
            percent(float(row["both"]) / (whole * float(row["persons"]))),
        )
        for row in held.to_dict("records")
    )
    table = Table(
        ("role", "people", "answers before", "after", "both", "of all"),
        rows,
        frozenset(range(1, 6)),
        "Answers to an item, before and after; last column: both answers, of all that could be there.",
    )
    notes = tuple(f"{note[:1].upper()}{note[1:]}." for note in found.views.notes)
    return (table, Bullets(notes, "How it was read")) if notes else (table,)
