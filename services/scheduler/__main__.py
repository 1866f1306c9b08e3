"""Run the scheduler: ``python -m services.scheduler``."""

from infra.runner import main
from services.scheduler.app import service
from services.scheduler.settings import SchedulerSettings

if __name__ == "__main__":
    main(SchedulerSettings, service)
