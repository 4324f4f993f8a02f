"""The interventions as plain rows, for the command line, the documents and the report."""

from __future__ import annotations

from collections.abc import Iterable

from cosim.interventions.intervention import Intervention


def rows(interventions: Iterable[Intervention]) -> list[dict[str, object]]:
    """Return one plain row per intervention.

    Returns
    -------
    list of dict
        Keys: name, title, family, sentence, mechanism, effort, compliance, decay (per meeting),
        needs_support, grade, evidence, sources, built_in, conflicts.  Texts, except the numbers compliance
        and decay and the truth value needs_support.
    """
    return [
        {
            "name": one.name,
            "title": one.title,
            "family": one.family,
            "sentence": one.sentence,
            "mechanism": "; ".join(effect.words() for effect in one.effects),
            "effort": "; ".join(part.words() for part in one.effort),
            "compliance": one.compliance,
            "decay": one.decay,
            "needs_support": one.needs_support,
            "grade": one.evidence.grade,
            "evidence": one.evidence.text,
            "sources": "; ".join(one.evidence.sources),
            "built_in": ", ".join(one.built_in),
            "conflicts": ", ".join(one.conflicts),
        }
        for one in interventions
    ]
