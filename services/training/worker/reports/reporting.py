"""What the child does for a report; nothing here is imported before it is asked for."""

from collections.abc import Sequence
from pathlib import Path

from contracts.plans import raced_folds
from contracts.training import Plan
from ml.engines import engine
from ml.engines.port import CandidateFailed, Problem
from ml.explain import explanation_tables
from ml.explain.importance import ScoreUndefined
from ml.report import report_tables
from ml.row_scores import has_rows
from services.training.worker.artifact import load
from services.training.worker.reports.evidence import evidence_of, means_of, scores_of
from services.training.worker.reports.papers import Findings, Fold, Papers
from services.training.worker.reports.sheets import Sheets
from services.training.worker.reports.worth import worth_of
from services.training.worker.rows import given

_MOST_FOLDS = 5
_MOST_SECONDS = 300.0
"""About how long folds are fitted anew."""


def report(papers: Papers, folder: Path) -> Findings:
    """Write every table of a model version's report into ``folder``."""
    plan = Plan.model_validate_json(papers.plan)
    rows = given(plan, papers.data)
    evidence = evidence_of(plan, rows, papers.folds, load(papers.archive))
    sheets = Sheets(folder)
    if len(papers.folds) < plan.folds:
        sheets.note(f"{len(papers.folds)} of {plan.folds} folds were raced, and have predictions.")
    scores = scores_of(papers.folds)
    sheets.add({"score_means": means_of(scores, plan.folds), "scores": scores})
    if has_rows(plan.metric, plan.task) and len(papers.folds) == raced_folds(plan):
        sheets.add({"worth": worth_of(plan, papers)})
    sheets.add(report_tables(plan.task, evidence))
    _add_reasons(plan, rows.problem, papers, sheets)
    return sheets.findings(len(evidence.predictions))


def _add_reasons(plan: Plan, problem: Problem, papers: Papers, sheets: Sheets) -> None:
    """Write which columns the candidate rests on; if that cannot be found out, say why."""
    folds = _affordable(papers.folds)
    try:
        sheets.add(explanation_tables(engine(plan.engine), problem, papers.candidate, plan.metric, folds, plan.folds))
    except (CandidateFailed, ScoreUndefined) as error:
        sheets.note(f"Which columns it rests on could not be found out: {error}")
        return
    if len(folds) < len(papers.folds):
        sheets.note(f"Which columns it rests on is told by {len(folds)} of {len(papers.folds)} folds, fitted anew.")


def _affordable(folds: Sequence[Fold]) -> list[int]:
    """Return the first folds, as many as can be fitted twice within the time, as an explanation does, or one."""
    seconds = 2 * sum(fold.seconds for fold in folds) / len(folds)
    most = int(_MOST_SECONDS // seconds) if seconds else _MOST_FOLDS
    return [fold.number for fold in folds[: min(max(most, 1), _MOST_FOLDS)]]
