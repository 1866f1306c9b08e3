from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from ml.sampling import resting_on
from services.training.worker.reports.sheets import Sheets


def test_tables_with_rows_are_written_as_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame({"class": ["a", "b"], "share": [0.25, None]})
    sheets = Sheets(tmp_path)
    sheets.add({"classes": table, "nothing": table.head(0)})
    findings = sheets.findings(rows=9)
    assert [(sheet.name, sheet.rows) for sheet in findings.sheets] == [("classes", 2)]
    pd.testing.assert_frame_equal(pq.read_table(findings.sheets[0].path).to_pandas(), table)
    assert findings.rows == 9


def test_a_table_that_rests_on_some_rows_says_so_and_one_on_all_does_not(tmp_path: Path) -> None:
    sheets = Sheets(tmp_path)
    for name, used in (("some", 2000), ("all", 30000)):
        sheets.add({name: resting_on(pd.DataFrame({"row": [1]}), used, 30000, seed=7)})
    assert sheets.findings(1).notes == ("some rests on 2,000 of 30,000 rows, drawn by the seed 7.",)
