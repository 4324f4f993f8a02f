"""The real meeting logs that come with cosim, with their attribution."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Final

import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.reader import read_log
from cosim.meeting_logs.turn_log import TurnLog

LOGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "icsi": "icsi_turns.csv.gz",
        "ami": "ami_turns.csv.gz",
        "ami_times": "ami_times.csv.gz",
        "delidata": "delidata_turns.csv.gz",
        "example_icsi": "examples/icsi_Bmr026.csv",
        "example_ami": "examples/ami_ES2002b.csv",
        "example_vtt": "examples/invented_meeting.vtt",
        "example_srt": "examples/invented_meeting.srt",
    }
)
"""File of each bundled log; the last two are invented to show the format."""

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "example_people": "examples/invented_people.csv",
        "example_views": "examples/invented_views.csv",
        "example_decision": "examples/invented_decision.csv",
    }
)
"""Invented files that go with `example_vtt`: who is who, views before and after, what was decided."""

CHAT: Final = ("delidata",)
"""Logs of written chat: no back-channels, so nothing is dropped from them (`least=1`)."""


def shipped_log(name: str) -> TurnLog:
    """Return a log that comes with cosim; see `attribution` for its source.

    Raises
    ------
    ConfigError
        When there is no log of that name.
    """
    if name not in LOGS:
        allowed, near = ", ".join(LOGS), nearest_name(name, LOGS)
        raise ConfigError("there is no such log", key="log", value=name, allowed=allowed, nearest=near)
    with as_file(files("cosim.meeting_logs") / "data" / LOGS[name]) as path:
        return replace(read_log(path), name=f"{name} (comes with cosim)")


def least_words(name: str) -> int:
    """Return the words below which an utterance of a bundled log is no floor turn: 1 in chat, else 3."""
    return 1 if name in CHAT else 3


def delidata_members() -> pd.DataFrame:
    """Return what each DeliData member answered before and after the chat.

    Returns
    -------
    DataFrame
        A row per member: meeting, speaker, messages, words, score_initial and score_final (0..1),
        solved_initial, solved_final, kept_answer, submitted (0 or 1), agree_initial_with_others_final (0..1).
    """
    packed = (files("cosim.meeting_logs") / "data" / "delidata_members.csv.gz").open("rb")
    with packed, gzip.open(packed, "rt", encoding="utf-8") as text:
        return pd.read_csv(text)


def attribution() -> str:
    """Return the sources and licences of the bundled logs, as Markdown."""
    return (files("cosim.meeting_logs") / "data" / "ATTRIBUTION.md").read_text(encoding="utf-8")
