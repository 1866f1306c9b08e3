"""Run evaluation: ``python -m services.evaluation``."""

from infra.runner import main
from services.evaluation.app import service
from services.evaluation.settings import EvaluationSettings

if __name__ == "__main__":
    main(EvaluationSettings, service)
