"""What the model of views says of real groups: expert panels, citizens' forums, chats about a puzzle.

Question
    Does the same code that reads a team's own views find, in published data, what was found in these without
    it? How far people move beside answering twice, whether voice brings weight, whether being right does.

Claims
    1. The mean of an expert panel shifts by what was found without the model (.054; pattern M5).
    2. In every citizens' forum people move more than answering twice would have it.
    3. In chats about a puzzle an equal share of words more brings a first answer less than being right does
       (pattern A8).

Run it
    python -m experiments.real_views

It writes ``cosim/observation/data/real_views.csv`` and its table in docs/views.md; a slow test runs it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from cosim.formatting.words import counted, number, span
from cosim.meeting_logs.bundled_logs import delidata_members
from cosim.meeting_logs.views_file import view_table
from cosim.observation.being_right import voice_and_being_right
from cosim.observation.influence_model import RETEST, InfluenceModel
from cosim.observation.movement import movement
from cosim.observation.view_blocks import Blocks, blocks_of
from cosim.patterns.bundled_surveys import survey_table

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "cosim" / "observation" / "data" / "real_views.csv"
DOCS = ROOT / "docs" / "views.md"
MARKS = ("<!-- real_views: begin -->", "<!-- real_views: end -->")

DRAWS: Final = 1_000
AGAIN: Final = 60
FORUMS: Final = ("minipublics_rankings", "minipublics_statements")
COLUMNS: Final = ("data", "number", "value", "low", "high", "groups", "of")


def expert_blocks() -> Blocks:
    """Return the panels of repliCATS: each discussion of a claim is a meeting with one item."""
    table = survey_table("replicats_claims")
    table = table.assign(meeting=table["group"] + "|" + table["claim"].astype(str))
    total = table.groupby("meeting")["word_share_before"].transform("sum")
    talk = np.where(total > 0.0, table["word_share_before"] / total.where(total > 0.0, 1.0) * 5.0, 1.0)
    people = table["person"].astype(str)
    views = view_table(table.assign(person=people, item=table["claim"].astype(str)))
    return blocks_of(views, talk=dict(zip(zip(table["meeting"], people, strict=True), talk, strict=True)))


def forum(name: str, of: str) -> pd.DataFrame:
    """Return a citizens' forum's ranks or statements as views from 0 to 1."""
    table = survey_table(of)
    table = table[table["group"] == name].assign(person=lambda rows: rows["person"].astype(str))
    if not of.endswith("rankings"):
        return table
    best = table["options"] - 1.0
    ranks = {wave: (table["options"] - table[wave]) / best for wave in ("before", "after")}
    return table.assign(item=table["option"], **ranks)


def of_experts() -> list[tuple[object, ...]]:
    """Return how far experts move, how far their means shift, and what twice the words are worth."""
    blocks = expert_blocks()
    found, talking = (
        InfluenceModel(blocks).fit(draws=DRAWS),
        InfluenceModel(blocks, voice=True).fit(draws=DRAWS),
    )
    assert talking.voice is not None
    numbers = {
        "share of the way to all that members move": found.interval(found.closed),
        "shift of a panel's mean": found.interval(found.spreads[:, 2]),
        "weight of a member with twice the words": talking.interval(2.0**talking.voice),
    }
    return [("expert panels", name, *row, found.items, "95 % interval") for name, row in numbers.items()]


def of_forums(of: str) -> list[tuple[object, ...]]:
    """Return means over forums with quarters: moves, spread closed, way to all, changes of one's own."""
    names = sorted(survey_table(of)["group"].unique())
    rows, more = [], 0
    for name in names:
        blocks = blocks_of(view_table(forum(str(name), of)))
        team = movement(blocks, RETEST, draws=AGAIN).team.set_index("statistic")
        more += int(team["value"]["moved"] > team["again_high"]["moved"])
        found = InfluenceModel(blocks).fit(draws=DRAWS)
        way, own = found.interval(found.closed)[0], found.interval(found.spreads[:, 3])[0]
        rows.append((float(team["value"]["moved"]), float(team["value"]["closed"]), way, own))
    told = (
        "size of a move",
        "spread between people that is closed",
        "share of the way to all that members move",
        "SD of changes of one's own",
    )
    data = f"citizens' forums, {of.removeprefix('minipublics_')}"
    low, middle, high = np.quantile(np.array(rows), [0.25, 0.5, 0.75], axis=0)
    ends = zip(told, middle, low, high, strict=True)
    found_ = [(data, name, *values, len(names), "quarters of forums") for name, *values in ends]
    share = more / len(names)
    return [
        *found_,
        (data, "forums that move more than answering twice", share, np.nan, np.nan, len(names), ""),
    ]


def of_chats() -> list[tuple[object, ...]]:
    """Return what voice and being right are worth in DeliData."""
    told = {
        "voice": (
            "a first answer held by more of the others at the end, for an equal share of words more",
            1.0,
        ),
        "solved": ("the same if it solves the puzzle", 1.0),
        "score": ("the same if it is right by a quarter more", 0.25),
    }
    rows: list[tuple[object, ...]] = []
    for row in voice_and_being_right(delidata_members()).to_dict("records"):
        name, unit = told[str(row["term"])]
        values = (unit * float(row[one]) for one in ("effect", "low", "high"))
        rows.append(("chats about a puzzle", name, *values, row["meetings"], "95 % interval"))
    return rows


def table_of(found: pd.DataFrame) -> str:
    """Return the numbers as a table in Markdown."""
    rows = ["| data | number | value | interval | groups |", "| --- | --- | --: | --: | --: |"]
    for row in found.to_dict("records"):
        told = span(row["low"], row["high"], 2) + f" ({row['of']})" if np.isfinite(row["low"]) else "–"
        cells = (row["data"], row["number"], number(row["value"], 2), told, f"{int(row['groups'])}")
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def all_of_it() -> pd.DataFrame:
    """Return every number."""
    rows = [*of_experts(), *(row for of in FORUMS for row in of_forums(of)), *of_chats()]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def main() -> None:
    """Work out every number, store them, and write the table into the docs."""
    found = all_of_it()
    found.round(4).to_csv(DATA, index=False)
    begin, end = MARKS
    head, _, rest = DOCS.read_text(encoding="utf-8").partition(begin)
    foot = rest.partition(end)[2]
    DOCS.write_text(f"{head}{begin}\n{table_of(found)}\n{end}{foot}", encoding="utf-8")
    print(table_of(found))
    print(f"{counted(len(found), 'number')} in {DATA.name} and {DOCS.name}")


if __name__ == "__main__":
    main()
