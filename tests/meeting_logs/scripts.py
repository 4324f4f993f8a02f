"""One invented conversation, for files that hold it in every way that logs write it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from cosim.meeting_logs.reader import read_log
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import floor_turns, people

LINES = (
    "we could ask the carers group about it first",
    "that would change the budget quite a lot",
    "I am not sure the form says that",
    "yes and the clinic hours matter more to us",
    "let us put it on the list for next time",
    "who is going to write to the funder about this",
    "my neighbour waited eleven weeks for that letter",
)
ORDER = "ABCBAAABCBAAABCABBAC"
SCRIPT = tuple((f"P{1 + 'ABC'.index(who)}", LINES[at % len(LINES)]) for at, who in enumerate(ORDER))
"""Who says what, in order: 20 utterances of three people, each beginning 4 seconds after the one before."""


def starts(step: float = 4.0, first: float = 0.0) -> list[float]:
    """Return when each utterance of the script begins."""
    return [first + step * place for place in range(len(SCRIPT))]


def words(script: tuple[tuple[str, str], ...] = SCRIPT) -> dict[str, float]:
    """Return how many words each person says."""
    found = Counter[str]()
    for who, text in script:
        found[who] += len(text.split())
    return {who: float(count) for who, count in found.items()}


def floor(script: tuple[tuple[str, str], ...] = SCRIPT) -> list[str]:
    """Return who has the floor, turn by turn."""
    names = [who for who, _ in script]
    return [who for place, who in enumerate(names) if place == 0 or names[place - 1] != who]


def heard(log: TurnLog) -> dict[str, float]:
    """Return the words of each person in a log."""
    table: pd.DataFrame = people(log)
    return dict(zip(table["speaker"], table["words"], strict=True))


def taken(log: TurnLog) -> list[str]:
    """Return who has the floor in a log, turn by turn."""
    return [str(name) for name in floor_turns(log)["speaker"]]


def read(folder: Path, text: str, name: str, **options: object) -> TurnLog:
    """Write a file and read it as a log."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_log(path, **options)  # type: ignore[arg-type]


def clock(seconds: float, form: str = "{h:02d}:{m:02d}:{s:02d}.{ms:03d}") -> str:
    """Return a time as a clock."""
    whole = int(seconds)
    parts = {"h": whole // 3600, "m": whole // 60 % 60, "s": whole % 60, "mm": whole // 60}
    return form.format(**parts, ms=round((seconds - whole) * 1000))


def vtt(cues: list[tuple[float, float, str]], form: str = "{h:02d}:{m:02d}:{s:02d}.{ms:03d}") -> str:
    """Return a WebVTT file of (start, end, text)."""
    return "WEBVTT\n\n" + "".join(
        f"{clock(start, form)} --> {clock(end, form)}\n{text}\n\n" for start, end, text in cues
    )


def srt(cues: list[tuple[float, float, str]]) -> str:
    """Return an SRT file of (start, end, text)."""
    form = "{h:02d}:{m:02d}:{s:02d},{ms:03d}"
    return "\n".join(
        f"{number}\n{clock(start, form)} --> {clock(end, form)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues, start=1)
    )


def spoken(script: tuple[tuple[str, str], ...] = SCRIPT, step: float = 4.0) -> list[tuple[float, float, str]]:
    """Return the script as captions with a name before a colon."""
    return [(step * place, step * place + 3.5, f"{who}: {text}") for place, (who, text) in enumerate(script)]
