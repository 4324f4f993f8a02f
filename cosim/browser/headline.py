"""What a class should see at a glance: the public's share of talk and decision."""

from __future__ import annotations

import numpy as np

from cosim.browser.drawing.svg import escaped
from cosim.browser.team_run import Watch
from cosim.formatting.words import counted

WIDEST = 2.0
"""Equal shares at which a bar ends."""


def headline_html(watch: Watch, team: str) -> str:
    """Return the public's part of talk and decision: two bars against one line, and a sentence."""
    model = watch.model
    public = np.array([bool(one) for one in model.plan.is_public])
    lead = np.array([bool(one) for one in model.plan.is_lead])
    if not public.any():
        return ""
    voice, influence = watch.shares()
    equal = public.mean()
    talk, decision = float(voice[public].sum()), float(influence[public].sum())
    rows = [
        _bar("Speaks", talk / equal, f"{100 * talk:.0f} of 100 turns", "talk"),
        _bar("Decides", decision / equal, f"{100 * decision:.0f} of 100 parts", "decision"),
    ]
    who = (
        "the public contributor has"
        if public.sum() == 1
        else (f"the {counted(int(public.sum()), 'public contributor', spelled=True)} have")
    )
    several = len(watch.decisions) > 1 or (bool(watch.decisions) and watch.decided is None)
    what = "the decisions so far" if several else "the decision"
    told = f"Of 100 parts of {what} {who} {100 * decision:.0f}"
    if lead.any():
        told += f", the lead alone {100 * float(influence[lead].sum()):.0f}"
    told += f". Equal would be {100 * equal:.0f}."
    return (
        f'<div class="cosim-headline" data-testid="headline-{team}" data-talk="{talk:.6f}" '
        f'data-decision="{decision:.6f}">{"".join(rows)}<p>{escaped(told)}</p></div>'
    )


def _bar(name: str, share: float, words: str, kind: str) -> str:
    wide = min(share, WIDEST) / WIDEST
    return (
        f'<div class="cosim-pair"><b>{name}</b><span class="cosim-track"><i class="{kind}" '
        f'style="width:{wide:.1%}"></i></span><span>{escaped(words)}</span></div>'
    )
