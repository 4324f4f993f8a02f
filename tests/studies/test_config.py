"""Study configs: what they mean, and what is said when they are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cosim.errors import ConfigError, CosimError, nearest_name
from cosim.execution.settings import StudySettings
from cosim.studies.config import StudyConfig, check_config, config_from_text, load_config
from cosim.studies.registry import KINDS
from tests.execution.fakes import Toy

GOOD = """\
study: compare
title: Louder or softer?
scenario: toy
interventions: all
bundles:
  both: [louder, {slower: 0.5}]
arms:
  far: {set: {facilitation.dial: 0.9}}
worlds: {count: 4, over: [floor.x, team.count]}
replicates: 10
seed: 3
outcomes: [effect]
compare: {top: 2}
quick:
  replicates: 2
  worlds: {count: 2}
"""


def toy(wanted: str | Path | Mapping[str, Any], settings: StudySettings) -> Toy:
    """The only scenario there is."""
    if isinstance(wanted, Mapping):
        for key in wanted:
            if key not in ("extends", "noise", "toy"):
                raise ConfigError(
                    "there is no such key", key=key, nearest=nearest_name(key, ["extends", "noise"])
                )
        return Toy(noise=float(wanted.get("noise", wanted.get("toy", 0.1))))
    if str(wanted) != "toy":
        near = nearest_name(str(wanted), ["toy"])
        raise ConfigError("there is no such scenario", value=str(wanted), allowed="toy", nearest=near)
    return Toy()


def check(text: str, *, quick: bool = False) -> StudyConfig:
    return check_config(config_from_text(text, Path("c.yaml")), toy, quick=quick)


def test_a_comparison_crosses_worlds_and_arms() -> None:
    config = check(GOOD)
    design = config.design()
    assert design.arms == ("baseline", "louder", "softer", "slower", "both", "far")
    assert len(design.points) == 24
    assert design.replicates == 10
    assert design.seed == 3
    assert [p.world for p in design.points[:7]] == [0] * 6 + [1]
    first, second = design.points[:6], design.points[6:12]
    assert all(p.changes["floor.x"] == first[0].changes["floor.x"] for p in first)
    assert first[0].changes != second[0].changes
    assert first[4].interventions == {"louder": 1.0, "slower": 0.5}
    assert first[5].changes["facilitation.dial"] == 0.9
    assert set(first[0].changes) == {"floor.x", "team.count"}
    assert config.people
    assert config.folder == Path("results/c")


def test_the_design_does_not_depend_on_how_a_study_is_run() -> None:
    one = check(GOOD).design().hash
    manner = (
        "engine: reference\nworkers: 3\nexecutor: processes\noutput: {folder: elsewhere, keep_parts: true}\n"
    )
    assert check(GOOD + manner).design().hash == one
    assert check(GOOD.replace("Louder or softer?", "Softer?")).design().hash == one
    assert check(GOOD.replace("seed: 3", "seed: 4")).design().hash != one


def test_quick_changes_what_it_says_and_nothing_else() -> None:
    quick = check(GOOD, quick=True)
    assert quick.settings.replicates == 2
    assert quick.settings.worlds.count == 2
    assert quick.settings.worlds.over == ["floor.x", "team.count"]
    assert quick.design().points == check(GOOD).design().points[:12], "fewer worlds are the first worlds"


def test_all_uncertain_parameters_are_the_default() -> None:
    design = check("study: compare\nscenario: toy\ninterventions: [louder]\nworlds: {count: 2}\n").design()
    assert list(design.points[0].changes) == ["floor.x", "floor.y", "team.count", "rule.form"]


def test_without_worlds_the_scenario_stays_as_it_stands() -> None:
    design = check("study: compare\nscenario: toy\ninterventions: [{louder: 0.25}]\n").design()
    assert [(p.world, p.arm, dict(p.changes)) for p in design.points] == [
        (0, "baseline", {}), (0, "louder@0.25", {}),
    ]  # fmt: skip


def test_a_config_may_extend_another(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(GOOD)
    (tmp_path / "deeper").mkdir()
    over = tmp_path / "deeper" / "over.yaml"
    over.write_text("extends: ../base.yaml\nreplicates: 7\nbundles: null\nworlds:\n  count: 3\n")
    config = load_config(over, toy)
    assert config.settings.replicates == 7
    assert config.settings.bundles == {}
    assert config.settings.worlds.count == 3
    assert config.settings.worlds.over == ["floor.x", "team.count"]
    assert config.name == "over"
    over.write_text("extends: ../base.yaml\nworlds:\n  cont: 3\n")
    with pytest.raises(ConfigError) as caught:
        load_config(over, toy)
    assert (caught.value.file, caught.value.line) == (over, 3), "the file in which the mistake stands"
    (tmp_path / "base.yaml").write_text(GOOD.replace("top: 2", "top: 0"))
    with pytest.raises(ConfigError) as caught:
        load_config(over.with_name("over.yaml"), toy)
    assert "base.yaml, line 13: compare.top" in str(caught.value) or "worlds.cont" in str(caught.value)


def test_configs_that_extend_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\n")
    (tmp_path / "b.yaml").write_text("study: compare\nextends: a.yaml\n")
    with pytest.raises(
        ConfigError, match=r"b.yaml, line 2: extends: .* in a circle: a.yaml -> b.yaml -> a.yaml"
    ):
        load_config(tmp_path / "a.yaml", toy)


def test_the_resolved_config_is_a_config_of_the_same_design() -> None:
    from cosim.config.yaml_source import Source

    for quick in (False, True):
        config = check(GOOD, quick=quick)
        again = check_config(Source(None, config.resolved()), toy)
        assert again.design().hash == config.design().hash
        assert again.resolved() == config.resolved()


def test_automatic_replicates_have_to_be_settled_first() -> None:
    config = check(GOOD.replace("replicates: 10", "replicates: auto\nprecision: {outcome: effect}"))
    with pytest.raises(ConfigError, match="still to be found"):
        config.design()
    assert config.design(12).replicates == 12
    assert config.resolved(12)["replicates"] == 12


def swap(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


# What is wrong: the text, the line, the key, and words of the message.
BAD: dict[str, tuple[str, int | None, str | None, str]] = {
    "empty file": ("", None, None, "the file is empty"),
    "a list": ("- study: compare\n", 1, None, "not a list"),
    "no kind": (swap("study: compare\n", ""), 1, "study", "missing"),
    "unknown kind": (swap("study: compare", "study: compere"), 1, "study", "did you mean 'compare'?"),
    "kind that is no word": (swap("study: compare", "study: 3"), 1, "study", "no such kind"),
    "unknown key": (GOOD + "colour: red\n", 17, "colour", "there is no such key"),
    "misspelt key": (swap("replicates: 10", "replicats: 10"), 10, "replicats", "did you mean 'replicates'?"),
    "misspelt key inside": (swap("{count: 4", "{cuont: 4"), 9, "worlds.cuont", "did you mean 'count'?"),
    "misspelt key of the kind": (swap("{top: 2}", "{tip: 2}"), 13, "compare.tip", "did you mean 'top'?"),
    "misspelt key of an arm": (swap("{set:", "{sett:"), 8, "arms.far.sett", "did you mean 'set'?"),
    "duplicate key": (GOOD + "seed: 4\n", 17, "seed", "stands twice (first on line 11)"),
    "syntax": (swap("seed: 3", "seed: [3"), 12, None, "square brackets"),
    "no scenario": (swap("scenario: toy\n", ""), 1, "scenario", "missing"),
    "unknown scenario": (swap("scenario: toy", "scenario: toi"), 3, "scenario", "did you mean 'toy'?"),
    "bad inline scenario": (
        swap("scenario: toy", "scenario:\n  extends: toy\n  nois: 1"),
        5,
        "scenario.nois",
        "did you mean 'noise'?",
    ),
    "seed 0": (swap("seed: 3", "seed: 0"), 11, "seed", "never 0"),
    "negative seed": (swap("seed: 3", "seed: -3"), 11, "seed", "allowed: >= 1"),
    "seed too large": (swap("seed: 3", f"seed: {2**63}"), 11, "seed", f"allowed: <= {2**63 - 1}"),
    "seed as text": (swap("seed: 3", "seed: '3'"), 11, "seed", "must be a whole number (found '3')"),
    "no replicates": (swap("replicates: 10", "replicates: 0"), 10, "replicates", "allowed: >= 1"),
    "half a replicate": (swap("replicates: 10", "replicates: 1.5"), 10, "replicates", "whole number"),
    "replicates in words": (swap("replicates: 10", "replicates: many"), 10, "replicates", "auto"),
    "empty value": (swap("replicates: 10", "replicates:"), 10, "replicates", "has no value"),
    "unknown intervention": (
        swap("interventions: all", "interventions: [loudr]"),
        4,
        "interventions[0]",
        "did you mean 'louder'?",
    ),
    "interventions in words": (swap("interventions: all", "interventions: some"), 4, "interventions", "all"),
    "dose above 1": (
        swap("interventions: all", "interventions:\n  - louder: 2"),
        5,
        "interventions[0].louder",
        "up to 1",
    ),
    "dose 0": (
        swap("interventions: all", "interventions: [{louder: 0}]"),
        4,
        "interventions[0].louder",
        "above 0",
    ),
    "number for an intervention": (
        swap("interventions: all", "interventions: [1]"),
        4,
        "interventions[0]",
        "a name",
    ),
    "intervention twice": (
        swap("interventions: all", "interventions: [louder, louder]"),
        4,
        "interventions[1]",
        "already",
    ),
    "unknown in a bundle": (swap("[louder, {", "[laud, {"), 6, "bundles.both", "no such intervention"),
    "contradiction in a bundle": (
        swap("[louder, {slower: 0.5}]", "[louder, softer]"),
        6,
        "bundles.both",
        "contradict",
    ),
    "twice in a bundle": (swap("{slower: 0.5}", "louder"), 6, "bundles.both", "listed twice"),
    "dose in a bundle": (swap("slower: 0.5", "slower: 5"), 6, "bundles.both.slower", "allowed: 0 to 1"),
    "empty bundle": (swap("[louder, {slower: 0.5}]", "[]"), 6, "bundles.both", "empty bundle"),
    "bundle called baseline": (swap("both:", "baseline:"), 6, "bundles.baseline", "always there"),
    "arm of a known name": (swap("far:", "both:"), 8, "arms.both", "already"),
    "unknown parameter in an arm": (
        swap("facilitation.dial:", "facilitation.dal:"),
        8,
        "arms.far",
        "'facilitation.dial'",
    ),
    "value out of range in an arm": (swap("dial: 0.9", "dial: 1.9"), 8, "arms.far", "allowed: 0 to 1"),
    "unknown uncertain parameter": (
        swap("[floor.x,", "[floor.z,"),
        9,
        "worlds.over[0]",
        "no such uncertain parameter",
    ),
    "lever as uncertain parameter": (
        swap("[floor.x,", "[facilitation.dial,"),
        9,
        "worlds.over[0]",
        "no such uncertain parameter",
    ),
    "uncertain parameter twice": (swap("team.count]", "floor.x]"), 9, "worlds.over[1]", "listed twice"),
    "unknown sampler": (
        swap("{count: 4", "{sampler: sobel, count: 4"),
        9,
        "worlds.sampler",
        "did you mean 'sobol'?",
    ),
    "too many worlds": (swap("count: 4", "count: 10000000"), 9, "worlds.count", "allowed: <= 1000000"),
    "worlds as a number": (
        swap("worlds: {count: 4, over: [floor.x, team.count]}", "worlds: 4"),
        9,
        "worlds",
        "block",
    ),
    "unknown outcome": (swap("[effect]", "[efect]"), 12, "outcomes[0]", "did you mean 'effect'?"),
    "outcome twice": (swap("[effect]", "[effect, effect]"), 12, "outcomes[1]", "listed twice"),
    "unknown arm to compare with": (
        swap("{top: 2}", "{against: louda}"),
        13,
        "compare.against",
        "no such arm",
    ),
    "nothing to compare": ("study: compare\nscenario: toy\n", 1, "study", "nothing to compare"),
    "mistake in quick": (swap("  replicates: 2", "  replicates: -2"), 15, "replicates", "allowed: >= 1"),
    "unknown key in quick": (
        swap("  replicates: 2", "  replicats: 2"),
        15,
        "replicats",
        "did you mean 'replicates'?",
    ),
    "kind in quick": (swap("  replicates: 2", "  study: compare"), 15, "quick.study", "cannot be changed"),
    "extends nothing": ("extends: none.yaml\n" + GOOD, 1, "extends", "no such config file"),
    "extends a number": ("extends: 3\n" + GOOD, 1, "extends", "must be the path"),
    "unknown engine": (GOOD + "engine: warp\n", 17, "engine", "allowed: compiled, reference"),
    "no workers": (GOOD + "workers: 0\n", 17, "workers", "allowed: >= 1"),
    "strange cluster address": (GOOD + "cluster: {address: 'here'}\n", 17, "cluster.address", "wrong form"),
    "yes for true": (GOOD + "output: {people: yes}\n", 17, "output.people", "`yes` is a word"),
    "worlds over nothing": (swap("[floor.x, team.count]", "[]"), 9, "worlds.over", "at least 1"),
    "unknown outcome in quick": (
        swap("  replicates: 2", "  outcomes: [efect]"),
        15,
        "outcomes[0]",
        "did you mean 'effect'?",
    ),
    "unknown outcome of precision in quick": (
        swap("  replicates: 2", "  replicates: auto\n  precision: {outcome: efect}"),
        16,
        "precision.outcome",
        "did you mean 'effect'?",
    ),
    "unknown outcome of precision with a number of replicates": (
        GOOD + "precision: {outcome: efect}\n",
        17,
        "precision.outcome",
        "allowed: effect, minutes, winner",
    ),
    "unknown outcome of precision": (
        swap("replicates: 10", "replicates: auto\nprecision: {outcome: efect}"),
        11,
        "precision.outcome",
        "'effect'",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_configs_name_file_line_key_and_remedy(kind: str) -> None:
    text, line, key, words = BAD[kind]
    with pytest.raises(ConfigError) as caught:
        check(text)
    error = caught.value
    assert words in str(error), str(error)
    assert (error.line, error.key) == (line, key), str(error)
    assert str(error).startswith("c.yaml")
    assert "\n" not in str(error), "one mistake, one line"


def test_enough_kinds_of_mistakes() -> None:
    assert len(BAD) >= 25


def test_kinds_are_registered_once_and_documented() -> None:
    assert "compare" in KINDS
    for name, kind in KINDS.items():
        assert name == kind.name
        assert kind.sentence.endswith("?")
        assert all(info.description for info in kind.block.model_fields.values())
    assert all(info.description for info in StudySettings.model_fields.values())
    with pytest.raises(CosimError, match="'compare'"):
        KINDS.add(KINDS["compare"])
