"""The tool that guards the numbers must notice when they move."""

from __future__ import annotations

import numpy as np
import pytest

from tests.reference_results import ReferenceResults, differences

VALUES = {"voice_gini": 0.25, "runs": 3, "who": ["a", None], "empty": float("nan")}


def test_round_trip_and_a_moved_number(tmp_path):
    ReferenceResults(tmp_path, update=True)("case", VALUES)
    compare = ReferenceResults(tmp_path)
    compare("case", VALUES)
    compare("case", VALUES | {"voice_gini": np.float64(0.25) * (1 + 1e-13)})
    with pytest.raises(pytest.fail.Exception, match=r"voice_gini: 0\.25 -> 0\.2500001"):
        compare("case", VALUES | {"voice_gini": 0.2500001})


def test_a_missing_file_is_a_failure(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="--update-reference"):
        ReferenceResults(tmp_path)("case", VALUES)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, "b"),
        ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b[1]"),
        ([1, 2], [1, 2, 3], "value"),
        (1, True, "value"),
        (1, 1.0, "value"),
        (0.0, 1e-6, "value"),
        (None, float("nan"), "value"),
    ],
)
def test_differences_are_named(old, new, where):
    (line,) = differences(old, new, rel=1e-9)
    assert line.strip().startswith(f"{where}:")


def test_the_fixture_uses_the_folder_of_the_tests(reference):
    assert reference.folder.name == "reference"
    assert reference.folder.parent.name == "tests"
