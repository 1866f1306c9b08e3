import io
import json
from pathlib import Path

from rich.console import Console

from ui.cli.spans import Span, read_spans, tree_of

TRACE = "a" * 32


def a_span(identity: str, parent: str | None = None, name: str = "work", start: int = 0, **fields: object) -> Span:
    defaults: dict[str, object] = {
        "name": name,
        "trace_id": TRACE,
        "span_id": identity,
        "parent_id": parent,
        "start": start * 10**9,
        "end": (start + 2) * 10**9,
        "process": "cli",
    }
    return Span.model_validate(defaults | fields)


def lines(spans: list[Span], *, whole: bool = False) -> list[str]:
    screen = Console(file=io.StringIO(), width=100)
    screen.print(tree_of(spans, "trace", whole=whole))
    assert isinstance(screen.file, io.StringIO)
    return [line.rstrip() for line in screen.file.getvalue().splitlines()]


def test_spans_hang_below_their_parents_in_order_of_time() -> None:
    spans = [
        a_span("3", "1", "second", start=2, process="evaluation"),
        a_span("2", "1", "first", start=1, process="training"),
        a_span("1", None, "order StartExperiment"),
    ]
    assert lines(spans) == [
        "trace",
        "└── order StartExperiment cli 2.0 s",
        "    ├── first training 2.0 s",
        "    └── second evaluation 2.0 s",
    ]


def test_many_alike_become_one_line_with_the_slowest_in_full() -> None:
    fits = [a_span(f"f{n}", "1", "fit", start=n, process=f"training-worker-{n % 2 + 1}") for n in range(12)]
    slow = a_span("slow", "1", "fit", start=20, end=30 * 10**9, process="training-worker-1")
    inner = a_span("inner", "slow", "score", start=21)
    assert lines([a_span("1"), *fits, slow, inner]) == [
        "trace",
        "└── work cli 2.0 s",
        "    └── 13 x fit training-worker-1 … training-worker-2 34.0 s in all",
        "        └── slowest: fit training-worker-1 10.0 s",
        "            └── score cli 2.0 s",
    ]


def test_all_shows_each_of_them() -> None:
    fits = [a_span(f"f{n}", "1", "fit", start=n) for n in range(13)]
    assert len(lines([a_span("1"), *fits], whole=True)) == 2 + 13


def test_a_span_whose_parent_is_not_there_hangs_at_the_root() -> None:
    assert lines([a_span("2", "gone", "orphan")]) == ["trace", "└── orphan cli 2.0 s"]


def test_files_of_all_processes_are_read_and_half_a_line_is_passed_over(tmp_path: Path) -> None:
    written = a_span("1").model_dump()
    (tmp_path / "cli.jsonl").write_text(
        json.dumps(written) + "\n" + json.dumps({**written, "trace_id": "b" * 32}) + "\n"
    )
    (tmp_path / "training.jsonl").write_text(
        json.dumps({**written, "span_id": "2"}) + "\n" + f'{{"trace_id": "{TRACE}"'
    )
    assert {span.span_id for span in read_spans(tmp_path, TRACE)} == {"1", "2"}
