"""Logs that other software has written, cut and mixed up: read whole, or refused in one message."""

from __future__ import annotations

import random
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from cosim.errors import ConfigError
from cosim.formatting.safe_text import hidden
from cosim.meeting_logs.reader import read_log

pytestmark = pytest.mark.slow
COUNT = 400
EXAMPLES = sorted(Path(str(files("cosim.meeting_logs") / "data" / "examples")).iterdir())
PIECES: tuple[bytes, ...] = (
    *(
        b",",
        b";",
        b"\t",
        b'"',
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xa8",
    ),
    *(b"-1", b"1e308", b"nan", b"inf", b"9" * 400, b"99:99:99,999", b"00:00:01.000 --> 00:00:00.000", b"-->"),
    *(
        b"<v =1+1>",
        b"<v ",
        b"P1: ",
        b"[P1]: ",
        b"NOTE ",
        b"STYLE\n",
        b"WEBVTT\n",
        b"speaker",
        b"words",
        b"meeting",
    ),
    *(
        b"\x1b[31m",
        "é李\u200f".encode(),
        "ﬀ".encode("utf-16"),
        b"x" * 70_000,
        b"=cmd|'/C calc'!A0",
        b"(",
        b"\\",
    ),
)


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """Return the bytes of a log with pieces or lines taken out, doubled, moved or put in."""
    for _ in range(rng.randint(1, 4)):
        lines = raw.splitlines(keepends=True) or [b""]
        way = rng.randrange(7)
        one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
        at = rng.randint(0, min(len(raw), rng.choice((60, len(raw)))))
        if way == 0:
            lines[one], lines[two] = lines[two], lines[one]
            raw = b"".join(lines)
        elif way == 1:
            raw = b"".join(lines[: one + 1] + lines[one : one + 30] + lines[one + 1 :])
        elif way == 2:
            raw = b"".join(lines[:one] + lines[one + rng.choice((1, 1, 5, 500)) :])
        elif way == 3:
            raw = raw[:at]
        elif way == 4:
            raw = raw[:at] + rng.choice(PIECES) + raw[at + rng.choice((0, 1, 8)) :]
        elif way == 5:
            raw = raw.replace(rng.choice((b",", b":", b"\n", b".", b"0", b"00:")), rng.choice(PIECES), 3)
        else:
            raw = bytes(byte ^ (1 << rng.randrange(8)) if rng.random() < 0.001 else byte for byte in raw)
    return raw


def test_400_logs(tmp_path: Path) -> None:
    log = tmp_path / "log"
    read = 0
    for number in range(COUNT):
        rng = random.Random(f"log {number}")
        example = rng.choice(EXAMPLES)
        head = example.read_bytes()
        head = head[: head.index(b"\n", min(len(head) - 2, rng.choice((400, 2000, len(head))))) + 1]
        file = log.with_suffix(rng.choice((example.suffix, example.suffix, ".txt", ".csv")))
        file.write_bytes(mutated(head, rng))
        try:
            found = read_log(file, unnamed=rng.choice(("leave_out", "continue")))
        except ConfigError as error:
            told = str(error)
            assert told.startswith(str(file))
            assert hidden(told) is None
            assert "Traceback" not in told
        else:
            read += 1
            frame = found.frame
            assert len(frame) > 1
            assert frame["speaker"].nunique() > 1
            assert np.isfinite(frame["words"]).all()
            assert (frame["words"] >= 0).all()
            assert not [name for name in frame["speaker"] if not name or hidden(name)]
        file.unlink()
    assert 0 < read < COUNT
