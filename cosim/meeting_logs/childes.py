"""Transcripts in CHAT (.cha), as TalkBank and CHILDES keep them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cosim.meeting_logs.utterances import Rows, Utterance

_MAIN = re.compile(r"\*([^:\s]{1,60}):\s*(.*)")
_BULLET = re.compile(r"\x15(\d+)_(\d+)\x15|•(\d+)_(\d+)•")
_CODES = re.compile(
    r"\[[^\]]*\]|\x15[^\x15]*\x15|•[^•]*•|\(\.+\)|\(\d+(?:[:.]\d+)*\)|&[-~+=]\S*|\+[/<,\"^.?!]\S*|\b(?:xxx|yyy|www)\b|"
    r"(?<!\S)0\S+|‡|„|↑|↓"
)
_UNMARKED: Final = str.maketrans("", "", "<>()")


def is_chat(lines: Iterable[str]) -> bool:
    """Say whether lines are a CHAT file."""
    heads = [line.lstrip("\ufeff") for line in lines if line.strip()]
    return any(line.startswith(("@Begin", "@Participants:")) for line in heads[:12])


def add_chat(lines: Iterable[str], rows: Rows) -> None:
    """Read a CHAT file into `rows`; codes of the transcriber are not counted.

    Participants are called by their name in ``@Participants``, else by their code; their role is that of
    ``@ID``, else of ``@Participants``. Bullets give the times.

    Raises
    ------
    ConfigError
        With the line, when a speaker is not in ``@Participants``.
    """
    rows.noun = "utterances"
    names: dict[str, str] = {}
    roles: dict[str, str] = {}
    for number, line in _joined(lines):
        if line.startswith("@Participants:"):
            for part in line.partition(":")[2].split(","):
                code, *rest = part.split()
                names[code] = " ".join(rest[:-1]).replace("_", " ") or code
                roles.update({code: rest[-1].replace("_", " ")} if rest else {})
        elif line.startswith("@ID:"):
            fields = [field.strip() for field in line.partition(":")[2].split("|")]
            if len(fields) > 7 and fields[7]:
                roles[fields[2]] = fields[7].replace("_", " ")
        elif (found := _MAIN.fullmatch(line)) is not None:
            code, text = found.groups()
            if names and code not in names:
                allowed = ", ".join(names)
                raise rows.error("this speaker is not in @Participants", number, value=code, allowed=allowed)
            times = _BULLET.findall(text)
            start, end = _times(times[0])[0] if times else None, _times(times[-1])[1] if times else None
            rows.kinds.update(["clock"] if times else [])
            said = _CODES.sub(" ", text).translate(_UNMARKED)
            role = roles.get(code)
            rows.add(Utterance(number, names.get(code, code), role=role, text=said, start=start, end=end))
        elif line.startswith("*"):
            raise rows.error("a line of speech must begin with *CODE:", number, value=line[:40])


def _times(bullet: tuple[str, ...]) -> tuple[float, float]:
    start, end = (int(one or other) / 1000.0 for one, other in zip(bullet[:2], bullet[2:], strict=True))
    return start, end


def _joined(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with those that go on with it (they begin with a tab), and its number."""
    number, held = 0, ""
    for at, raw in enumerate(lines, start=1):
        line = raw.rstrip("\n").lstrip("\ufeff")
        if line[:1] in ("\t", " ") and held:
            held += " " + line.strip()
            continue
        if held:
            yield number, held
        number, held = at, line.strip()
    if held:
        yield number, held
