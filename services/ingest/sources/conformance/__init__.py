"""What every connector promises, tried on one: for those that write a connector, wherever it lives."""

from services.ingest.sources.conformance.case import Case
from services.ingest.sources.conformance.verdict import Verdict, judge

__all__ = ["Case", "Verdict", "judge"]
