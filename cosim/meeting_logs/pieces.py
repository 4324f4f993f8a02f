"""Logs with a row for every word, or two: a speaker's adjoining pieces are joined to utterances."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

GAP: Final = 1.0
"""Seconds between two pieces of one speaker up to which they are one utterance."""

SHORT: Final = 3
"""Words below which a row may be a piece; also the words of others that part two pieces."""

_MOST_SHORT: Final = 0.5
_MOST_GOING_ON: Final = 0.5

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def is_in_pieces(meeting: Whole, speaker: Whole, words: Floats, start: Floats, end: Floats) -> bool:
    """Say whether rows in speaking order are pieces of utterances and not utterances.

    They are when more than half have under three words and more than half of these go on, within a second,
    with what the same speaker said.

    Parameters
    ----------
    meeting, speaker : int array
        Codes, in speaking order.
    words, start, end : float array
    """
    short = (words > 0.0) & (words < SHORT)
    if len(words) < 2 * SHORT or short.sum() <= _MOST_SHORT * (words > 0.0).sum():
        return False
    goes_on = joined(meeting, speaker, words, start, end) != np.arange(len(words))
    return bool(goes_on[short].sum() > _MOST_GOING_ON * short.sum())


def joined(meeting: Whole, speaker: Whole, words: Floats, start: Floats, end: Floats) -> Whole:
    """Return for each row, in speaking order, the first row of the utterance that it is a piece of.

    A speaker's next piece belongs to the utterance when it begins within a second and others have said fewer
    than three words since.
    """
    first = np.arange(len(words))
    last: dict[tuple[int, int], int] = {}
    said = np.concatenate([[0.0], np.cumsum(words)]).tolist()
    until = np.where(np.isnan(end), start + words / 3.0, end).tolist()
    starts = start.tolist()
    for place, key in enumerate(zip(meeting.tolist(), speaker.tolist(), strict=True)):
        before = last.get(key)
        if before is not None:
            gap = starts[place] - until[before]
            between = said[place] - said[before + 1]
            if between < SHORT and not (gap > GAP) and not (math.isnan(gap) and between > 0.0):
                first[place] = first[before]
        last[key] = place
    return first
