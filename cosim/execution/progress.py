"""How a study is getting on: one moving line on a terminal, plain lines in ``run.log`` always."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

_LOG_EVERY = 10.0
_DRAW_EVERY = 0.2


class Progress:
    """Counts runs and tells about them.

    Parameters
    ----------
    log : Path or None
        File to which plain lines are added.
    stream : text stream or None
        Where the moving line is drawn if it is a terminal, and plain lines go otherwise; None for silence.
    clock : callable
        Seconds; replaced in tests.
    """

    def __init__(
        self,
        log: Path | None = None,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log, self._stream, self._clock = log, stream, clock
        self._terminal = stream is not None and stream.isatty()
        self.total = self.done = self.failed = self._before = 0
        self._started = self._logged = self._drawn = clock()
        self._width = 0

    def start(self, total: int, done: int = 0, failed: int = 0) -> None:
        """Begin: how many runs there are, and how many of them were there already."""
        self.total, self.done, self.failed, self._before = total, done, failed, done
        self._started = self._logged = self._drawn = self._clock()
        already = f", {done:,} of them already there" if done else ""
        self.say(f"{total:,} runs{already}")

    def advance(self, runs: int, failed: int) -> None:
        """Count runs that have ended."""
        self.done += runs
        self.failed += failed
        now = self._clock()
        if now - self._logged >= _LOG_EVERY:
            self._logged = now
            self._write_log(self.line())
            if not self._terminal:
                self._print(self.line())
        if self._terminal and (now - self._drawn >= _DRAW_EVERY or self.done >= self.total):
            self._drawn = now
            self._draw(self.line())

    def finish(self) -> None:
        """Say how it ended."""
        seconds = self._clock() - self._started
        failed = f", {self.failed:,} failed" if self.failed else ""
        self.say(f"{self.done - self._before:,} runs in {duration(seconds)}{failed}")

    def say(self, message: str) -> None:
        """Tell something, on the screen and in the log."""
        self._write_log(message)
        if self._terminal:
            self._draw("")
        self._print(message)

    def line(self) -> str:
        """Return the state in one line: share, runs, rate, time left, failures."""
        seconds = self._clock() - self._started
        fresh = self.done - self._before
        rate = fresh / seconds if seconds > 0 else 0.0
        left = duration((self.total - self.done) / rate) if rate > 0 else "unknown"
        share = 100 * self.done / self.total if self.total else 100.0
        return (
            f"{share:5.1f} %  {self.done:,} of {self.total:,} runs  {rate:,.0f} runs/s  "
            f"{left} left  {self.failed:,} failed"
        )

    def _draw(self, text: str) -> None:
        self._put("\r" + text.ljust(self._width) + ("" if text else "\r"))
        self._width = len(text)

    def _print(self, text: str) -> None:
        self._put(text + "\n")

    def _put(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._stream = None  # nobody is there to be told; the study goes on

    def _write_log(self, text: str) -> None:
        if self._log is not None:
            stamp = datetime.now().astimezone().isoformat(timespec="seconds")
            try:
                with self._log.open("a", encoding="utf-8") as stream:
                    stream.write(f"{stamp}  {text}\n")
            except OSError as error:
                # A log that cannot be written is no reason to lose results.
                log, self._log = self._log, None
                self._print(f"{log} cannot be written ({error.strerror or error}); going on without it")


def duration(seconds: float) -> str:
    """Write a time briefly: ``41 s``, ``3 min 20 s``, ``2 h 5 min``, ``3 d 4 h``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"
