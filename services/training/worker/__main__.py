"""Run a training worker: ``python -m services.training.worker``."""

from infra.runner import main
from services.training.worker.app import service
from services.training.worker.settings import WorkerSettings

if __name__ == "__main__":
    main(WorkerSettings, service)
