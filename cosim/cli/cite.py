"""cosim cite: how to cite a scenario, a released id or a finished study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cosim.scenario import Scenario
    from cosim.studies.citation import Form, Reference


@click.command(short_help="Say how to cite a scenario or a study.")
@click.argument("what", metavar="SCENARIO|ID|FOLDER")
@click.option("--bibtex", "form", flag_value="bibtex", help="As BibTeX.")
@click.option("--ris", "form", flag_value="ris", help="As RIS, for reference managers.")
@click.option("--csl", "form", flag_value="csl", help="As CSL-JSON.")
@click.option("--cff", "form", flag_value="cff", help="As a CITATION.cff file.")
@click.option(
    "--author", "authors", multiple=True, help="An author of the study: 'Family, Given'; repeatable."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with the sources of a scenario.")
def command(what: str, form: Form | None, authors: tuple[str, ...], *, as_json: bool) -> None:
    """Tell how to cite a SCENARIO (a name or a file), an ID that was released, or the study in a FOLDER."""
    from cosim.catalogue.register import Released, scenario_or_released
    from cosim.studies import citation

    if Path(what).is_dir():
        references = citation.folder_references(Path(what), authors)
        _print(references, form, {"references": [one.text() for one in references]}, as_json)
        return
    found = scenario_or_released(what)
    references = [citation.scenario_reference(found.identity)]
    if not isinstance(found, Released):
        references += citation.source_references(found.sources)
    if isinstance(found, Released):
        record = {"identity": found.identity, "model": found.model, "scenario": dict(found.values)}
        _print(references, form, record, as_json)
    elif form:
        _print(references, form, {}, False)
    else:
        _tell(found, references[0], as_json)


def _print(references: list[Reference], form: Form | None, record: dict[str, Any], as_json: bool) -> None:
    from cosim.formatting import terminal
    from cosim.studies.citation import written

    if as_json:
        import json

        click.echo(json.dumps(record, indent=1, ensure_ascii=False))
    elif form:
        click.echo(written(references, form), nl=False)
    else:
        for one in references:
            click.echo(terminal.paragraph(one.text(), "", "  "))
        click.echo("\nFor a reference manager: --bibtex, --ris, --csl or --cff.")


def _tell(found: Scenario, reference: Reference, as_json: bool) -> None:
    from cosim.version import __version__

    meetings = sum(phase.meetings for phase in found.phases.values())
    words = (
        f"We simulated the scenario `{found.name}` ({found.title or 'untitled'}; identity {found.identity}) "
        f"with cosim {__version__}, an agent-based model of power in co-produced health-research teams. "
        f"It has {found.size} members, {found.count('patient')} of them public contributors, and "
        f"{meetings} meeting{'' if meetings == 1 else 's'}."
    )
    if as_json:
        import json

        record = {
            "scenario": found.name,
            "identity": found.identity,
            "title": found.title,
            "software": reference.text(),
            "sentence": words,
            "sources": found.to_dict()["sources"],
            "assumed": list(found.assumed),
            "discrepancies": found.to_dict().get("discrepancies", []),
        }
        click.echo(json.dumps(record, indent=1, ensure_ascii=False))
        return
    from cosim.formatting import terminal

    click.echo("Reference (for a reference manager: --bibtex, --ris, --csl or --cff):")
    click.echo(terminal.paragraph(reference.text(), "  "))
    click.echo("\nFor a methods section:")
    click.echo(terminal.paragraph(words, "  "))
    click.echo("\nWhere the scenario comes from:" if found.sources else "\nThe scenario names no sources.")
    for source in found.sources:
        click.echo(terminal.paragraph(str(source), "  ", "    "))
    if found.assumed:
        click.echo("\nWhat of it is assumed:")
    for assumption in found.assumed:
        click.echo(terminal.paragraph(assumption, "  ", "    "))
    told = (
        "The identity is made of the model's version and of every value of the scenario, not of its words: "
        "a corrected typo keeps it, and a reader who sees another one has another scenario. "
        "`cosim show ID` tells what an id stands for."
    )
    click.echo("\n" + terminal.paragraph(told))
