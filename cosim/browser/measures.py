"""Voice, influence and standing of the options at any moment of a running project.

Nothing is defined twice: these are the outcomes of `cosim.outcomes`, taken before the project is over, so
that at its end they equal the outcomes' columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosim.mechanisms import counters, decision
from cosim.model.model import LOOKED_AT, CoproductionModel
from cosim.model.stages.ballot import settle_ballots
from cosim.model.stages.reception import correlation

Floats = NDArray[np.float64]


def voice_shares(model: CoproductionModel) -> Floats:
    """Return each member's share of all turns so far, (N,); zeros before the first."""
    turns = model.state.people[:, counters.TURNS]
    total = turns.sum()
    return np.asarray(turns / total if total > 0.0 else np.zeros(model.size))


def standing_influence(model: CoproductionModel) -> Floats:
    """Return each member's share of the decision if the phase were decided by ballots now, (N,)."""
    return np.asarray(model.influence_now())


def influence_shares(model: CoproductionModel) -> Floats:
    """Return each member's share of the decisions so far, (N,): those made, and the one at hand as it stands.

    Decisions count by their importance.  Before the first turn everyone has an equal share.
    """
    if model.phase < 0:
        return np.full(model.size, 1.0 / model.size)
    people, phases = model.state.people, model.plan.phases
    made = len(model.choices)
    total = people[:, counters.OWN] + people[:, counters.CARRIED] + people[:, counters.ARGUED]
    weight = sum(float(phase.importance) for phase in phases[:made])
    if made <= model.phase < len(phases):
        now = float(phases[model.phase].importance)
        total = total + now * standing_influence(model)
        weight += now
    if weight <= 0.0:
        return standing_influence(model)
    return np.asarray(total / weight)


def inequality(shares: Floats) -> float:
    """Return the Gini coefficient of shares, as in `cosim.mechanisms.inequality.gini`; 0 when all are 0."""
    total = float(shares.sum())
    if total <= 0.0:
        return 0.0
    apart = np.abs(shares[:, None] - shares[None, :]).sum() / 2.0
    return float(apart / (len(shares) * total))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the options stand.

    Attributes
    ----------
    scores : tuple of float
        Mean score on the ballots, by weight of vote, if they were cast now.
    leading : int
        The option that the rule would choose now, before any override by the lead.
    public, professionals, lead : int
        The favourite of each; -1 where there is nobody.
    agreement : float
        Correlation of the public's and the professionals' mean judgements (outcome `agreement_after`).
    """

    scores: tuple[float, ...]
    leading: int
    public: int
    professionals: int
    lead: int
    agreement: float


def standing_of_options(model: CoproductionModel) -> Standing:
    """Return where the options stand now, by the very ballots that would decide."""
    state, plan = model.state, model.plan
    options = int(plan.phases[max(model.phase, 0)].options)
    # On copies: looking at the ballots must not change what follows.
    copies = {name: getattr(state, name).copy() for name in LOOKED_AT}
    leading, _ = settle_ballots(
        plan,
        state._replace(**copies),
        max(model.meeting, 0),
        model.level,
        model.seed_number,
        model.replicate,
        final=False,
    )
    votes = copies["vote"]
    scores = votes @ copies["ballots"][:, :options] / max(float(votes.sum()), 1e-12)
    judged = np.asarray(model.option_values())
    public = _mean_of(judged, plan.is_public & state.member)
    staff = _mean_of(judged, ~plan.is_public & state.member)
    agreement = 1.0
    if public is not None and staff is not None:
        agreement = float(correlation(public, staff, options))
    leads = np.flatnonzero(plan.is_lead & state.member)
    return Standing(
        scores=tuple(scores.tolist()),
        leading=int(leading),
        public=_favourite(public),
        professionals=_favourite(staff),
        lead=int(decision.best_of(judged[leads[0]], options)) if len(leads) else -1,
        agreement=agreement,
    )


def wishes_of_members(model: CoproductionModel) -> tuple[int, ...]:
    """Return the favourite of each member now; -1 for those who are not on the team."""
    judged = np.asarray(model.option_values())
    return tuple(
        int(decision.best_of(judged[i], judged.shape[1])) if model.state.member[i] else -1
        for i in range(model.size)
    )


def _mean_of(judged: Floats, chosen: Any) -> Floats | None:
    return judged[chosen].mean(axis=0) if np.any(chosen) else None


def _favourite(judged: Floats | None) -> int:
    return -1 if judged is None else int(decision.best_of(judged, len(judged)))
