"""Learning: people come to see one another through contact, and gain or lose confidence by being heard."""

from __future__ import annotations

from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import rule, turn_rule


@rule
def first_impression(
    expertise: float, prestige: float, title_reliance: float, same_role: bool, own_role_trust: float
) -> float:
    """Return the credibility of a stranger: partly what they know, partly their title; more for one's own."""
    seen = (1.0 - title_reliance) * expertise + title_reliance * prestige
    if same_role:
        seen = seen + own_role_trust * (1.0 - seen)
    return unit_interval(seen)


@rule
def discounted(credibility: float, discount: float) -> float:
    """Return credibility after a professional's discount of lived experience as a kind of knowledge."""
    return credibility * (1.0 - discount)


@turn_rule
def credibility_step(rate: float, climate: float, understood: float, tie: float, tie_bonus: float) -> float:
    """Return the share by which credibility moves toward actual expertise at one understood turn.

    Contact works best under equal status and within a relationship (Pettigrew & Tropp 2006, direction only).
    """
    return unit_interval(rate * climate * understood * (1.0 + tie_bonus * tie))


@turn_rule
def climate(base: float, ground_rules: float) -> float:
    """Return the equal-status climate, 0..1, given how far ground rules are kept."""
    return base + (1.0 - base) * ground_rules


@turn_rule
def confidence_after(confidence: float, reach: float, cut: bool, gain: float) -> float:
    """Return a speaker's confidence after a turn: up with its reach, down when cut."""
    if cut:
        return confidence - gain * confidence
    return confidence + gain * reach * (1.0 - confidence)


@rule
def appraisal(uptake_share: float, equal_share: float, before: float, memory: float) -> float:
    """Return the learned performance expectation, 0..1 (0.5: as expected), after a meeting.

    Power concentrates by reflected appraisal when uptake feeds expectations (Friedkin 2011).
    """
    seen = unit_interval(0.5 * uptake_share / equal_share) if equal_share > 0.0 else 0.5
    return memory * before + (1.0 - memory) * seen
