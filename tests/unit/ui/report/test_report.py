import json
import re
from datetime import datetime
from html.parser import HTMLParser
from math import inf
from typing import Any

import pyarrow as pa
import pytest

from tests.builders.reports import a_report, some_tables
from ui.report import report_page


class Page(HTMLParser):
    """What a browser makes of a page: its tables as kept and as shown, its words, and what it refers to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.kept: dict[str, dict[str, list[Any]]] = {}
        self.rows: dict[str, list[list[str]]] = {}
        self.names: list[str] = []
        self.words: list[str] = []
        self.references: list[str] = []
        self.scripts = 0
        self._keeps: str | None = None
        self._shows: str | None = None
        self._table = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.references += [str(told[name]) for name in ("src", "href", "data", "action", "srcset") if name in told]
        self.names.append(tag)
        if tag == "script":
            self.scripts += 1
            self._keeps = told.get("data-table")
        elif tag == "table":
            self._table = told.get("aria-label") or ""
            self.rows[self._table] = []
        elif tag == "tr" and self._table:
            self.rows[self._table].append([])
        elif tag in {"td", "th"} and self._table:
            self.rows[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""
        elif tag == "script":
            self._keeps = None

    def handle_data(self, data: str) -> None:
        if self._keeps:
            self.kept[self._keeps] = json.loads(data)
        elif self._table and self.rows[self._table] and self.rows[self._table][-1]:
            self.rows[self._table][-1][-1] += data
        else:
            self.words.append(data)


@pytest.fixture(scope="module")
def text() -> str:
    tables = some_tables()
    return report_page(a_report(tables, notes=("roc rests on 3 of 40 rows.",)), tables)


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def as_kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return "Infinity" if value == inf else value


def test_every_cell_of_every_stored_table_is_in_the_page_to_the_last_digit(page: Page) -> None:
    stored = some_tables()
    assert list(page.kept) == list(stored)
    for name, table in stored.items():
        assert page.kept[name] == {column: list(map(as_kept, values)) for column, values in table.to_pydict().items()}


def test_the_table_below_a_figure_has_its_names_and_its_rows_rounded(page: Page) -> None:
    assert page.rows["scores"] == [
        ["metric", "fold", "score"],
        ["Accuracy", "0", "0.2"],
        ["Accuracy", "1", "0.4"],
        ["AUC", "0", "\N{EN DASH}"],
    ]
    assert page.rows["roc"][1][2] == "\N{INFINITY}"


def test_a_table_that_no_figure_draws_is_there_as_numbers(page: Page) -> None:
    assert page.rows["of the next release"][1] == ["2024-02-01", "9,007,199,254,740,993"]


def test_nothing_is_loaded_from_anywhere(text: str, page: Page) -> None:
    assert page.references == []
    assert set(re.findall(r"url\((\w+:)", text)) == {"data:"}
    assert re.findall(r"@import|https?://", text) == []
    assert "default-src 'none'" in text


def test_names_from_the_data_stay_words(page: Page) -> None:
    assert page.scripts == len(page.kept) + 1
    assert page.rows["importance"][1][0] == "</script><script>alert(1)</script>"
    assert "img" not in page.names


def test_the_page_says_what_it_reports_and_what_to_know_of_it(page: Page) -> None:
    words = " ".join(page.words)
    for said in (
        "Random forest on penguins",
        "mv-1",
        "exp-1",
        "species",
        "2026-01-02 03:04 UTC",
        "roc rests on 3 of 40",
    ):
        assert said in words
    assert "95 % interval 0.25 to 0.3333" in words


def test_a_long_table_is_shown_in_part_and_kept_whole() -> None:
    tables = {"residual_points": pa.table({name: [float(n) for n in range(500)] for name in ("truth", "prediction")})}
    page = Page(report_page(a_report(tables, "regression"), tables))
    assert len(page.rows["residual_points"]) == 1 + 200
    assert len(page.kept["residual_points"]["truth"]) == 500


def test_a_report_without_tables_is_a_page_too() -> None:
    assert "Random forest" in report_page(a_report({}), {})
