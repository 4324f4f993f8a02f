"""Voice, influence and standing of the options at any moment of a running project.

Nothing is defined anew: these are the outcomes of `cosim.outcomes`, taken before the project is over, so
that at its end they equal the outcomes' columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosim.mechanisms import counters, decision
from cosim.model.model import CoproductionModel
from cosim.model.stages.ballot import correlation, settle_ballots
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.project import MANDATE, WEIGHS

Floats = NDArray[np.float64]


def voice_shares(model: CoproductionModel) -> Floats:
    """Return each member's share of all turns so far, (N,); zeros before the first."""
    turns = model.state.people[:, counters.TURNS]
    total = turns.sum()
    return np.asarray(turns / total if total > 0.0 else np.zeros(model.size))


def standing_influence(model: CoproductionModel, counted: Floats | None = None) -> Floats:
    """Return each member's share of the decision if the phase were decided now, (N,).

    With every vote counted as its voter's own this is `CoproductionModel.influence_now`, for all beliefs at
    once and so some hundred times faster.

    Parameters
    ----------
    model : CoproductionModel
    counted : array (N,), optional
        Weight of each member's judgement on the ballots as they would be cast; see `Standing`.
    """
    state, options = model.state, model.plan.phases[max(model.phase, 0)].options
    size = model.size
    votes = state.vote if counted is None else counted
    held = votes[:, None] * state.traits[:, WEIGHS : WEIGHS + 4] / options
    mandate = state.traits[:, MANDATE]
    own = held * (1.0 - mandate)[:, None]
    touched = state.touched[:options]
    said, kinds = np.nonzero(touched)
    sources = np.einsum("tms,mt->s", state.weight[said, kinds], own[:, kinds])
    sources[:size] += own @ (options - touched.sum(axis=0))
    sources[size:] += held.sum(axis=1) * options * mandate
    return np.asarray(sources[:size] + sources[size:])


def influence_shares(model: CoproductionModel, counted: Floats | None = None) -> Floats:
    """Return each member's share of the decisions so far, (N,): those made, and the one at hand as it stands.

    Decisions count by their importance.  Before the first turn everyone has an equal share.  `counted` is the
    weight of each member's judgement in the one at hand, by the rule that will decide it.
    """
    if model.phase < 0:
        return np.full(model.size, 1.0 / model.size)
    people, phases = model.state.people, model.plan.phases
    made = len(model.choices)
    total = people[:, counters.OWN] + people[:, counters.CARRIED]
    weight = sum(float(phase.importance) for phase in phases[:made])
    if made <= model.phase < len(phases):
        now = float(phases[model.phase].importance)
        total = total + now * standing_influence(model, counted)
        weight += now
    if weight <= 0.0:
        return standing_influence(model, counted)
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
    counted : tuple of float
        Weight of each member's judgement in the decision by the rule that would make it now: voters who look
        to the lead, or to the ballots before theirs, cast part of somebody else's.
    agreement : float
        Correlation of the public's and the professionals' mean judgements (outcome `agreement_after`).
    """

    scores: tuple[float, ...]
    leading: int
    public: int
    professionals: int
    lead: int
    counted: tuple[float, ...]
    agreement: float


def standing_of_options(model: CoproductionModel) -> Standing:
    """Return where the options stand now, by the very ballots that would decide."""
    state, plan = model.state, model.plan
    options = int(plan.phases[max(model.phase, 0)].options)
    # On copies: looking at the ballots must not change what follows.
    copies = {name: getattr(state, name).copy() for name in ("views", "ballots", "mix", "order", "scratch")}
    luck = (model.seed_number, model.replicate)
    leading, _ = settle_ballots(plan, state._replace(**copies), max(model.meeting, 0), model.level, luck)
    votes = state.vote
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
        counted=tuple(_counted(model, votes, copies["mix"]).tolist()),
        agreement=agreement,
    )


def _counted(model: CoproductionModel, votes: Floats, mix: Floats) -> Floats:
    """Return how much each member's judgement weighs in a decision, as `ballot.spread_influence` has it."""
    lead = lead_of(model.plan, model.state.member, model.level)
    if model.plan.phases[max(model.phase, 0)].rule == decision.LEAD_DECIDES and lead >= 0:
        return np.asarray(mix[lead, : model.size])
    return np.asarray(votes @ mix[:, : model.size])


def _mean_of(judged: Floats, chosen: Any) -> Floats | None:
    return judged[chosen].mean(axis=0) if np.any(chosen) else None


def _favourite(judged: Floats | None) -> int:
    return -1 if judged is None else int(decision.best_of(judged, len(judged)))
