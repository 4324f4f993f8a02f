"""Whose views are found in where the group ends: the model of views, on teams whose influence is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from cosim.errors import ConfigError
from cosim.observation.influence_model import InfluenceModel
from cosim.observation.planted_views import Planted
from cosim.observation.view_blocks import blocks_of
from cosim.patterns.views import EXACT_REPEATS


def test_the_density_is_that_of_the_whole_normal_distribution() -> None:
    """Classes of people who are alike are summed up; the answer is that of everybody at once."""
    blocks = blocks_of(Planted(2, 3, 4, closed=0.3, missing=0.3).views(np.random.default_rng(1)))
    model = InfluenceModel(blocks)
    centre, sd = model._centre()
    theta = centre + 0.5 * sd * np.random.default_rng(2).standard_normal((5, model.size))
    closed, logs, spreads, _ = model._parted(theta)
    middle = np.concatenate([b.before[~np.isnan(b.before)] for b in blocks.blocks]).mean()
    share = 0.13 / (1.0 - EXACT_REPEATS)
    want = []
    rows = zip(closed, logs, spreads, (theta - centre) / sd, strict=True)
    for (c, s), log, (own, shared, shift, change), z in rows:
        total = -0.5 * float(z @ z)
        for block in blocks.blocks:
            n = len(block.role)
            w = np.exp(log[block.role])
            same = (block.role[:, None] == block.role).astype(float)
            views = 1.0 + shared**2 * same + own**2 * np.eye(n)
            error = (own**2 + shared**2) * share / (1.0 - share) * np.eye(n)
            mix = s * w / w.sum() + (1.0 - s) / n
            a = (1.0 - c) * np.eye(n) + c * np.outer(np.ones(n), mix)
            kept = EXACT_REPEATS * error
            last = a @ views @ a.T + shift**2 + kept + change**2 * np.eye(n)
            whole = np.block([[views + error, views @ a.T + kept], [a @ views + kept, last]])
            y = np.concatenate([block.before, block.after]) - middle
            known = ~np.isnan(y)
            total += multivariate_normal.logpdf(y[known], np.zeros(known.sum()), whole[np.ix_(known, known)])
        want.append(total)
    found = model.log_density(theta)
    assert found - found[0] == pytest.approx(np.array(want) - want[0], abs=0.01)


@pytest.mark.parametrize("weight", [0.2, 5.0])
def test_plenty_of_items_find_planted_influence(weight: float) -> None:
    team = Planted(4, 4, 400, weight=weight, closed=0.5, role=0.25, missing=0.05)
    found = InfluenceModel(blocks_of(team.views(np.random.default_rng(3)))).fit(draws=600)
    middle, low, high = found.interval(found.weights[:, found.roles.index("public")])
    assert low <= team.share <= high
    assert high - low < 0.45
    assert abs(middle - team.equal) > 0.15
    middle, low, high = found.interval(found.outcome[:, found.roles.index("public")])
    c = team.closed * team.social
    assert middle == pytest.approx((1.0 - c) * team.equal + c * team.share, abs=0.04)
    assert high - low < 0.1
    closed, low, high = found.interval(found.closed)
    assert abs(closed - 0.5) < 0.1
    assert found.effective_size > 100


def test_answering_errors_are_no_influence() -> None:
    """Asked again without any talk, people seem to move toward the others; nearly nothing is closed."""
    team = Planted(3, 5, 60, closed=0.0, shift=1e-4, change=1e-4, missing=0.0)
    found = InfluenceModel(blocks_of(team.views(np.random.default_rng(4)))).fit(draws=600)
    assert found.interval(found.closed)[0] < 0.08
    naive = InfluenceModel(blocks_of(team.views(np.random.default_rng(4))), retest=1.0).fit(draws=600)
    assert naive.interval(naive.closed)[0] > found.interval(found.closed)[0] + 0.05


def test_few_items_leave_what_was_believed_before() -> None:
    views = Planted(2, 2, 3).views(np.random.default_rng(5))
    blocks = blocks_of(views)
    prior = np.where(np.array(blocks.roles) == "public", np.log(0.2), 0.0)
    alike, leaning = (InfluenceModel(blocks, prior=one).fit(draws=600) for one in (None, prior))
    shares = [one.interval(one.weights[:, one.roles.index("public")]) for one in (alike, leaning)]
    assert shares[0][2] - shares[0][1] > 0.5
    assert shares[1][0] < shares[0][0] - 0.1


def test_a_decision_tells_whose_views_it_followed() -> None:
    views = Planted(3, 5, 60, role=0.2).views(np.random.default_rng(6))
    mean = views.frame.groupby(["meeting", "question", "item", "role"])["before"].mean().unstack()
    decided = (0.1 * mean["public"] + 0.9 * mean["professionals"]).rename("decided").reset_index()
    blocks = blocks_of(views, decided=decided)
    found = InfluenceModel(blocks, decision=True).fit(draws=600)
    assert found.interval(found.weights[:, found.roles.index("public")])[2] < 0.375
    assert found.items == 60
    with pytest.raises(ConfigError, match="decided"):
        InfluenceModel(blocks_of(views), decision=True)


def test_voice_that_brings_weight_is_found() -> None:
    rng = np.random.default_rng(7)
    talk = np.array([0.3, 0.5, 1.0, 1.2, 3.0])
    w = talk**1.5 / (talk**1.5).sum()
    before = np.clip(0.5 + 0.2 * rng.standard_normal((150, 5)), 0.0, 1.0)
    after = np.clip(
        0.5 * before + 0.5 * (before @ w)[:, None] + 0.03 * rng.standard_normal((150, 5)), 0.0, 1.0
    )
    at = np.indices(before.shape).reshape(2, -1)
    frame = pd.DataFrame({"item": at[0].astype(str), "person": at[1].astype(str), "before": before.ravel(),
                          "after": after.ravel(), "role": "member"})  # fmt: skip
    from cosim.meeting_logs.views_file import view_table

    blocks = blocks_of(view_table(frame), talk={("1", str(i)): float(x) for i, x in enumerate(talk)})
    found = InfluenceModel(blocks, voice=True).fit(draws=600)
    assert found.voice is not None
    middle, low, high = found.interval(found.voice)
    assert low > 0.3
    assert low < 1.8
    assert 0.7 < middle < 2.5
    assert high > 1.2


def test_a_retest_that_is_none_is_refused() -> None:
    blocks = blocks_of(Planted().views(np.random.default_rng(8)))
    for retest in (0.3, 1.2):
        with pytest.raises(ConfigError, match="correlation"):
            InfluenceModel(blocks, retest)


@pytest.mark.slow
def test_intervals_hold_planted_influence_as_often_as_they_say() -> None:
    """Sizes from 4 to 30, 1 to 6 meetings, 3 to 30 items; answers are rounded, repeated and missing."""
    base = Planted(missing=0.1)
    teams = [
        replace(base, public=2, others=2, items=3),
        replace(base, public=3, others=5, items=10, meetings=3, closed=0.4),
        replace(base, public=4, others=8, items=30, weight=0.4, closed=0.4),
        replace(base, public=10, others=20, items=15, meetings=2, weight=2.0),
        replace(base, public=2, others=6, items=30, meetings=6, weight=0.5, closed=0.5),
    ]
    inside, draws = 0, 40
    for place, team in enumerate(teams):
        for one in range(draws):
            blocks = blocks_of(team.views(np.random.default_rng([place, one])))
            found = InfluenceModel(blocks).fit(draws=500)
            _, low, high = found.interval(found.weights[:, found.roles.index("public")])
            inside += low <= team.share <= high
    assert inside / (draws * len(teams)) > 0.92
