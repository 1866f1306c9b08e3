import pandas as pd
import pytest

from contracts.ingest import LogicalType
from services.serving.domain.rows import checked
from services.serving.models import frame_of as frame_of_serving
from services.training.worker.reports.frames import ColumnMissing, ValueUnreadable, frame_of, like_asked
from tests.builders.problems import TYPES, some_rows
from tests.builders.served import ROW
from tests.builders.served import TYPES as SERVED


def test_rows_are_shown_to_a_model_version_as_serving_shows_them() -> None:
    rows = [dict(ROW), dict.fromkeys(ROW), {**ROW, "weighed": "2026-03-01T09:30:00+02:00"}]
    expected = frame_of_serving(checked(rows, SERVED), SERVED)
    pd.testing.assert_frame_equal(frame_of(rows, SERVED), expected)


def test_rows_of_a_dataset_version_become_of_the_same_types() -> None:
    found = like_asked(some_rows(), TYPES)
    types = found.dtypes.astype(str)
    assert types["hatched"] == types["seen at"] == "datetime64[ns]"
    assert types["age in years"] == types["never"] == "float64"
    assert types["tagged"] == "object"
    assert found.isna().sum().to_dict() == some_rows().isna().sum().to_dict()


def test_a_row_that_says_nothing_of_a_column_is_named() -> None:
    with pytest.raises(ColumnMissing, match="'width'"):
        frame_of([{"height": 1}], {"height": "float", "width": "float"})


@pytest.mark.parametrize(("type_", "value"), [("float", "wide"), ("date", "yesterday"), ("timestamp", True)])
def test_a_value_of_another_type_is_named(type_: LogicalType, value: object) -> None:
    with pytest.raises(ValueUnreadable, match="'width'"):
        frame_of([{"width": value}], {"width": type_})
