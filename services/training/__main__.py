"""Run training's main process: ``python -m services.training``."""

from infra.runner import main
from services.training.app import service
from services.training.settings import TrainingSettings

if __name__ == "__main__":
    main(TrainingSettings, service)
