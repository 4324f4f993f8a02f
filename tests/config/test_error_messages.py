"""Many mistakes in one file are told in a message that can be read."""

from __future__ import annotations

import pytest

from cosim.config.error_messages import MOST_TOLD, ManyConfigError
from cosim.errors import ConfigError


@pytest.mark.parametrize("count", [1, 2, MOST_TOLD + 1, MOST_TOLD + 2, 2000])
def test_no_message_is_longer_than_a_screen_or_two(count: int) -> None:
    error = ManyConfigError([ConfigError("wrong", key=f"k{number}") for number in range(count)])
    lines = str(error).splitlines()
    assert len(error.others) == count - 1, "all of them can be had"
    assert len(lines) == min(count, MOST_TOLD + 2)
    assert ("more" in lines[-1]) == (count > MOST_TOLD + 1)
