"""Tables of members, of groups, and of the parts of decisions, made of the engine's arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cosim.outcomes import PERSON_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

    from cosim.scenario.plan import Floats, Member


def parts_table(
    blocks: Floats, members: Sequence[Member], phases: Sequence[str], replicates: range
) -> pd.DataFrame:
    """Return blocks (replicates, phases, N + 1, 3) of shares as a table in parts of 100."""
    import pandas as pd

    rows = len(members) + 1
    numbers = np.arange(replicates.start, replicates.stop, replicates.step)
    table = pd.DataFrame(
        {
            "replicate": np.repeat(numbers, len(phases) * rows),
            "phase": np.tile(np.repeat(list(phases), rows), len(numbers)),
        }
    )
    for column, known_as in (("person", "name"), ("role", "role"), ("group", "group")):
        names = [*(getattr(member, known_as) for member in members), "outside"]
        table[column] = names * (len(numbers) * len(phases))
    table[["own", "carried", "argued"]] = 100.0 * blocks.reshape(-1, 3)
    table["all"] = table[["own", "carried", "argued"]].sum(axis=1)
    return table


def people_table(blocks: Floats, members: Sequence[Member], replicates: range) -> pd.DataFrame:
    """Return blocks (replicates, N, columns) as a table with a row per replicate and member."""
    import pandas as pd

    count = len(members)
    table = pd.DataFrame(blocks.reshape(len(replicates) * count, -1), columns=list(PERSON_COLUMNS))
    numbers = np.arange(replicates.start, replicates.stop, replicates.step)
    table.insert(0, "replicate", np.repeat(numbers, count))
    for place, (column, known_as) in enumerate(
        (("person", "name"), ("role", "role"), ("group", "group"), ("constituency", "constituency"))
    ):
        table.insert(place + 1, column, [getattr(member, known_as) for member in members] * len(replicates))
    return table


def group_table(people: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return what `Result.groups` returns, of a table with a row per replicate and member."""
    import pandas as pd

    sums = people.groupby(["replicate", "group"], sort=False)[
        ["turns", "equal_turns", "uptake_share", "influence_share"]
    ].sum()
    first = people.loc[people["replicate"] == people["replicate"].iloc[0]]
    members = first["group"].value_counts()
    seats = sums.index.get_level_values("group").map(members / len(first)).to_numpy(dtype=float)
    whole = sums.groupby("replicate")["influence_share"].transform("sum")
    values = pd.DataFrame(
        {
            "voice": sums["turns"] / sums["equal_turns"],
            "uptake": sums["uptake_share"] / seats,
            "influence": sums["influence_share"] / whole / seats,
        }
    ).fillna(0.0)
    by_group = values.groupby("group", sort=False)
    mean, mcse = by_group.mean(), by_group.std(ddof=1) / len(people["replicate"].unique()) ** 0.5
    found = pd.DataFrame(index=mean.index)
    found["label"] = [labels.get(str(name), str(name)) for name in mean.index]
    found["role"] = first.drop_duplicates("group").set_index("group")["role"]
    found["members"] = members
    for name in values.columns:
        found[name], found[f"{name}_mcse"] = mean[name], mcse[name]
    return found
