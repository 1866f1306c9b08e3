from pathlib import Path

import pandas as pd

from tests.bench.shipped import LARGE, SHIPPED


def test_large_datasets_ask_for_classes_and_for_numbers() -> None:
    assert {SHIPPED[name].task for name in LARGE} == {"classification", "regression"}


def test_a_sample_has_the_same_rows_each_time(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.csv", "other.csv")]
    for file in files:
        SHIPPED["flights_400"].write(file)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert len(pd.read_csv(files[0])) == 400
