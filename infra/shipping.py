"""Logs on their way to a collector; imported only where there is one, for it costs an HTTP stack."""

import logging
from time import time_ns
from typing import Any

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor

from infra.telemetry import resource_of

_SEVERITY = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}
_OWN = ("opentelemetry.", "urllib3.")
"""Who logs that the collector is away: sent there, each failure would make another."""
_SAID_ELSEWHERE = {"event", "level", "timestamp", "process"}


class Shipper(logging.Handler):
    """Sends each record over OTLP/HTTP, in batches, to where the OTEL_EXPORTER_OTLP_* variables say."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._provider = LoggerProvider(resource_of(process))  # what is left is sent when the process ends
        self._provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
        self._logger = self._provider.get_logger("trackside")

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on; its trace is that of the current span."""
        if record.name.startswith(_OWN):
            return
        said = record.msg if isinstance(record.msg, dict) else {"event": record.getMessage()}
        self._logger.emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                observed_timestamp=time_ns(),
                severity_text=record.levelname,
                severity_number=_SEVERITY.get(record.levelno, SeverityNumber.INFO),
                body=str(said["event"]),
                attributes=_attributes(said),
            )
        )

    def flush(self) -> None:
        """Send what waits."""
        self._provider.force_flush()


def _attributes(said: dict[str, Any]) -> dict[str, str]:
    return {
        name: str(value) for name, value in said.items() if name not in _SAID_ELSEWHERE and not name.startswith("_")
    }
