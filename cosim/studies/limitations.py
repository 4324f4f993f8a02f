"""A paragraph on limitations, to be pasted into a paper or an application."""

from __future__ import annotations

from cosim.studies.report_texts import first_look, status_counts
from cosim.studies.results import Results


def limitations(results: Results) -> str:
    """Return a paragraph on limitations, for the end of a paper or an application."""
    counts = status_counts()
    scenario = f" (scenario {results.scenario.identity})" if results.scenario else ""
    warning = first_look(results)
    return " ".join(
        part
        for part in (
            "The simulation explores mechanisms; it does not predict what happens in a real team.",
            f"{counts['assumption']} of its {sum(counts.values())} parameters are assumptions, choices or "
            f"planning "
            f"prices; {counts['empirical']} were estimated from data and {counts['expert']} read off "
            f"published "
            "work.",
            "How much public contributors speak in research meetings has not been published, so that it is "
            "assumed; no trial isolates most of the ways of working that were compared.",
            f"The results hold for one team{scenario} and for the ranges that were sampled.",
            f"They are {warning}." if warning else "",
            "What a rule makes by construction was kept apart from findings.",
            "Trust, dignity and what people learn for life are not in the model.",
            "Public contributors have not yet taken part in building the program.",
        )
        if part
    )
