"""What `cosim report FOLDER --lens NAME` tells: a finished study read through a framework."""

from __future__ import annotations

from pathlib import Path

import click


def tell(folder: Path, name: str) -> None:
    """Print a lens's questions and what it shows of each way of working.

    Raises
    ------
    ConfigError
        For an unknown lens, a folder without a finished study, or one that lacks an outcome the lens needs.
    """
    from cosim.errors import ConfigError
    from cosim.formatting import terminal
    from cosim.lenses import lens_named
    from cosim.studies.arm_titles import arms_of
    from cosim.studies.panels import means_by_arm
    from cosim.studies.results import read_results

    lens = lens_named(name)
    results = read_results(folder, lambda notice: click.echo(notice, err=True))
    means = means_by_arm(results, lens)
    if means is None:
        missing = [column for column in lens.columns if column not in results.run_columns]
        told = f"this study has no {', '.join(missing)}, which the lens looks at"
        raise ConfigError(told, file=folder, key="lens", value=name)
    click.echo(lens.title)
    for sentence in (f"Source: {lens.source}.", lens.caution):
        click.echo(terminal.paragraph(sentence))
    titles = {arm: known.title for arm, known in arms_of(results).items()}
    read = {
        str(arm): lens.read({str(key): float(value) for key, value in row.items()})
        for arm, row in means.iterrows()
    }
    for axis in lens.axes:
        click.echo(f"\n{axis.name}")
        click.echo(terminal.paragraph(f"{axis.question} Read off: {axis.says()}."))
        rows = [
            {"way": titles.get(arm, arm), "value": found[axis.name].number, "reading": found[axis.name].words}
            for arm, found in read.items()
        ]
        click.echo(terminal.table(rows, ["way", "value", "reading"], ["way of working", "value", "reading"]))
