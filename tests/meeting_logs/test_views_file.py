"""Tables of views before and after: every shape and kind, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.decisions_file import read_decisions
from cosim.meeting_logs.people_file import read_people
from cosim.meeting_logs.views_file import ViewTable, read_views, view_table


def written(folder: Path, text: str, name: str = "views.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def views_in(folder: Path, text: str, **more: object) -> ViewTable:
    return read_views(written(folder, text), **more)  # type: ignore[arg-type]


BY_ITEM = (
    "person,item,before,after\nAnn,Safety,3,4\nBen,Safety,5,\nAnn,Cost,2,2\nBen,Cost,2,NA\nCy,Cost,1,3\n"
)


def test_the_three_shapes_say_the_same(tmp_path: Path) -> None:
    first = views_in(tmp_path, BY_ITEM).frame
    waves = "who;item;wave;value\nAnn;Safety;before;3\nBen;Safety;pre;5\nAnn;Safety;post;4\nAnn;Cost;1;2\n"
    waves += "Ann;Cost;2;2,0\nBen;Cost;before;2\nCy;Cost;before;1\nCy;Cost;after;3\n"
    people = "Name\tSafety before\tSafety after\tCost (before)\tCost (after)\n"
    people += "Ann\t3\t4\t2\t2\nBen\t5\t\t2\t-\nCy\t\t\t1\t3\n"
    for text in (waves, people):
        other = views_in(tmp_path, text).frame
        both = first.merge(other, on=["person", "item"], suffixes=("", "_other"))
        assert len(both) == 5
        for wave in ("before", "after"):
            assert np.array_equal(both[wave], both[f"{wave}_other"], equal_nan=True)


def test_ratings_have_a_scale_and_missing_answers_stay_missing(tmp_path: Path) -> None:
    found = views_in(tmp_path, BY_ITEM)
    assert (found.kind, found.scale, found.items, found.people) == (
        "ratings",
        (1.0, 5.0),
        2,
        ("Ann", "Ben", "Cy"),
    )
    assert found.frame["before"].tolist() == [0.5, 1.0, 0.25, 0.25, 0.0]
    assert found.frame["after"].isna().tolist() == [False, True, False, True, False]
    assert views_in(tmp_path, BY_ITEM, scale=(0.0, 10.0)).frame["before"].tolist() == [
        0.3,
        0.5,
        0.2,
        0.2,
        0.1,
    ]


def test_ranks_probabilities_and_first_choices(tmp_path: Path) -> None:
    rows = [(p, o, b, a) for p, pairs in {"Ann": "132,312", "Ben": "213,213"}.items()
            for o, b, a in zip("xyz", *pairs.split(","), strict=True)]  # fmt: skip
    ranks = views_in(tmp_path, "person,item,before,after\n" + "\n".join(",".join(row) for row in rows))
    assert ranks.kind == "ranks"
    assert ranks.frame["before"].tolist() == [1.0, 0.0, 0.5, 0.5, 1.0, 0.0]
    chances = views_in(
        tmp_path, "person,item,before,after\nAnn,c,70%,0.8\nBen,c,20 %,0.1\n", kind="probabilities"
    )
    assert chances.frame[["before", "after"]].to_numpy().tolist() == [[0.7, 0.8], [0.2, 0.1]]
    chosen = views_in(tmp_path, "person,question,before,after\nAnn,Topic,Pain,Sleep\nBen,Topic,sleep,\n")
    assert chosen.kind == "first_choices"
    table = chosen.frame.set_index(["person", "item"])
    assert table.loc[("Ann", "Pain"), "before"] == 1.0
    assert table.loc[("Ann", "Sleep"), "after"] == 1.0
    assert table.loc[("Ben", "Sleep"), "before"] == 1.0
    assert math.isnan(table.loc[("Ben", "Pain"), "after"])


def test_decisions_are_read_on_the_views_own_scale(tmp_path: Path) -> None:
    views = views_in(tmp_path, BY_ITEM)
    found = read_decisions(written(tmp_path, "item,decision\nsafety,5\nCost,\n", "d.csv"), views)
    assert found[["item", "decided"]].to_numpy().tolist() == [["Safety", 1.0]]
    chosen = views_in(tmp_path, "person,question,before,after\nAnn,Topic,Pain,Sleep\nBen,Topic,Sleep,\n")
    found = read_decisions(written(tmp_path, "question,decision\nTopic,sleep\n", "d.csv"), chosen)
    assert dict(zip(found["item"], found["decided"], strict=True)) == {"Pain": 0.0, "Sleep": 1.0}


def test_a_people_file_merges_spellings_and_gives_roles(tmp_path: Path) -> None:
    people = read_people(
        written(tmp_path, "name,other spellings,group\nAnn Lee,Ann,public\nBen,,provider\n", "p.csv")
    )
    found = views_in(tmp_path, BY_ITEM, people=people)
    assert found.people == ("Ann Lee", "Ben", "Cy")
    roles = dict(zip(found.frame["person"], found.frame["role"], strict=True))
    assert roles == {"Ann Lee": "public contributor", "Ben": "provider", "Cy": "unknown"}


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("person,item,before,after\nAnn,x,3,4\nBen,x,drei,4\nCy,x,1,2\n", 3, "no number"),
        ("person,item,before,after\nAnn,x,3,4\nAnn,x,3,4\n", 3, "second time"),
        ("person,item,before,after\nAnn,,3,4\nBen,x,3,4\n", 2, "no item"),
        ("person,item,before\nAnn,x,3\n", 1, "no shape"),
        ("item,before,after\nx,3,4\n", 1, "who answered"),
        ("person,item,wave,value\nAnn,x,befor,3\nBen,x,after,3\n", 2, "before or after"),
        ("person,item,before,after\nAnn,x,3,4\n", None, "only one person"),
        ("person,item,before,after\nAnn,x,3,\nBen,x,,3\n", None, "both before and after"),
        ("person,item,before,after\n", 1, "no answers"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int | None, told: str
) -> None:
    with pytest.raises(ConfigError, match=told) as error:
        views_in(tmp_path, text)
    assert error.value.line == line
    assert error.value.file is not None


def test_values_outside_of_a_scale_and_unknown_items_name_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="outside of the scale") as error:
        views_in(tmp_path, BY_ITEM, scale=(1.0, 4.0))
    assert (error.value.line, error.value.key, error.value.value) == (3, "before", "5")
    with pytest.raises(ConfigError, match="not a kind") as error:
        views_in(tmp_path, BY_ITEM, kind="rating")
    assert error.value.nearest == "ratings"
    with pytest.raises(ConfigError, match="nobody gave a view") as error:
        read_decisions(written(tmp_path, "item,decision\nSaftey,5\n", "d.csv"), views_in(tmp_path, BY_ITEM))
    assert (error.value.line, error.value.nearest) == (2, "Safety")


def test_a_table_in_memory_is_checked() -> None:
    frame = pd.DataFrame(
        {"person": ["a", "b"], "item": ["x", "x"], "before": [0.1, 1.2], "after": [0.2, 0.3]}
    )
    with pytest.raises(ConfigError, match="between 0 and 1"):
        view_table(frame)
    with pytest.raises(ConfigError, match="twice"):
        view_table(frame.assign(person="a", before=0.5))


WIDE = ["Name", "Safety before", "Safety after", "Cost before", "Cost after"]
CELLS = [["Ann", "3,5", "4", "2", ""], ["Ben", "5,0", "k.A.", "2", "n.a."], ["Cy", "4,5", "1", "1", "3"]]


def saved(rows: list[list[str]], first: str = "") -> str:
    return first + "".join(";".join(row) + "\r\n" for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        saved([WIDE, *CELLS]),
        "\ufeff" + saved([[*WIDE, "", ""], *([*row, "", ""] for row in CELLS), [""] * 7]),
        saved([WIDE, *CELLS], "sep=;\r\n"),
        saved([["Ratings of March"] + [""] * 4, [""] * 5, WIDE, *CELLS]),
        saved([["Name", "Safety", "", "Cost", ""], ["", "before", "after", "before", "after"], *CELLS]),
        saved([WIDE, *CELLS, ["Mean", "4,3", "2,5", "1,7", "3"]]),
    ],
)
def test_tables_as_spreadsheets_save_them_say_the_same(tmp_path: Path, text: str) -> None:
    found = views_in(tmp_path, text)
    assert found.people == ("Ann", "Ben", "Cy")
    table = found.frame.set_index(["person", "item"]).sort_index()
    assert table["before"].tolist() == pytest.approx([0.25, 0.625, 0.25, 1.0, 0.0, 0.875])
    assert table["after"].isna().tolist() == [True, False, True, True, False, False]
    assert any("left out" in note for note in found.notes) == ("Mean" in text)


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "views.xlsx"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(ConfigError, match="Save As, CSV UTF-8"):
        read_views(path)
