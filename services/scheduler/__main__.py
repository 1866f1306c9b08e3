"""Run the scheduler: ``python -m services.scheduler``."""

from infra.runner import run
from services.scheduler.app import service
from services.scheduler.settings import SchedulerSettings

if __name__ == "__main__":
    settings = SchedulerSettings.read()
    run(service(settings), settings)
