"""What ways of working move through which channel: a table for each, and no other than the model's."""

from __future__ import annotations

import pytest

from cosim.interventions import INTERVENTIONS
from cosim.interventions.through_channels import AS_IT_IS, OUTCOMES, through_channels
from cosim.scenario.channels import CHANNELS
from experiments.channels_of_ways import rows_of


def test_every_way_of_working_has_every_channel_and_outcome():
    found = through_channels()
    assert len(found) >= 36
    assert set(found) <= set(INTERVENTIONS), "run: python -m experiments.channels_of_ways"
    for way, channels in found.items():
        assert list(channels) == [AS_IT_IS, *CHANNELS], way
        for one in channels.values():
            assert tuple(one) == OUTCOMES
            assert all(moved.low <= moved.estimate <= moved.high for moved in one.values())


def test_a_secret_ballot_works_by_the_bends_and_delegation_by_the_last_word():
    found = through_channels()
    secret = found["secret_ballot"]
    assert secret["bend to the lead"]["influence_gini"].high < 0.0
    assert not secret["talk"]["influence_parity_public"].told_from_nothing
    delegated = found["delegated_decisions"]
    whole, last_word = (delegated[name]["influence_parity_public"] for name in (AS_IT_IS, "last word"))
    assert whole.low > 0.0
    assert last_word.estimate > 0.5 * whole.estimate


@pytest.mark.slow
@pytest.mark.parametrize("way", ["round_robin"])
def test_the_table_is_what_the_model_gives(way):
    """Otherwise run: python -m experiments.channels_of_ways."""
    found = through_channels()[way]
    for row in rows_of((way,)):
        kept = found[row["channel"]][row["outcome"]]
        assert [f"{x:.4f}" for x in (kept.estimate, kept.low, kept.high)] == list(row.values())[3:]
