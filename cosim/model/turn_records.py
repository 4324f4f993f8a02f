"""The turn log: one record per contribution, written by both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from cosim.mechanisms.facilitation import CHAIR, MODES
from cosim.scenario.vocabulary import KINDS

if TYPE_CHECKING:
    import pandas as pd

TURN: Final = np.dtype(
    [
        *(
            (name, np.int64)
            for name in ("phase", "meeting", "turn", "table", "mode", "speaker", "item", "kind")
        ),
        *((name, np.int64) for name in ("cut", "anonymous", "off_remit", "addressee")),
        *((name, np.float64) for name in ("minute", "words", "frank", "said", "uptake", "intake")),
    ],
    align=True,
)
"""Record of one contribution.

``turn`` counts spoken turns within the meeting from 0 (written contributions have -1); ``addressee`` is
the member to whom it is said (-1: nobody); ``minute`` is when it
began; ``frank`` is the share of it that is the speaker's own view; ``said`` the merit it voiced, 0..1;
``uptake`` the summed movement of its listeners, in units of merit; ``intake`` how much of the phase's
decision, 0..1, its voters took in at this turn and still held at the end (0 until the phase has ended).

Where somebody chairs, their turns stand among the others: ``speaker`` and ``kind`` are -1, ``turn`` is that
of the member's turn that follows, and all that a view would give is 0.
"""


def empty_log(rows: int) -> Any:
    """Return room for `rows` contributions."""
    return np.zeros(rows, dtype=TURN)


def log_table(log: Any, people: list[str]) -> pd.DataFrame:
    """Return a log as a table with words instead of codes; a chair, who is no member, is called so.

    Parameters
    ----------
    log : array of TURN
    people : list of str
        Names in canonical order.
    """
    import pandas as pd

    table = pd.DataFrame({name: log[name] for name in TURN.names or ()})
    table["mode"] = [MODES[code] for code in table["mode"]]
    table["kind"] = [KINDS[code] if code >= 0 else "" for code in table["kind"]]
    table["person"] = [people[i] if i >= 0 else CHAIR for i in table["speaker"]]
    table.loc[table["speaker"] < 0, ["frank", "said"]] = float("nan")
    table["addressee"] = [people[i] if i >= 0 else "" for i in table["addressee"]]
    for name in ("cut", "anonymous", "off_remit"):
        table[name] = table[name].astype(bool)
    return table.drop(columns="speaker")
