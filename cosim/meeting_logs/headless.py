"""Tables without a header: which column is which is read off their cells, and said."""

from __future__ import annotations

from collections.abc import Sequence

from cosim.meeting_logs.clock import read_time

_LEAST_ROWS = 3
_LEAST_WORDS = 2.0


def header_of(rows: Sequence[Sequence[str]]) -> list[str] | None:
    """Return names for the columns of a table that has none, or None where it cannot be told.

    The speaker is the column of a few names that come again, the text the one with the most words; times are
    two columns of clocks, or else of numbers, of which the second is never less than the first.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first rows.

    Examples
    --------
    >>> header_of([["Ann", "0:00", "we said so"], ["Ben", "0:04", "did we"], ["Ann", "0:09", "we did"]])
    ['speaker', 'start_s', 'text']
    """
    if len(rows) < _LEAST_ROWS or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return None
    columns = [[cell.strip() for cell in cells] for cells in zip(*rows, strict=True)]
    times = [place for place, cells in enumerate(columns) if all(read_time(cell) for cell in cells)]
    rest = [place for place, cells in enumerate(columns) if place not in times and any(cells)]
    words = {place: sum(len(cell.split()) for cell in columns[place]) / len(rows) for place in rest}
    names = [place for place in rest if all(columns[place]) and 2 * len(set(columns[place])) <= len(rows) + 1]
    names = [place for place in names if len(set(columns[place])) > 1 and words[place] < 5.0]
    when = _times(columns, times)
    if not names or not when:  # without times the first row could as well be a header
        return None
    found = {names[0]: "speaker", **when}
    texts = [place for place in rest if place not in names and words[place] >= _LEAST_WORDS]
    if texts:
        found[max(texts, key=words.__getitem__)] = "text"
    elif "end_s" not in found.values():
        return None
    return [found.get(place, f"column {place + 1}") for place in range(len(columns))]


def _times(columns: Sequence[Sequence[str]], places: Sequence[int]) -> dict[int, str]:
    clocks = [place for place in places if all(":" in cell for cell in columns[place])]
    seconds = {
        place: [moment.seconds for cell in columns[place] if (moment := read_time(cell)) is not None]
        for place in places
    }
    for those in (clocks, [place for place in places if place not in clocks]):
        if len(those) > 1:
            start, end = those[:2]
            if all(one <= two for one, two in zip(seconds[start], seconds[end], strict=True)):
                return {start: "start_s", end: "end_s"}
    return {clocks[0]: "start_s"} if clocks else {}
