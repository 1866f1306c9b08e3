"""`trackside test`."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.markup import escape

from contracts.evaluation import CandidatesCompared, CompareCandidates, PairCompared
from contracts.ids import CandidateId
from ui.cli.connection import connected, run
from ui.cli.options import Json, names
from ui.cli.output import counted, print_json, print_table, terminal
from ui.verdicts import decimals_for, percents, rounded

_LEVEL = 0.05
_SMALLEST_P = 0.0001


def compare_candidates(
    experiments: Annotated[
        list[str],
        typer.Argument(
            metavar="EXP [EXP...]",
            help="Ids of experiments that are over; several are compared by ranks, each on a dataset of its own.",
        ),
    ],
    *,
    candidates: Annotated[
        str | None,
        typer.Option(help="Which candidates, such as lr,rf; all that have a score on every fold if not given."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="A test by name, such as corrected_t, refused if it does not answer this; else what suits."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which candidates are better, and how sure that is, by the test that suits what they were scored on."""
    first, *others = experiments
    question = CompareCandidates(
        experiment_id=first,
        others=tuple(others),
        candidates=tuple(map(CandidateId, names(candidates or ""))),
        test=by,
    )
    told = run(_ask(question))
    if as_json:
        print_json(told)
    else:
        report(told)


def report(told: CandidatesCompared) -> None:
    """Print which test answers and why, and what it says."""
    terminal().print(f"{escape(', '.join(told.tests))}: {escape(told.said)}", soft_wrap=True)
    if told.caveat is not None:
        terminal().print(f"[yellow]note[/] {escape(told.caveat)}", soft_wrap=True)
    if told.ranks:
        print_table(("CANDIDATE", ">MEAN RANK", "TOLD APART FROM"), _ranks(told), empty="no candidates")
    else:
        _print_pairs(told)
    for line in _read_as(told):
        terminal().print(escape(line), soft_wrap=True)


def p_of(pair: PairCompared) -> float:
    """Return the p-value that counts how many pairs there are."""
    return pair.p_value if pair.corrected is None else pair.corrected


def p_value(value: float) -> str:
    """Return a p-value as people read it.

    >>> p_value(0.04321), p_value(0.00001)
    ('0.0432', '< 0.0001')
    """
    return f"< {_SMALLEST_P}" if value < _SMALLEST_P else f"{value:.4f}"


def _print_pairs(told: CandidatesCompared) -> None:
    decimals, corrected = decimals_for(told.pairs), any(pair.corrected is not None for pair in told.pairs)
    folds_differ = len({pair.folds for pair in told.pairs}) > 1
    # Short titles: all has to fit into 80 columns.
    titles = (">DIFF", ">95 % INTERVAL", ">BETTER/SAME/WORSE", ">HOLM P" if corrected else ">P")
    columns = ("FIRST", "SECOND", *([">FOLDS"] if folds_differ else []), *titles)
    rows = [
        (
            escape(pair.first),
            escape(pair.second),
            *([str(pair.folds)] if folds_differ else []),
            *_numbers(pair, decimals),
        )
        for pair in told.pairs
    ]
    print_table(columns, rows, empty="no pairs")


def _numbers(pair: PairCompared, decimals: int) -> tuple[str, ...]:
    return (
        rounded(pair.difference, decimals),
        " … ".join(rounded(end, decimals) for end in (pair.low, pair.high) if end is not None),
        f"{' / '.join(map(str, percents(pair)))} %",
        p_value(p_of(pair)),
    )


def _ranks(told: CandidatesCompared) -> Iterator[tuple[str, ...]]:
    # Nemenyi's test says which of them differ, once Friedman's has said that some do.
    some_differ = told.p_value is not None and told.p_value < _LEVEL
    apart = [{pair.first, pair.second} for pair in told.pairs if some_differ and pair.p_value < _LEVEL]
    for rank in told.ranks:
        others = (other.candidate for other in told.ranks if {rank.candidate, other.candidate} in apart)
        yield escape(rank.candidate), f"{rank.mean_rank:.2f}", escape(", ".join(others)) or "nobody"


def _read_as(told: CandidatesCompared) -> Iterator[str]:
    """Yield how the table is read, and what it comes to."""
    if told.ranks and told.p_value is not None:
        yield f"Friedman's p over {counted(told.datasets, 'dataset')}: {p_value(told.p_value)}"
        yield f"critical difference: mean ranks more than {told.critical_difference:.2f} apart differ, at 5 % in all"
        return
    better = "more" if told.greater_is_better else "less"
    folds = {pair.folds for pair in told.pairs}
    on = f" over {folds.pop()} folds" if len(folds) == 1 else ""
    yield f"diff: {told.metric} of the first less that of the second{on}; {better} is better"
    yield f"same: within {told.margin:.3g} {told.metric}"
    differ = sum(p_of(pair) < _LEVEL for pair in told.pairs)
    yield f"{differ} of {counted(len(told.pairs), 'pair')} told apart, at 5 % in all"


async def _ask(question: CompareCandidates) -> CandidatesCompared:
    async with connected() as connection:
        return await connection.bus.ask(question)
