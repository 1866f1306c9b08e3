"""Reports as the page shows them: the same page of HTML that the command line writes."""

import asyncio

from contracts.reports import ModelVersionReported
from infra.objects import ObjectDamaged, ObjectMissing, Objects
from ui.report import report_page
from ui.tables import read_tables
from ui.web.actions import ReportUnreadable


class StoredReports:
    """Draws reports from their tables in the object store."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def drawn(self, report: ModelVersionReported) -> str:
        """Return a report as a page of HTML, made off the loop.

        Raises:
            ReportUnreadable: if its tables are not as the fact says.
        """
        return await asyncio.to_thread(self._drawn, report)

    def _drawn(self, report: ModelVersionReported) -> str:
        try:
            return report_page(report, read_tables(self._objects, report.tables))
        except (ObjectMissing, ObjectDamaged) as error:
            raise ReportUnreadable(str(error)) from None
