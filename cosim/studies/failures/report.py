"""failures: under which conditions an arm does not do what it should.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.charts.style import Draw
from cosim.reporting.blocks import Page
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE
from cosim.studies.factor_titles import titles
from cosim.studies.failures import figures
from cosim.studies.failures.findings import HALVES, SHUFFLES, Failures
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_MOST_STABLE = 12


def page(results: Results) -> Page:
    """Return the report of a search for failures."""
    one = Failures(results)
    checked_outcomes(results, one.outcome)
    text = _worded(one, titles(one.factors.names))
    answer = text.parts["answer"]
    data = {"cases": one.cases.merge(one.design, on="point")}
    if one.searchable:
        data["boxes"] = pd.concat([each.trajectory.assign(search=n) for n, each in enumerate(one.boxes, 1)])
        limits = pd.concat([each.limits.assign(search=n) for n, each in enumerate(one.boxes, 1)])
        data |= {"limits": limits} if len(limits) else {}
        data["tree"] = one.tree.leaves
        data["reproducibility"] = one.stable
        data["regional"] = one.regional
        data |= {"regional_along": one.along} if one.along is not None else {}
    how = (common.methods(text.parts["methods"]),)
    closing = common.closing(results, how, " ".join(answer), arm=BASELINE)
    return page_of(results, answer, (*text.sections, *closing), data)


def _worded(one: Failures, names: Mapping[str, str]) -> Worded:
    """Fill the template: numbers and figures; no words."""
    results = one.results
    values: dict[str, Any] = {
        "ceiling": common.CEILING,
        "one": one,
        "names": names,
        "share": one.share(one.arm),
        "usual": one.share(BASELINE) if BASELINE in one.means and one.arm != BASELINE else None,
        "replicates": results.replicates,
        "settings": len(next(iter(one.means.values()))),
        "noise_words": common.noise_words(noise_of(results, one.outcome, one.design)),
        "basis": common.basis(results),
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
        "prim": one.prim_settings,
        "halves": HALVES,
        "shuffles": SHUFFLES,
    }
    pictures: dict[str, Draw] = {"shares": figures.shares(one).draw}
    if one.searchable:
        values |= _conditions(one) | _regional(one)
        pictures |= _pictures(one, names)
    return worded(_TEMPLATE, values, pictures=pictures)


def _conditions(one: Failures) -> dict[str, Any]:
    """Return the numbers of boxes, of their limits, of how stable they are, and of the tree."""
    boxes = [{**one.row(found), "place": found.box} for found in one.boxes]
    limits = [
        {**limit, "search": n}
        for n, found in enumerate(one.boxes, 1)
        for limit in found.limits.to_dict("records")
    ]
    stable = one.stable[one.stable["restricted_share"] > 0].head(_MOST_STABLE)
    leaves = zip(one.tree.boxes, one.tree.leaves.to_dict("records"), strict=True)
    in_tree = {name for box in one.tree.boxes for name in box.restricted}
    return {
        "boxes": boxes,
        "first": boxes[0],
        "limits": limits,
        "stable": stable.to_dict("records"),
        "leaves": [{**leaf, "place": box} for box, leaf in leaves],
        "shared": [name for name in one.boxes[0].box.restricted if name in in_tree],
    }


def _regional(one: Failures) -> dict[str, Any]:
    """Return the numbers of what differs between settings that fail and the others."""
    along = one.along
    found = {} if along is None else {"parts": int(along["bin"].max())}
    somewhere = set() if along is None else set(along.loc[along["above_floor"], "factor"])
    return {
        "gaps": one.regional.to_dict("records"),
        "in_box": [name for name in one.differing if name in one.boxes[0].box.restricted],
        "only_along": [name for name in one.factors.names if name in somewhere - set(one.differing)],
        "parts": 0,
        **found,
    }


def _pictures(one: Failures, names: Mapping[str, str]) -> dict[str, Draw]:
    found: dict[str, Draw] = {
        "trajectory": figures.trajectory(one).draw,
        "gaps": figures.gaps(one, names).draw,
    }
    for name, picture in (
        ("distributions", figures.distributions(one, names)),
        ("along", figures.along(one, names)),
    ):
        if picture is not None:
            found[name] = picture.draw
    if any(each.box.restricted for each in one.boxes):
        found["boxes"] = figures.limits(one, names).draw
        if one.boxes[0].box.ranges:
            found["settings"] = figures.settings(one, names).draw
    return found
