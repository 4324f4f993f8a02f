"""How many people, items and meetings show that a role is heeded less than its share of seats.

Question
    How often do the intervals of the model of views hold a planted influence, how wide are they, and how
    often is a gap found? Teams of known influence answer before and after; people also think again by
    themselves, and answer otherwise when asked twice. The model, which knows neither how much of the move is
    thinking again nor who is heeded, is fitted to each, as on the page of a team.

Claims
    1. The 95 % intervals hold the truth at least 92 times in 100 over all teams.
    2. One meeting with ten items hardly ever shows a gap; items help, people hardly do.

Run it
    python -m experiments.views_power [--repeats 40] [--part 1/4]

It writes ``cosim/observation/data/views_power.csv``, which docs/views.md shows; teams that are there with
fewer repeats get the rest.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.observation.influence_model import SOCIAL, InfluenceModel
from cosim.observation.planted_views import Planted
from cosim.observation.power import planning_table
from cosim.observation.view_blocks import blocks_of

DOCS = Path(__file__).resolve().parents[1] / "docs" / "views.md"
MARKS = ("<!-- views_power: begin -->", "<!-- views_power: end -->")
DATA = Path(__file__).resolve().parents[1] / "cosim" / "observation" / "data" / "views_power.csv"

SIZES = ((2, 2), (4, 8), (10, 20))
"""Public contributors and others."""
ITEMS = ((3, 1), (10, 1), (10, 3), (30, 6))
"""Items, meetings."""
CLOSED = (0.15, 0.5)
"""A contested choice; a judgement that has an answer."""
APART = (0.1, 0.25)
"""SD of the difference between roles; the smaller one for twelve people only."""
WEIGHTS = (1.0, 0.25)
"""Weight of a public contributor beside another's."""
USUAL = Planted(missing=0.1, social=SOCIAL[0])
"""Three quarters of the move are heeding others; a tenth of answers is missing."""
OTHERWISE = ({"social": 0.3}, {"social": 1.0}, {"retest": 0.75}, {"missing": 0.3})
"""What is otherwise in four further kinds of teams of twelve. The model takes the usual retest for true."""
SEED = 1
DRAWS = 500
MEANS = ("coverage", "width", "coverage_closed", "coverage_end", "width_end", "found", "effective_size")


def cells() -> list[Planted]:
    """Return the teams of the study."""
    found = []
    for (public, others), (items, meetings), closed, apart in itertools.product(SIZES, ITEMS, CLOSED, APART):
        if apart == max(APART) or public == 4:
            team = replace(USUAL, public=public, others=others, items=items, meetings=meetings)
            found.append(replace(team, closed=closed, role=apart))
    for other, (items, meetings) in itertools.product(OTHERWISE, ITEMS[2:]):
        team = replace(USUAL, public=4, others=8, items=items, meetings=meetings, closed=0.5, role=0.25)
        found.append(replace(team, **other))
    return [replace(team, weight=weight) for team in found for weight in WEIGHTS]


def of_team(team: Planted, rng: np.random.Generator) -> dict[str, float]:
    """Return what the model says of one such team."""
    found = InfluenceModel(blocks_of(team.views(rng))).fit(draws=DRAWS)
    place = found.roles.index("public")
    _, low, high = found.interval(found.weights[:, place])
    _, end_low, end_high = found.interval(found.outcome[:, place])
    _, closed_low, closed_high = found.interval(found.closed)
    heeding = team.closed * team.social
    end = (1.0 - heeding) * team.equal + heeding * team.share
    return {
        "coverage": low <= team.share <= high,
        "width": high - low,
        "coverage_closed": closed_low <= team.closed <= closed_high,
        "coverage_end": end_low <= end <= end_high,
        "width_end": end_high - end_low,
        "found": found.chance((found.weights[:, place] < team.equal).astype(float)) >= 0.95,
        "effective_size": found.effective_size,
    }


def of_cell(place: int, team: Planted, repeats: int, held: dict[str, Any]) -> dict[str, Any]:
    """Return means over teams of one kind; what is held of fewer repeats is added to."""
    done = int(held.get("repeats", 0))
    made = [of_team(team, np.random.default_rng([SEED, place, one])) for one in range(done, repeats)]
    new = pd.DataFrame(made).astype(float)
    return {
        "cell": place,
        "public": team.public,
        "others": team.others,
        "items": team.items,
        "meetings": team.meetings,
        "closed": team.closed,
        "apart": team.role,
        "social": team.social,
        "retest": team.retest,
        "missing": team.missing,
        "weight": team.weight,
        "share": round(team.share, 4),
        "equal": round(team.equal, 4),
        "repeats": repeats,
        **{name: round((float(held.get(name, 0.0)) * done + new[name].sum()) / repeats, 6) for name in MEANS},
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
        if int(rows.get(place, {}).get("repeats", 0)) >= asked.repeats:
            continue
        rows[place] = of_cell(place, team, asked.repeats, rows.get(place, {}))
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
