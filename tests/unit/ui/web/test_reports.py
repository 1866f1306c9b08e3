import pyarrow as pa
import pytest

from infra.objects.store import open_objects
from tests.builders.reports import a_report
from ui.web.actions import ReportUnreadable
from ui.web.reports import StoredReports


async def test_a_report_whose_tables_are_gone_is_not_drawn() -> None:
    report = a_report({"areas": pa.table({"mean": [0.5]})})
    with pytest.raises(ReportUnreadable, match="reports/areas"):
        await StoredReports(open_objects("memory://")).drawn(report)
