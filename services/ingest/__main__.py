"""``python -m services.ingest``."""

from infra.runner import run
from services.ingest.app import service
from services.ingest.settings import IngestSettings

if __name__ == "__main__":
    settings = IngestSettings.read()
    run(service(settings), settings)
