"""Logs: one line of JSON each, on stderr, with the trace that they belong to."""

import logging
import sys
from typing import Any

import structlog

from infra.telemetry import current_trace_id

Logger = structlog.stdlib.BoundLogger


def configure(process: str, level: str = "INFO", *, otlp: bool = False) -> None:
    """Make every logger of this process, those of libraries too, write JSON lines to stderr; over OTLP too, if said."""

    def name_process(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
        entry["process"] = process
        trace_id = current_trace_id()
        if trace_id is not None:
            entry["trace_id"] = trace_id
        return entry

    shared = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_process,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],  # type: ignore[list-item]
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,  # type: ignore[arg-type]
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler, *_shippers(process, otlp=otlp)]
    root.setLevel(level)
    logging.getLogger("asyncio").addFilter(_is_news)
    for chatty in ("httpx", "faststream", "uvicorn.access", "nats"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _shippers(process: str, *, otlp: bool) -> list[logging.Handler]:
    if not otlp:
        return []
    from infra.shipping import Shipper  # noqa: PLC0415 - it costs an HTTP stack

    return [Shipper(process)]


def keep_off_stdout() -> None:
    """Write what is logged for a person to read to stderr: stdout belongs to what was asked for."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.getLogger("asyncio").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    """Say whether a record of asyncio's is news: each TLS connection of nats-py ends with one that is not."""
    return not str(record.msg).startswith("returning true from eof_received")


def logger(name: str) -> Logger:
    """Return the logger of the module ``name``."""
    found: Logger = structlog.stdlib.get_logger(name)
    return found
