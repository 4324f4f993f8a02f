"""How many people, items and meetings show that a role is heeded less than its share of seats.

Question
    How often do the intervals of the model of views hold a planted influence, how wide are they, and how
    often is a gap found? Teams of known influence answer before and after; the model is fitted to each.

Claims
    1. The 95 % intervals hold the truth at least 92 times in 100 over all teams.
    2. One meeting with ten items hardly ever shows a gap; items help, people hardly do.

Run it
    python -m experiments.views_power [--repeats 40] [--part 1/4]

It writes ``cosim/observation/data/views_power.csv``, which docs/views.md shows; rows that are there with as
many repeats are kept.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.observation.influence_model import InfluenceModel
from cosim.observation.planted_views import Planted
from cosim.observation.power import planning_table
from cosim.observation.view_blocks import blocks_of

DOCS = Path(__file__).resolve().parents[1] / "docs" / "views.md"
MARKS = ("<!-- views_power: begin -->", "<!-- views_power: end -->")
DATA = Path(__file__).resolve().parents[1] / "cosim" / "observation" / "data" / "views_power.csv"

SIZES = ((2, 2), (4, 8), (10, 20))
"""Public contributors and others."""
ITEMS = ((3, 1), (10, 1), (30, 1), (30, 6))
"""Items, meetings."""
CLOSED = (0.15, 0.5)
"""A contested choice; a judgement that has an answer."""
APART = (0.1, 0.25)
"""SD of the difference between roles."""
WEIGHTS = (1.0, 0.25)
"""Weight of a public contributor beside another's."""


def cells() -> list[Planted]:
    """Return the teams of the study."""
    return [
        Planted(public, others, items, meetings, weight, closed, social=1.0, role=apart, missing=0.1)
        for (public, others), (items, meetings), closed, apart, weight in itertools.product(
            SIZES, ITEMS, CLOSED, APART, WEIGHTS
        )
    ]


def of_cell(place: int, team: Planted, repeats: int) -> dict[str, float]:
    """Return coverage, width and power of one team."""
    inside, width, closed_inside, sure, size = [], [], [], [], []
    for one in range(repeats):
        views = team.views(np.random.default_rng([1, place, one]))
        found = InfluenceModel(blocks_of(views), thinks=False).fit(draws=500)
        public = found.weights[:, found.roles.index("public")]
        _, low, high = found.interval(public)
        inside.append(low <= team.share <= high)
        width.append(high - low)
        _, low, high = found.interval(found.closed)
        closed_inside.append(low <= team.closed <= high)
        sure.append(found.chance((public < team.equal).astype(float)) >= 0.95)
        size.append(found.effective_size)
    return {
        "cell": place,
        "public": team.public,
        "others": team.others,
        "items": team.items,
        "meetings": team.meetings,
        "closed": team.closed,
        "apart": team.role,
        "weight": team.weight,
        "share": round(team.share, 4),
        "equal": round(team.equal, 4),
        "repeats": repeats,
        "coverage": float(np.mean(inside)),
        "width": round(float(np.mean(width)), 3),
        "coverage_closed": float(np.mean(closed_inside)),
        "found": float(np.mean(sure)),
        "effective_size": round(float(np.mean(size))),
    }


def main() -> None:
    """Run a part of the cells, and put it into the table."""
    parser = argparse.ArgumentParser(description="Coverage and power of the model of views.")
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--part", default="1/1")
    asked = parser.parse_args()
    part, parts = (int(x) for x in asked.part.split("/"))
    rows: dict[int, dict[str, Any]] = {}
    if DATA.exists():
        for row in pd.read_csv(DATA).to_dict("records"):
            rows[int(row["cell"])] = {str(key): value for key, value in row.items()}
    for place, team in enumerate(cells()):
        if place % parts != part - 1:
            continue
        if int(rows.get(place, {}).get("repeats", 0)) == asked.repeats:
            continue
        rows[place] = of_cell(place, team, asked.repeats)
        DATA.parent.mkdir(exist_ok=True)
        pd.DataFrame([rows[key] for key in sorted(rows)]).to_csv(DATA, index=False)
        print(rows[place], flush=True)
    write_table(DOCS)


def write_table(page: Path) -> None:
    """Put the table into the docs."""
    begin, end = MARKS
    head, _, rest = page.read_text(encoding="utf-8").partition(begin)
    foot = rest.partition(end)[2]
    page.write_text(f"{head}{begin}\n{planning_table()}\n{end}{foot}", encoding="utf-8")


if __name__ == "__main__":
    main()
