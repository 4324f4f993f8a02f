"""Annotations of ELAN (.eaf): tiers of participants over a time line of milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat

from cosim.meeting_logs.tiers import Tier, add_tiers
from cosim.meeting_logs.utterances import Rows

MARK: Final = "<ANNOTATION_DOCUMENT"
"""What stands in the first lines of such a file."""


def add_elan(lines: Iterable[str], rows: Rows) -> None:
    """Read an ELAN file into `rows`. A tier belongs to its participant, else to whom its name says.

    Raises
    ------
    ConfigError
        With the line, when the XML is broken, or an annotation names a time slot that is not there.
    """
    root = _parse("".join(lines), rows)
    slots = {
        slot.get("TIME_SLOT_ID", ""): float(value) / 1000.0 if (value := slot.get("TIME_VALUE")) else None
        for slot in root.iter("TIME_SLOT")
    }
    tiers = []
    for element in root.iter("TIER"):
        tier = Tier(
            element.get("TIER_ID", ""),
            element.get("PARTICIPANT", "").strip(),
            element.get("PARENT_REF") is not None,
        )
        for annotation in element.iter("ALIGNABLE_ANNOTATION"):
            text = annotation.findtext("ANNOTATION_VALUE") or ""
            start, end = (_time(annotation, slots, number, rows) for number in (1, 2))
            tier.said.append((int(annotation.get(_LINE, "0")), start, end, text))
        tiers.append(tier)
    if not any(tier.said for tier in tiers):
        raise rows.error("no tier holds annotations with times", 1)
    add_tiers(tiers, rows)


_LINE: Final = "cosim-line"


def _time(
    annotation: ElementTree.Element, slots: Mapping[str, float | None], number: int, rows: Rows
) -> float | None:
    slot = annotation.get(f"TIME_SLOT_REF{number}", "")
    if slot not in slots:
        line = int(annotation.get(_LINE, "0"))
        raise rows.error("this annotation has a time slot that is not defined", line, value=slot)
    return slots[slot]


def _parse(text: str, rows: Rows) -> ElementTree.Element:
    """Return the document, every annotation with the line on which it begins."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        builder.start(tag, {**attributes, _LINE: str(parser.CurrentLineNumber)})

    def entity(*_: object) -> None:
        raise rows.error(
            "the file defines entities of its own, which ELAN never does", parser.CurrentLineNumber
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.removeprefix("\ufeff").encode(), True)
        return builder.close()
    except expat.ExpatError as error:
        told = f"this is not whole XML: {expat.errors.messages.get(error.code, 'error')}"
        raise rows.error(told, error.lineno) from None
