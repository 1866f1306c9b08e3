"""Wires evaluation."""

from contracts.evaluation import CompareCandidates, GetLeaderboard
from contracts.training import ExperimentCancelled, ExperimentCompleted, ExperimentStarted, FitCompleted, FitFailed
from infra.bus import Handler
from infra.objects.store import objects_of
from infra.service import Service
from services.evaluation import handlers
from services.evaluation.rows import StoredRows
from services.evaluation.settings import EvaluationSettings
from services.evaluation.store import METADATA, BoardStore


def service(settings: EvaluationSettings) -> Service:
    """Return evaluation, ready to run."""
    boards = {"boards": BoardStore}
    rows = {"rows": StoredRows(objects_of(settings))}
    return Service(
        role="evaluation",
        handlers={
            ExperimentStarted: Handler(handlers.on_experiment_started, stores=boards),
            FitCompleted: Handler(handlers.on_fit_completed, stores=boards, ports=rows),
            FitFailed: Handler(handlers.on_fit_failed, stores=boards, ports=rows),
            ExperimentCompleted: Handler(handlers.on_experiment_completed, stores=boards),
            ExperimentCancelled: Handler(handlers.on_experiment_cancelled, stores=boards),
        },
        questions={
            GetLeaderboard: Handler(handlers.get_leaderboard, stores=boards),
            CompareCandidates: Handler(handlers.compare_candidates, stores=boards),
        },
        tables=METADATA,
    )
