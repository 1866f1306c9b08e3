"""What the child does to explain a prediction; nothing here is imported before it is asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contracts.asked import AskedRows
from contracts.training import Plan
from ml.engines.port import Problem
from ml.explain.forecasts import Past, explain_forecast
from ml.explain.outputs import outputs_of
from ml.explain.scorers import past_of
from ml.explain.shapley import Explanation, explain_row
from services.training.worker.artifact import load
from services.training.worker.reports.frames import frame_of, like_asked
from services.training.worker.reports.papers import Findings, Papers
from services.training.worker.reports.sheets import Sheets
from services.training.worker.rows import given

_MOST_EXPLAINED = 20
_LEAST_ASKED, _MOST_ASKED = 4000, 20_000
"""How many rows the model version is asked for one that is explained."""
_ORDER = ["row", "output", "unit", "kind", "feature", "value", "contribution", "standard_error", "prediction", "base"]


def explain(papers: Papers, question: AskedRows, folder: Path) -> Findings:
    """Write the table ``explanation`` of the first rows of a question into ``folder``."""
    plan = Plan.model_validate_json(papers.plan)
    problem, fitted = given(plan, papers.data).problem, load(papers.archive)
    asked = frame_of(question.rows[:_MOST_EXPLAINED], problem.types)
    explained = _forecasts if plan.task == "time_series" else _rows
    sheets = Sheets(folder)
    parts = [part.assign(row=row) for row, part in enumerate(explained(problem, fitted, asked))]
    sheets.add({"explanation": pd.concat(parts, ignore_index=True)[_ORDER]})
    if len(asked) < question.of:
        sheets.note(f"The first {len(asked)} of {question.of} rows are explained.")
    return sheets.findings(len(asked))


def _rows(problem: Problem, fitted: Any, asked: pd.DataFrame) -> Iterator[pd.DataFrame]:
    outputs, background = outputs_of(problem.task, fitted), like_asked(problem.features, problem.types)
    # Enough for some twenty rows of the background, or for as many as can be afforded.
    most = min(_MOST_ASKED, max(_LEAST_ASKED, 40 * (asked.shape[1] + 1)))
    for row in range(len(asked)):
        yield _lines(explain_row(outputs, asked.iloc[[row]], background, seed=problem.seed, most_rows=most))


def _forecasts(problem: Problem, fitted: Any, asked: pd.DataFrame) -> Iterator[pd.DataFrame]:
    assert problem.forecast is not None
    time = problem.forecast.time
    features = like_asked(problem.features, problem.types)
    series, season = past_of(problem, np.argsort(features[time].to_numpy(), kind="stable"))
    past = Past(features, series, season, time)
    for row in range(len(asked)):
        found = explain_forecast(fitted, asked.iloc[[row]], past, problem.seed)
        parts = found.parts[found.parts["part"] != "columns"]
        said = pd.DataFrame({"kind": "part", "feature": parts["part"], "value": "", "contribution": parts["amount"]})
        both = pd.concat([said.assign(output="prediction", unit="prediction"), _lines(found.columns)])
        yield both.assign(base=0.0, prediction=found.columns.outputs["prediction"].iloc[0])


def _lines(found: Explanation) -> pd.DataFrame:
    table = found.contributions.merge(found.outputs, on="output", how="left", sort=False)
    return table.assign(kind="column", unit=found.contributions.attrs["unit"])
