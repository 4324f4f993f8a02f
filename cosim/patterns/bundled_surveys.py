"""Real surveys that come with cosim: what people thought before and after they talked."""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.patterns.views import Views

FILES: Final = ("minipublics_rankings", "minipublics_statements", "replicats_claims")
"""Tables that come with cosim; see `bundled_logs.attribution` for their sources and licences."""


def survey_table(name: str) -> pd.DataFrame:
    """Return a bundled table of views before and after, a row per person and option, statement or claim.

    Raises
    ------
    ConfigError
        When there is no such table.
    """
    if name not in FILES:
        allowed, near = ", ".join(FILES), nearest_name(name, FILES)
        raise ConfigError("there is no such table", key="table", value=name, allowed=allowed, nearest=near)
    packed = (files("cosim.meeting_logs") / "data" / f"{name}.csv.gz").open("rb")
    with packed, gzip.open(packed, "rt", encoding="utf-8") as text:
        return pd.read_csv(text)


def expert_panels() -> Views:
    """Return the judgements of repliCATS: a group per panel and claim, of five people and one claim."""
    table = survey_table("replicats_claims").sort_values(["claim", "group"], kind="stable")
    count = int(table.groupby(["claim", "group"]).size().iloc[0])
    claim = pd.factorize(table["claim"])[0].reshape(-1, count)[:, 0]
    before, after = (table[one].to_numpy(float).reshape(-1, count, 1) for one in ("before", "after"))
    talk = table["word_share_before"].to_numpy(float).reshape(-1, count)
    total = talk.sum(axis=1, keepdims=True)
    width = table["interval_width_before"].to_numpy(float).reshape(-1, count)
    return Views(
        before,
        after,
        claim.astype(np.int64),
        talk / np.where(total > 0.0, total, 1.0) * count,
        -(width - width.mean()) / width.std(),
    )


def forums() -> tuple[Views, ...]:
    """Return the rankings of the citizens' forums, one set for each: forums differ in people and options."""
    found = []
    for _, rows in survey_table("minipublics_rankings").groupby("group", sort=True):
        before, after = (
            -rows.pivot(index="person", columns="option", values=one).to_numpy(float)[None]
            for one in ("before", "after")
        )
        alike = np.ones(before.shape[:2])
        found.append(Views(before, after, np.zeros(1, dtype=np.int64), alike, 0.0 * alike))
    return tuple(found)
