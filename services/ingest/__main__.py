"""Run ingest: ``python -m services.ingest``."""

from infra.runner import main
from services.ingest.app import service
from services.ingest.settings import IngestSettings

if __name__ == "__main__":
    main(IngestSettings, service)
