"""Run the recorder: ``python -m services.training.recorder``."""

from infra.runner import main
from services.training.recorder.app import service
from services.training.recorder.settings import RecorderSettings

if __name__ == "__main__":
    main(RecorderSettings, service)
