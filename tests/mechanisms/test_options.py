"""Options: where in the streams of merit they are drawn, given what was chosen before."""

from __future__ import annotations

import itertools

from cosim.mechanisms.options import MOST, place_drawn


def test_an_option_that_hangs_on_nothing_is_drawn_at_its_place_on_the_list():
    assert [place_drawn(o, 7, False) for o in range(5)] == [0, 1, 2, 3, 4]


def test_every_choice_opens_options_of_its_own():
    places = {(c, o): place_drawn(o, c, True) for c, o in itertools.product(range(60), range(60))}
    assert len(set(places.values())) == 3600


def test_the_places_of_four_phases_fit_into_32_bits():
    place = MOST - 1
    for _ in range(3):
        place = place_drawn(MOST - 1, place, True)
    assert place == 2**32 - 1
