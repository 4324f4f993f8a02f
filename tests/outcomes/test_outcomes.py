"""Outcomes: recomputed here from the members' table and the turn log; all within their range."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from cosim import CoproductionModel, load_scenario
from cosim.engine.batch import run_compiled
from cosim.outcomes import (
    OUTCOME_NAMES,
    OUTCOMES,
    PERSON_COLUMNS,
    outcome_in_sentence,
    outcome_named,
    outcome_title,
)
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import simulate
from tests.paired import team
from tests.strategies import scenarios

N = 6
TEAM = team().with_interventions("process_facilitator", {"anonymous_input": 0.5})


@pytest.fixture(scope="module")
def made():
    return simulate(TEAM, replicates=N, seed=8, log=True)


def gini(values) -> float:
    x = np.asarray(values, dtype=float)
    return float(np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) * x.sum()))


def by_replicate(made, compute) -> np.ndarray:
    return np.array([compute(rows) for _, rows in made.people.groupby("replicate")])


def is_public(rows: pd.DataFrame) -> pd.Series:
    return rows["role"] == "patient"


# ---------------------------------------------------------------- the records


def test_records_are_complete_and_distinct():
    assert len(OUTCOMES) == len(set(OUTCOME_NAMES)) >= 50
    for one in OUTCOMES:
        assert one.sentence[0].isupper()
        assert one.sentence.endswith(".")
        assert one.unit
        assert one.better in (-1, 0, 1)
    assert {one.group for one in OUTCOMES} == {
        *("voice", "uptake", "influence", "agreement", "decision", "process", "cost", "check")
    }


def test_levels_of_involvement_are_not_ranked_good_to_bad():
    assert next(one for one in OUTCOMES if one.name == "enacted_level").better == 0


@pytest.mark.parametrize(
    "name",
    [
        *("voice_gini", "influence_gini", "voice_parity_public", "influence_parity_public"),
        *("decision_quality", "agreement_before", "agreement_after", "minutes", "money"),
    ],
)
def test_names_that_others_rely_on_are_there(name):
    assert name in OUTCOME_NAMES


def test_names_of_members_columns_that_others_rely_on_are_there():
    assert {"voice_share", "influence_share"} <= set(PERSON_COLUMNS)


# ---------------------------------------------------------------- recomputed from the members' table


@pytest.mark.parametrize(
    ("outcome", "compute"),
    [
        ("voice_gini", lambda rows: gini(rows["turns"])),
        ("words_gini", lambda rows: gini(rows["words"])),
        ("uptake_gini", lambda rows: gini(rows["uptake_share"])),
        ("influence_gini", lambda rows: gini(rows["influence_share"])),
        (
            "voice_parity_public",
            lambda rows: rows["turns"][is_public(rows)].sum() / rows["equal_turns"][is_public(rows)].sum(),
        ),
        ("uptake_parity_public", lambda rows: rows["uptake_share"][is_public(rows)].sum() / (4 / 12)),
        ("influence_parity_public", lambda rows: rows["influence_share"][is_public(rows)].sum() / (4 / 12)),
        (
            "influence_parity_provider",
            lambda rows: rows["influence_share"][rows["role"] == "provider"].sum() / (3 / 12),
        ),
        ("influence_min", lambda rows: rows["influence_share"].min() * 12),
        ("influence_lead", lambda rows: rows["influence_share"].iloc[0] * 12),
        (
            "influence_theil",
            lambda rows: (rows["influence_share"] * np.log(rows["influence_share"] * 12)).sum(),
        ),
        ("visible_parity_public", lambda rows: rows["decision_weight"][is_public(rows)].sum() / (4 / 12)),
        ("perceived_influence_public", lambda rows: rows["perceived_influence"][is_public(rows)].mean()),
        (
            "influence_carried_public",
            lambda rows: (
                rows["influence_carried"][is_public(rows)].sum()
                / rows["influence_share"][is_public(rows)].sum()
            ),
        ),
        ("turns", lambda rows: rows["turns"].sum()),
        ("attendance_public", lambda rows: rows["attendance"][is_public(rows)].mean()),
        (
            "confidence_gained_public",
            lambda rows: (rows["confidence_last"] - rows["confidence_first"])[is_public(rows)].mean(),
        ),
        (
            "credibility_gained_public",
            lambda rows: (rows["credibility_last"] - rows["credibility_first"])[is_public(rows)].mean(),
        ),
        (
            "interruption_gap",
            lambda rows: (
                (rows["cut"][is_public(rows)].sum() / rows["turns"][is_public(rows)].sum())
                / (rows["cut"].sum() / rows["turns"].sum())
            ),
        ),
        ("acceptability_mean", lambda rows: rows["acceptance"].mean()),
    ],
)
def test_outcome_from_the_members_table(made, outcome, compute):
    assert made.runs[outcome].to_numpy() == pytest.approx(by_replicate(made, compute), abs=1e-9)


def test_shares_sum_to_1(made):
    for column in ("voice_share", "words_share", "uptake_share", "influence_share", "agenda_share"):
        assert by_replicate(made, lambda rows, c=column: rows[c].sum()) == pytest.approx(np.ones(N))


def test_the_gap_is_voice_less_influence(made):
    gap = made.runs["voice_parity_public"] - made.runs["influence_parity_public"]
    assert made.runs["voice_influence_gap"].to_numpy() == pytest.approx(gap.to_numpy())


# ---------------------------------------------------------------- recomputed from the turn log


def test_outcomes_from_the_turn_log(made):
    log, run = made.log, made.runs.iloc[0]
    spoken = log[log["turn"] >= 0]
    first = made.people[made.people["replicate"] == 0].set_index("person")
    assert run["turns"] == len(spoken)
    turns = spoken["person"].value_counts()
    for person, row in first.iterrows():
        mine = spoken[spoken["person"] == person]
        assert row["turns"] == turns.get(person, 0)
        assert row["words"] == pytest.approx(mine["words"].sum())
        assert row["cut"] == mine["cut"].sum()
        assert row["invited"] == (mine["mode"] == "invited").sum()
    assert run["off_remit"] == pytest.approx(spoken["off_remit"].mean())
    assert run["steered"] == pytest.approx(spoken["mode"].isin(["invited", "queue"]).mean())
    assert spoken["mode"].isin(["invited"]).any()
    public = log["person"].str.startswith("patients")
    assert run["withheld_public"] == pytest.approx(1.0 - log["frank"][public].mean())
    uptake = log.groupby("person")["uptake"].sum()
    share = (uptake / uptake.sum()).reindex(first.index, fill_value=0.0)
    assert first["uptake_share"].to_numpy() == pytest.approx(share.to_numpy())
    mine, all_ = log["uptake"][public].sum(), log["uptake"].sum()
    per_turn = (mine / public.sum()) / (all_ / len(log))
    assert run["uptake_per_turn_public"] == pytest.approx(per_turn)


def test_uptake_per_contribution_counts_written_ones():
    writing = team().with_interventions("nominal_group")
    made = simulate(writing, replicates=1, seed=8, log=True)
    public = made.log["person"].str.startswith("patients")
    assert (made.log["mode"] == "written").any()
    ratio = made.log["uptake"][public].mean() / made.log["uptake"].mean()
    assert made.runs["uptake_per_turn_public"][0] == pytest.approx(ratio)


def test_minutes_and_interruptions_come_from_the_clock():
    model = CoproductionModel(team(), seed=8, collect=False).run_model()
    log, outcomes = model.turn_log(), model.outcomes()
    talked = 0.0
    for _, meeting in log.groupby("meeting"):
        last = meeting.iloc[-1]
        talked += last["minute"] + last["words"] / 180.0 + 1.0 / 60.0
    assert outcomes["minutes"] == pytest.approx(talked)
    assert outcomes["interruptions"] == pytest.approx(log["cut"].sum() / (talked / 60.0))


# ---------------------------------------------------------------- ranges, over random scenarios

RANGES = {"Gini": (0.0, 1.0), "share": (0.0, 1.0), "0-1": (0.0, 1.0), "correlation": (-1.0, 1.0)}
SIGNED = {
    "ties_gained",
    "credibility_gained_public",
    "confidence_gained_public",
    "voice_influence_gap",
    "closure",
}


@settings(max_examples=50)
@given(scenarios())
def test_outcomes_stay_within_their_range(scenario):
    runs = run_compiled(resolve(scenario)[0], range(3), 8, people=False).runs
    for at, one in enumerate(OUTCOMES):
        low, high = RANGES.get(one.unit, (0.0, np.inf))
        if one.name in SIGNED:
            low = -np.inf
        assert (runs[:, at] >= low - 1e-12).all(), one.name
        assert (runs[:, at] <= high + 1e-12).all(), one.name


def test_without_a_public_its_outcomes_are_0():
    """A scenario with a role absent runs and says so by zeros, never by NaN."""
    alone = team().replace({"team.patients": None})
    runs = simulate(alone, replicates=3, seed=8).runs
    for name in OUTCOME_NAMES:
        assert np.isfinite(runs[name]).all(), name
    for name in ("influence_parity_public", "voice_parity_public", "attendance_public", "agreement_after"):
        assert (runs[name] == 0.0).all()


# ---------------------------------------------------------------- known answers


def test_a_delegated_decision_is_never_overridden_and_a_settled_one_never_discussed():
    listed = team().replace({"accountability.form": "delegated", "phases.*.delegated": True})
    assert (simulate(listed, replicates=40, seed=8).runs["override_rate"] == 0.0).all()
    unlisted = listed.replace({"phases.*.delegated": False})
    assert simulate(unlisted, replicates=40, seed=8).runs["override_rate"].mean() > 0.0
    settled = simulate(team().replace({"system.plan_flexibility": 0.0}), replicates=10, seed=8)
    assert (settled.runs["settled_before"] == 1.0).all()
    assert settled.runs["influence_lead"].to_numpy() == pytest.approx(12.0)
    assert (settled.runs["influence_parity_public"] == 0.0).all()


def test_enacted_level_is_the_mean_code():
    mixed = team().replace({"phases.governance.level": "inform", "phases.conducting.level": "empower"})
    runs = simulate(mixed, replicates=3, seed=8).runs
    assert (runs["enacted_level"] == (0 + 3 + 4 + 3) / 4).all()


def test_importance_weighs_the_phases():
    """A phase without importance leaves no trace in the decision's outcomes."""
    mixed = team().replace({"phases.*.importance": 0.0, "phases.conducting.importance": 2.0})
    informed = mixed.replace({"phases.conducting.level": "inform"})
    assert (simulate(informed, replicates=5, seed=8).runs["influence_parity_public"] == 0.0).all()
    assert (simulate(mixed, replicates=5, seed=8).runs["influence_parity_public"] > 0.0).all()


def test_the_promise_gap_is_the_shortfall_below_the_declared_level():
    rhetoric = load_scenario("rhetoric_only").replace({"phases.*.minutes": 20.0})
    honest = rhetoric.replace({"phases.*.declared": "involve"})
    said, meant = (simulate(one, replicates=40, seed=8).runs for one in (rhetoric, honest))
    shortfall = 0.8 - said["influence_parity_public"]
    # The gap is taken phase by phase; here every phase falls short, so the mean shortfall is the gap.
    assert said["promise_gap"].mean() == pytest.approx(shortfall.mean(), abs=1e-9)
    assert meant["promise_gap"].mean() < 0.1 * said["promise_gap"].mean() + 0.1


def test_titles_fit_into_a_sentence():
    assert outcome_in_sentence("influence_parity_public") == "the public's influence parity"
    assert outcome_in_sentence("influence_gini") == "inequality of influence (Gini)"
    for outcome in OUTCOMES:
        assert ", " not in outcome_in_sentence(outcome.name)


def test_titles_are_the_records_own():
    titles = [outcome.title for outcome in OUTCOMES]
    assert len(set(titles)) == len(titles)
    for outcome in OUTCOMES:
        assert outcome.title[:1].isupper()
        assert "_" not in outcome.title + outcome.in_sentence
        assert outcome_title(outcome.name) == outcome.title
    assert outcome_title("of_another_model") == "Of another model"
    assert outcome_named("of_another_model").better == 0
