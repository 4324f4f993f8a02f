"""Options: which of a later phase's exist at all depends on what was chosen before."""

from __future__ import annotations

from cosim.mechanisms.compiled import rule

MOST = 256
"""More than the options of any phase: so far apart lie the places of what two choices open."""


@rule
def place_drawn(option: int, chosen_at: int, opened: bool) -> int:
    """Return the place in the streams of merit at which an option is drawn.

    An option that an earlier choice opened is drawn at a place of its own for each such choice: the same
    choice opens the same option, another choice another one.  The places of four phases fit into 32 bits.

    Parameters
    ----------
    option : int
        Place on the list, 0..255.
    chosen_at : int
        Place at which the option chosen in the phase before was drawn.
    opened : bool
        Whether this option hangs on that choice.
    """
    return MOST * chosen_at + option if opened else option
