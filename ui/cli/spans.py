"""One trace, from the files that the processes append their spans to, as a tree."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.text import Text
from rich.tree import Tree

from ui.cli.output import duration

_MANY = 12


class Span(BaseModel):
    """One piece of work of one process."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    trace_id: str
    span_id: str
    parent_id: str | None
    start: int
    """Nanoseconds since 1970."""
    end: int
    process: str
    failed: bool = False

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return (self.end - self.start) / 1e9


def read_spans(folder: Path, trace_id: str) -> Iterator[Span]:
    """Yield the spans of one trace, of every process; the half line of one that was killed is passed over."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(errors="replace").splitlines():
            if trace_id in line:
                try:
                    yield Span.model_validate_json(line)
                except ValidationError:
                    continue


def tree_of(spans: Iterable[Span], label: str, *, whole: bool = False) -> Tree:
    """Return spans as a tree in order of time; more than twelve siblings alike become one line unless ``whole``."""
    spans = sorted({span.span_id: span for span in spans}.values(), key=lambda span: span.start)
    known = {span.span_id for span in spans}
    children: dict[str | None, list[Span]] = {}
    for span in spans:
        # A parent that is not there is still at work, or its process writes elsewhere: the span hangs at the root.
        children.setdefault(span.parent_id if span.parent_id in known else None, []).append(span)
    tree = Tree(label)
    _grow(tree, None, children, whole=whole)
    return tree


def _grow(tree: Tree, parent: str | None, children: dict[str | None, list[Span]], *, whole: bool) -> None:
    alike: dict[tuple[str, str], list[Span]] = {}
    for span in children.get(parent, []):
        alike.setdefault(_kind(span), []).append(span)
    for group in alike.values():
        if len(group) > _MANY and not whole:
            _grow_group(tree, group, children)
            continue
        for span in group:
            _grow(tree.add(_line(span)), span.span_id, children, whole=whole)


def _grow_group(tree: Tree, group: list[Span], children: dict[str | None, list[Span]]) -> None:
    """Add spans alike as one line, and below it the slowest of them in full."""
    slowest = max(group, key=lambda span: span.seconds)
    processes = sorted({span.process for span in group})
    failed = sum(span.failed for span in group)
    line = Text.assemble(
        (f"{len(group)} x {group[0].name} ", "bold"),
        (_processes(processes), "cyan"),
        f" {duration(sum(span.seconds for span in group))} in all",
        (f" {failed} failed" if failed else "", "red"),
    )
    branch = tree.add(line)
    inner = branch.add(Text.assemble(("slowest: ", "dim"), _line(slowest)))
    _grow(inner, slowest.span_id, children, whole=False)


def _kind(span: Span) -> tuple[str, str]:
    return span.name, span.process.rstrip("-0123456789")


def _processes(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]}"


def _line(span: Span) -> Text:
    failed = (" failed", "red") if span.failed else ""
    return Text.assemble((span.name, "bold"), " ", (span.process, "cyan"), f" {duration(span.seconds)}", failed)
