"""Run serving: ``python -m services.serving``."""

from infra.runner import main
from services.serving.app import service
from services.serving.settings import ServingSettings

if __name__ == "__main__":
    main(ServingSettings, service)
