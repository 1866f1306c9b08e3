from datetime import datetime

import pandas as pd
import pyarrow as pa

from ui.report.table import Table


def test_a_stored_table_keeps_its_values_and_what_it_says_of_itself() -> None:
    frame = pd.DataFrame({"moment": pd.to_datetime(["2024-02-01 06:00"]), "share": [0.1 + 0.2]})
    frame.attrs = {"rows": 100, "rows_used": 5}
    table = Table.of("forecasts", pa.Table.from_pandas(frame))
    assert table.columns == {"moment": [datetime.fromisoformat("2024-02-01T06:00:00")], "share": [0.30000000000000004]}
    assert type(table["moment"][0]) is datetime
    assert table.about == {"rows": 100, "rows_used": 5}


def test_parts_keep_the_order_of_their_first_rows() -> None:
    table = Table("classes", {"class": ["b", "a", "b"], "rows": [1, 2, 3]})
    assert [(label, list(part["rows"])) for label, part in table.by("class").items()] == [("b", [1, 3]), ("a", [2])]


def test_no_rows_are_no_lines() -> None:
    assert list(Table("empty", {"a": []}).lines()) == []
    assert len(Table("empty", {})) == 0
