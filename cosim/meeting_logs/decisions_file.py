"""What was decided on the items that members gave their views on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.table_rows import table_rows
from cosim.meeting_logs.utterances import tidy
from cosim.meeting_logs.views_file import ViewTable
from cosim.meeting_logs.views_numbers import check_range, is_missing, number_in
from cosim.meeting_logs.views_shapes import named_columns


def read_decisions(path: str | Path, views: ViewTable, encoding: str | None = None) -> pd.DataFrame:
    """Read what was decided on the items of `views`.

    Parameters
    ----------
    path : str or Path
        A table with columns item and decision (also: decided, outcome, value) on the scale of the views; for
        first choices the item is the question and the decision the option chosen; for ranks, the rank given.
        Optional: meeting.
    views : ViewTable
    encoding : str, optional

    Returns
    -------
    DataFrame
        meeting, question, item, decided (0..1).

    Raises
    ------
    ConfigError
        With file and line, also for an item that nobody gave a view on.
    """
    file = Path(path)
    header, rows, at = table_rows(file, encoding)
    columns = named_columns(header, ("item", "decided", "meeting", "question"))
    if "item" not in columns and "question" in columns:
        columns["item"] = columns.pop("question")
    for key in ("item", "decided"):
        if key not in columns:
            told = f"the decisions have no column for the {'decision' if key == 'decided' else key}"
            raise ConfigError(told, file=file, line=at, key="decision" if key == "decided" else key,
                              value=", ".join(header), allowed="item, decision")  # fmt: skip
    known = views.frame[["meeting", "question", "item"]].drop_duplicates()
    found = []
    for line, cells in rows:
        cell = {key: as_written(cells[i]).strip() for key, i in columns.items() if i < len(cells)}
        if is_missing(cell.get("decided", "")):
            continue
        found += _decision(cell, known, views, file, line)
    table = pd.DataFrame(found, columns=["meeting", "question", "item", "decided"])
    if table.empty:
        raise ConfigError("the file holds no decision", file=file)
    if table.duplicated(["meeting", "question", "item"]).any():
        row = table[table.duplicated(["meeting", "question", "item"])].iloc[0]
        raise ConfigError("an item is decided twice", file=file, key="item", value=str(row["item"]))
    return table


def _decision(
    cell: Mapping[str, str], known: pd.DataFrame, views: ViewTable, file: Path, line: int
) -> list[tuple[str, str, str, float]]:
    column = "question" if views.kind == "first_choices" else "item"
    item, meeting = tidy(cell.get("item", "")), tidy(cell.get("meeting", ""))
    here = known[known[column].str.casefold() == item.casefold()]
    if meeting:
        here = here[here["meeting"] == meeting]
    if here.empty:
        near = nearest_name(item, known[column].unique())
        raise ConfigError("nobody gave a view on this item", file=file, line=line, key="item", value=item,
                          nearest=near)  # fmt: skip
    if here["meeting"].nunique() > 1 and not meeting:
        raise ConfigError("the item belongs to several meetings; say which in a column meeting", file=file,
                          line=line, key="item", value=item)  # fmt: skip
    keys = [tuple(str(x) for x in row) for row in here.to_numpy()]
    decided = cell["decided"]
    if views.kind == "first_choices":
        options = [one[2] for one in keys]
        if tidy(decided).casefold() not in [one.casefold() for one in options]:
            raise ConfigError("not an option that anybody chose", file=file, line=line, key="decision",
                              value=decided, allowed=", ".join(options),
                              nearest=nearest_name(decided, options))  # fmt: skip
        return [(*one, float(one[2].casefold() == tidy(decided).casefold())) for one in keys]  # type: ignore[misc]
    value = number_in(decided, file, line, "decision")
    if views.kind == "ranks":
        count = int((known["meeting"].eq(keys[0][0]) & known["question"].eq(keys[0][1])).sum())
        value, low, high = count + 1 - value, 1.0, float(count)
    else:
        low, high = views.scale
        if views.kind == "probabilities" and high == 1.0 and value > 1.0:
            value /= 100.0
    check_range(value, low, high, file, line, "decision", decided)
    return [(*keys[0], (value - low) / (high - low))]  # type: ignore[list-item]
