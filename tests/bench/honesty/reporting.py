"""What replays come to, as tables for a person."""

from collections.abc import Callable, Iterator, Sequence
from statistics import fmean

from tests.bench.honesty.figures import by, of_equals, share, values
from tests.bench.honesty.replaying import Replay


def told(replays: Sequence[Replay]) -> Iterator[str]:
    """Return the lines that tell of replays: what they are of, how often rules were wrong, and what they spent."""
    real, equal = of_equals(replays, is_so=False), of_equals(replays, is_so=True)
    if real:
        yield from _of_races(real)
    if equal:
        yield _counted("Nobody is truly better", equal)
        yield _line("% of replays", "a sole winner named", "anybody retired", "somebody wronged")
        for rule, mine in by(equal, "rule"):
            yield _line(rule, *(share(mine, name) for name in ("is_sole", "is_anybody_out", "is_anybody_wronged")))


def _of_races(real: Sequence[Replay]) -> Iterator[str]:
    yield _counted("Somebody is truly best", real)
    yield _line("% of replays", "wrongly retired", "and misjudged", "and lost by > d", "CPU", "fits")
    for rule, mine in by(real, "rule"):
        wrong = (share(mine, name) for name in ("is_wrong", "is_misjudged", "is_wrong_by_more"))
        yield _line(rule, *wrong, *(f"{fmean(values(mine, name)):.2f}" for name in ("cpu", "fits")))
    yield ""
    yield from _split("wrongly retired, %", real, "metric", lambda some: share(some, "is_wrong"))
    yield from _split("wrongly retired, %", real, "rows", lambda some: share(some, "is_wrong"))
    yield from _split("CPU", real, "rows", lambda some: f"{fmean(values(some, 'cpu')):.2f}")


def _counted(title: str, replays: Sequence[Replay]) -> str:
    races, datasets, rules = (len(set(values(replays, name))) for name in ("race", "dataset", "rule"))
    return f"{title}: {races} races of {datasets} datasets, {len(replays) // rules} replays of each rule"


def _split(
    title: str, replays: Sequence[Replay], key: str, tell: Callable[[Sequence[Replay]], object]
) -> Iterator[str]:
    columns = [kind for kind, _ in by(replays, key)]
    yield _line(f"{title} by {key}", *columns)
    for rule, mine in by(replays, "rule"):
        of_each = dict(by(mine, key))
        yield _line(rule, *(tell(of_each[column]) for column in columns))
    yield ""


def _line(first: object, *rest: object) -> str:
    return f"{first!s:<26}" + "".join(f"{value!s:>20}" for value in rest)
