"""No column of any table that a study writes is without a record, in CSV and in Parquet."""

from __future__ import annotations

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from cosim.studies.columns import FIELDS, Dictionary, known_columns
from cosim.studies.rerun import check_files
from tests.cli.terminal import cosim
from tests.studies.test_reports import HEAD, TINY

pytestmark = pytest.mark.usefixtures("one_format")

COMPARE = "interventions: [round_robin]\nworlds: {count: 3}\noutcomes: [influence_gini]\n"


@pytest.fixture(scope="module", params=["compare", "failures", "structure", "sobol"])
def finished(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    text = HEAD.format(kind=request.param) + {**TINY, "compare": COMPARE}[request.param]
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    done = cosim("run", folder / "study.yaml", "-o", folder / "out", "-w", "1")
    assert done.exit_code == 0, done.output
    return folder / "out"


def test_each_table_has_its_columns_beside_it(finished):
    for place, tables in (
        (finished, sorted(finished.glob("*.parquet"))),
        (finished / "tables", sorted((finished / "tables").glob("*.csv"))),
    ):
        told = pd.read_csv(place / "columns.csv", keep_default_na=False)
        assert tuple(told.columns) == FIELDS
        assert told["sentence"].str.endswith(".").all(), told[~told["sentence"].str.endswith(".")]
        assert (told["source"] != "").all() or set(told[told["source"] == ""]["column"]) == {"dummy"}
        for table in tables:
            if table.name == "columns.csv":
                continue
            frame = pd.read_parquet(table) if table.suffix == ".parquet" else pd.read_csv(table)
            rows = told[told["table"] == table.stem]
            assert list(rows["column"]) == list(frame.columns), table.name
            for row in rows.to_dict("records"):
                values = frame[row["column"]]
                if row["least"] != "" and pd.api.types.is_numeric_dtype(values):
                    assert float(row["least"]) <= values.min() + 1e-12 or values.isna().all(), row
                if row["greatest"] != "" and pd.api.types.is_numeric_dtype(values):
                    assert values.max() <= float(row["greatest"]) + 1e-12 or values.isna().all(), row


def test_parquet_columns_say_what_they_are(finished):
    for table in finished.glob("*.parquet"):
        for field in pq.read_schema(table):
            assert field.metadata[b"description"].endswith(b"."), (table.name, field.name)
    schema = pq.read_schema(finished / "runs.parquet")
    assert schema.field("minutes").metadata[b"unit"] == b"minutes"
    assert schema.field("money").metadata[b"unit"] == b"GBP"


def test_the_dictionary_is_in_the_manifest(finished):
    held = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"columns.csv", "tables/columns.csv"} <= set(held)
    assert check_files(finished).faults == ()


def test_money_is_in_the_study_s_currency():
    assert Dictionary("EUR").column("money").unit == "EUR"
    assert Dictionary("EUR").column("money_extra").unit == "EUR"
    assert Dictionary("").column("money").unit == "money"


def test_every_record_is_whole():
    for name in known_columns():
        one = Dictionary("GBP").column(name)
        assert one.sentence.endswith("."), name
        assert one.source, name
        assert one.least < one.greatest, name


@pytest.mark.parametrize(
    ("key", "unit"),
    [
        ("floor.returning", None),
        ("phases.conducting.minutes", "minutes"),
        ("phases.conducting.level", ""),
        ("roles.patient.openness", None),
        ("team.patients.count", ""),
        ("with.buddy", "dose 0-1"),
    ],
)
def test_columns_of_the_design_come_from_the_parameters(key, unit):
    one = Dictionary().column(key)
    assert one.sentence.endswith("."), one
    assert unit is None or one.unit == unit
    assert Dictionary().column("no.such_key") is None
    assert Dictionary().column("with.nothing") is None
