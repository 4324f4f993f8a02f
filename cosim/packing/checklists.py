"""Reporting checklists, filled as far as the program knows; what only the authors can say is marked "you".

The names of the items are short ones of our own: the checklists themselves are to be read at their sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cosim.formatting.words import and_list, counted, sentence
from cosim.outcomes import outcome_in_sentence
from cosim.reporting.generated import markdown_table
from cosim.scenario import SourceRecord
from cosim.studies.report_texts import (
    LIMITS,
    pairing_words,
    sample_words,
    sampler_words,
    status_words,
)
from cosim.studies.results import Results, present

YOU: Final = "**you**"
_NO_PUBLIC: Final = LIMITS[-1]


@dataclass(frozen=True)
class Checklist:
    """A checklist, filled in.

    Attributes
    ----------
    file, title, source : str
        File name; what it is; where it comes from.
    items : tuple of (number, item, answer)
        An answer that begins with `YOU` is for the authors.
    """

    file: str
    title: str
    source: str
    items: tuple[tuple[str, str, str], ...]

    @property
    def left(self) -> int:
        """How many items only the authors can fill."""
        return sum(answer.startswith(YOU) for _, _, answer in self.items)

    def text(self) -> str:
        """Return it in Markdown."""
        left = counted(self.left, "item")
        head = (
            f"# {self.title}\n\n{self.source}\n\nFilled by cosim from the study's record; {left} of "
            f"{len(self.items)} marked {YOU} can be filled by the authors alone.\n\n"
        )
        return head + markdown_table(("item", "what is asked", "answer"), self.items) + "\n"


def checklists(results: Results) -> tuple[Checklist, ...]:
    """Return every checklist of a finished study."""
    known = _known(results)
    return (_stress(known), _trace(known), _gripp2(known), _spirit(known))


def _known(results: Results) -> Mapping[str, str]:
    """Return what the program knows of the study, in words."""
    scenario, config = results.scenario, results.config
    outcomes = present(list(config.get("outcomes", [])), results) or list(results.outcomes)[:1]
    software, platform = results.provenance["software"], results.provenance.get("platform", {})
    question = str(config.get("question") or "").strip()
    packages = [f"{key[8:]} {value}" for key, value in platform.items() if key.startswith("package ")]
    name = f"scenario `{scenario.identity}`" if scenario else "no scenario of a team"
    seconds = results.provenance.get("resources", {}).get("seconds")
    return {
        "question": question or "the question of its kind of study (see the report)",
        "scenario": name,
        "rationale": " ".join(scenario.description.split()) if scenario else "",
        "sources": " ".join(map(_source_words, scenario.sources)) if scenario else "",
        "assumed": " ".join(map(sentence, scenario.assumed)) if scenario else "",
        "outcomes": and_list([outcome_in_sentence(each) for each in outcomes], most=8),
        "kind": results.kind,
        "arms": counted(results.design["arm"].nunique(), "arm"),
        "sample": sample_words(results),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
        "seed": str(results.study["seed"]),
        "engine": str(results.study.get("engine", "compiled")),
        "version": results.version,
        "code": str(software.get("code", "")),
        "platform": f"Python {platform.get('python', '?')} on {platform.get('system', '?')} "
        f"{platform.get('machine', '')}; {and_list(packages, most=20)}",
        "took": f"{seconds:,.0f} seconds" if isinstance(seconds, int | float) else "a time that is not known",
        "public": str(scenario.count("patient")) if scenario else "0",
        "size": str(scenario.size) if scenario else "0",
        "status": status_words(),
    }


def _source_words(one: SourceRecord | str) -> str:
    return one.reference if isinstance(one, SourceRecord) else sentence(one)


def _stress(known: Mapping[str, str]) -> Checklist:
    odd = "`model/ODD.md`"
    items = (
        ("1.1", "Purpose of the model", f"{odd}, section 1. Asked here: {known['question']}"),
        (
            "1.2",
            "Outputs, how they are computed, their errors",
            f"{known['outcomes']}; every column in `study/columns.csv`; intervals and Monte Carlo errors in "
            f"the "
            "methods text of `study/report.html`",
        ),
        (
            "1.3",
            "Aims of the experiments",
            f"study of kind `{known['kind']}` with {known['arms']}; reason for each in the report",
        ),
        ("2.1", "Diagram of the base model", f"{odd}, section 3 (schedule in words); {YOU}: a diagram"),
        ("2.2", "Logic of the base model", f"{odd}, sections 2, 3 and 7"),
        ("2.3", "Logic of the scenarios", f"{known['scenario']}, {odd}, interventions; `study/config.yaml`"),
        ("2.4", "Algorithms", f"{odd}, section 7; one file per mechanism in the source"),
        ("2.5.1", "Components: environment", f"{odd}, section 2"),
        ("2.5.2", "Components: agents", f"{odd}, section 2: a team of {known['size']}"),
        ("2.5.3", "Components: who interacts with whom", f"{odd}, sections 2 and 7"),
        ("2.5.4", "Components: entry and exit", f"{odd}, team: groups that join or leave"),
        ("3.1", "Data sources", f"{known['status']} Scenario: {known['sources'] or 'no source named'}"),
        ("3.2", "Pre-processing of data", "none for this study; of calibration data, see the documentation"),
        ("3.3", "Input parameters", f"{odd}, parameters; sampled ranges in the report. {known['sampler']}"),
        (
            "3.4",
            "Assumptions",
            f"report, Assumptions, each with its status; limits in the report. {known['assumed']}".strip(),
        ),
        ("4.1", "Initialisation, warm-up", f"{odd}, section 5; projects begin at their first meeting"),
        ("4.2", "Run length", f"until the last phase of the project has decided; {odd}, phases"),
        ("4.3", "Estimation: replicates, precision", f"{known['sample']}. {known['pairing']}"),
        ("5.1", "Software, language", f"cosim {known['version']} (code {known['code']})"),
        (
            "5.2",
            "Random sampling",
            f"Philox counter-based streams, one per kind of decision; seed {known['seed']}",
        ),
        ("5.3", "Execution of the model", f"one speaking turn a step; {known['engine']} engine"),
        ("5.4", "System", f"{known['platform']}; it took {known['took']}"),
        ("6.1", "Sharing of the model", "source under MIT; this pack re-runs itself: `cosim verify --rerun`"),
    )
    source = (
        "STRESS-ABS: Monks et al. (2019), Journal of Simulation 13(1), 55-67, "
        "doi:10.1080/17477778.2018.1442155."
    )
    return Checklist("STRESS-ABS.md", "STRESS-ABS: reporting an agent-based simulation", source, items)


def _trace(known: Mapping[str, str]) -> Checklist:
    items = (
        ("1", "Problem formulation", f"{known['question']}; {YOU}: whose decision it is to support"),
        ("2", "Model description", "`model/ODD.md`"),
        ("3", "Data evaluation", f"{known['status']} {YOU}: whether these hold for your team"),
        (
            "4",
            "Conceptual model evaluation",
            "`model/ODD.md`, section 4: concepts and the theory behind them",
        ),
        (
            "5",
            "Implementation verification",
            "two independent implementations compared bit for bit; tests with known answers (source)",
        ),
        ("6", "Model output verification", "calibration and published patterns: documentation, Validation"),
        ("7", "Model analysis", f"this study ({known['kind']}): {known['sample']}"),
        (
            "8",
            "Model output corroboration",
            "patterns that were not used in fitting: documentation, Validation; no data of public "
            "contributors' "
            "talk in research teams exist to corroborate it with",
        ),
    )
    source = (
        "TRACE: Grimm et al. (2014), Ecological Modelling 280, 129-139, doi:10.1016/j.ecolmodel.2014.01.018 "
        "(names of the eight parts recalled, unchecked)."
    )
    return Checklist("TRACE.md", "TRACE: an outline", source, items)


def _gripp2(known: Mapping[str, str]) -> Checklist:
    items = (
        ("1", "Aim of involvement in the study", f"{YOU}"),
        (
            "2",
            "Methods used for involvement",
            f"{YOU}. Of the tool: {_NO_PUBLIC} The {known['public']} public contributors of {known['size']} "
            "members in the scenario are simulated; they are nobody's involvement.",
        ),
        ("3", "Results of involvement, positive and negative", f"{YOU}"),
        ("4", "Extent to which involvement influenced the study", f"{YOU}"),
        ("5", "Reflections: what went well, what did not", f"{YOU}"),
    )
    source = (
        "GRIPP2 short form: Staniszewska et al. (2017), BMJ 358, j3453, doi:10.1136/bmj.j3453. It is about "
        "the "
        "involvement of people in your study. A simulation of involvement is none."
    )
    return Checklist("GRIPP2-SF.md", "GRIPP2-SF: reporting patient and public involvement", source, items)


def _spirit(known: Mapping[str, str]) -> Checklist:
    items = (
        (
            "11",
            "Patient and public involvement: in design, conduct and reporting of the trial",
            f"{YOU}: who is involved, when, how, and with what say. What cosim can add: which ways of "
            f"working "
            f"you compared for that ({known['scenario']}, {known['sample']}), with the paragraph for a "
            f"protocol "
            "in the report.",
        ),
    )
    source = (
        "SPIRIT 2025 statement: Chan et al. (2025), doi:10.1371/journal.pmed.1004589 (the number of the item "
        "is "
        "recalled, unchecked)."
    )
    return Checklist("SPIRIT-2025-involvement.md", "SPIRIT 2025: the item on involvement", source, items)


def index(found: Sequence[Checklist]) -> str:
    """Return what the checklists are, with how much is left to the authors."""
    rows = [(f"`{one.file}`", one.title, f"{one.left} of {len(one.items)}") for one in found]
    return markdown_table(("file", "checklist", "left to you"), rows)
