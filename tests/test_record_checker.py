"""The function that checks the rows of Arrow tables, without Ray and Spark."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components import needs
from linter import Linter, records
from linter.records.archives import MAX_BODY

needs("pyarrow")
import pyarrow as pa  # noqa: E402

ROOT = Path(__file__).parent.parent
LATE = "The tram is late.It is full."
BUNDLE = Linter(isolated=True).bundle()


def check(table: Any, **options: Any) -> list[dict[str, Any]]:
    """Return the rows of the result, as mappings."""
    rows: list[dict[str, Any]] = records.checker(BUNDLE, **options)(table).to_pylist()
    return rows


def rules(row: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in row["findings"]]


def test_a_row_has_the_findings_of_its_text() -> None:
    (row,) = check(pa.table({"id": [7], "text": [LATE], "site": ["north"]}), keep=["site"], path="export")
    (expected,) = [one.as_json() for one in Linter(isolated=True).check(LATE, kind="text", path="export")]
    assert row == {
        "site": "north",
        "record": "7",
        "findings": [expected | {"record": "7"}],
        "problems": [],
        "suppressed": 0,
    }


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(pa.array([LATE]), id="text"),
        pytest.param(pa.array([LATE], pa.large_string()), id="large text"),
        pytest.param(pa.array([LATE], pa.string_view()), id="a view of a text"),
        pytest.param(pa.array([LATE.encode()]), id="bytes"),
        pytest.param(pa.array([LATE]).dictionary_encode(), id="a dictionary"),
    ],
)
def test_types_of_texts(column: Any) -> None:
    (row,) = check(pa.table({"text": column}))
    assert (rules(row), row["problems"]) == (["spacing/after-stop"], [])


@pytest.mark.parametrize(("site", "expected"), [("mkdocs", False), ("hugo", True)])
def test_the_config_names_the_site(tmp_path: Path, site: str, expected: bool) -> None:
    (tmp_path / "copydesk.yaml").write_text(f"site: {site}\n", "utf-8")
    bundle = Linter(config=tmp_path / "copydesk.yaml").bundle()
    table = pa.table({"text": ["See [the plan](https://example.org/tram plan)."]})
    (row,) = records.checker(bundle, columns={"kind": "markdown"})(table).to_pylist()
    assert ("links/unlinked" in rules(row)) == expected


def test_nested_columns_and_a_constant_kind() -> None:
    table = pa.table({"post": [{"raw": f"<p>{LATE}</p>"}, None]})
    rows = check(table, columns={"body": "post.raw", "kind": "html"})
    assert [rules(row) for row in rows] == [["spacing/after-stop"], []]


def test_a_bad_row_has_a_problem_and_the_others_are_checked() -> None:
    not_utf8 = pa.StringArray.from_buffers(1, pa.array([0, 2], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfe"))
    bodies = pa.chunked_array([pa.array([None, "x" * (MAX_BODY + 1), LATE]), not_utf8])
    rows = check(pa.table({"text": bodies}))
    assert [row["problems"] for row in rows] == [
        [],
        [f"the body has {MAX_BODY + 1:,} characters; the limit is {MAX_BODY:,}"],
        [],
        ["2 bytes are not UTF-8; the text was read with U+FFFD instead"],
    ]
    assert rules(rows[2]) == ["spacing/after-stop"]


def test_a_body_that_is_not_text_is_a_problem() -> None:
    (row,) = check(pa.table({"text": [1.5]}))
    assert row["problems"] == ["the body is a number, not text"]


def test_times_that_python_cannot_represent_are_read() -> None:
    table = pa.table({"text": [LATE], "date": pa.array([2**62], pa.timestamp("s"))})
    (row,) = check(table)
    assert (rules(row), row["problems"]) == (["spacing/after-stop"], [])


def test_each_form_of_data_gives_the_same_rows() -> None:
    table = pa.table({"id": [*range(7)], "text": [LATE, "", None, LATE, "A tram.", LATE, "It is."]})
    checker = records.checker(BUNDLE, keep=["id"])
    whole = checker(table)
    assert isinstance(whole, pa.Table)
    assert whole.schema == checker.schema(table.schema)
    batches = [*checker(iter(table.to_batches(max_chunksize=2)))]
    assert len(batches) == 4
    assert all(isinstance(batch, pa.RecordBatch) for batch in batches)
    assert pa.Table.from_batches(batches).equals(whole)
    assert checker(table.slice(0, 0)).equals(whole.slice(0, 0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"bdoy": "text"}}, "unknown key “bdoy”; did you mean “body”?"),
        ({"columns": {"body": "txt"}}, "there is no column “txt”; did you mean “text”?"),
        ({"columns": {"title": "headline"}}, "there is no column “headline”"),
        ({"keep": ["txt"]}, "keep: there is no column “txt”; did you mean “text”?"),
        ({"keep": ["findings"]}, "keep: “findings” is also a column of the result"),
    ],
)
def test_mistakes_in_the_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=r"^(columns|keep): ") as raised:
        check(pa.table({"text": [LATE]}), **options)
    assert message in str(raised.value)


def test_a_table_without_text() -> None:
    with pytest.raises(ValueError, match="no column has a usual name for the text; the columns are a, b"):
        check(pa.table({"a": [1], "b": [2]}))


def test_the_schema_of_kept_columns_needs_the_table() -> None:
    with pytest.raises(ValueError, match="pass the schema of the table"):
        records.checker(BUNDLE, keep=["id"]).schema()


def test_another_process_gives_the_same_result() -> None:
    """The function is small, and the other process needs neither the config nor the rules of this one."""
    table = pa.table({"id": ["a"], "text": [LATE]})
    checker = records.checker(BUNDLE)
    assert len(pickle.dumps(checker)) < len(BUNDLE) + 1000
    data = pickle.dumps((checker, table))
    code = "import pickle, sys; one, table = pickle.load(sys.stdin.buffer); print(one(table).to_pylist())"
    run = subprocess.run([sys.executable, "-c", code], input=data, capture_output=True, check=True, cwd=ROOT)
    assert run.stdout.decode().strip() == str(checker(table).to_pylist())


def test_importing_it_is_cheap() -> None:
    code = "import sys, linter.records; print({'pyarrow', 'regex', 'yaml'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout == "set()\n"


@settings(max_examples=50)
@given(st.lists(st.one_of(st.none(), st.binary(max_size=60), st.text(max_size=60).map(str.encode)), max_size=5))
def test_any_bytes_are_a_row(bodies: list[bytes | None]) -> None:
    rows = check(pa.table({"text": pa.array(bodies, pa.binary())}))
    assert len(rows) == len(bodies)
    for body, row in zip(bodies, rows, strict=True):
        text = (body or b"").decode("utf-8", "surrogateescape")
        assert all(finding["end"] <= len(text) for finding in row["findings"])
        assert bool(row["problems"]) == any(one == "\0" or "\udc80" <= one <= "\udcff" for one in text)
