"""The page: what the report is of, its figures, and below each its numbers. Styles, font and program are in it."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from contracts.reports import ModelVersionReported
from ui.report.figure import Figure, Section, Tables
from ui.report.numbers import known, shown
from ui.report.sheets import table_below, table_kept
from ui.report.table import Line
from ui.web.theme import FONT, MONO, TOKENS

_HERE = Path(__file__).parent
_FONT_FILE = _HERE.parent / "web/assets/fonts/inter-latin-wght-normal.woff2"


def document(report: ModelVersionReported, mean: Line | None, sections: Sequence[Section], tables: Tables) -> str:
    """Return the whole page; ``mean`` is the score of the candidate."""
    title = f"{report.candidate.name} on {report.dataset}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · {escape(report.model_version_id)}</title>
<style>{_style()}</style>
</head>
<body>
<main>
{_head(report, title)}
{_facts(report, mean)}
{_notes(report.notes)}
{"".join(map("".join, (_section(section, tables) for section in sections)))}
</main>
{"".join(map(table_kept, tables.values()))}
<script>{(_HERE / "report.js").read_text()}</script>
</body>
</html>
"""


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; img-src data:"
"""A page that loads nothing: what stands in data cannot make it."""


def _head(report: ModelVersionReported, title: str) -> str:
    task = report.task.replace("_", " ").capitalize()
    asked = f"target <code>{escape(report.target)}</code> · " if report.target else ""
    return (
        f"<header><h1>{escape(title)}</h1>"
        f"<p>{task} · {asked}{escape(report.metric)} · {report.folds} folds · model version"
        f" <code>{escape(report.model_version_id)}</code></p></header>"
    )


def _facts(report: ModelVersionReported, mean: Line | None) -> str:
    score = shown(mean["mean"] if mean else None)
    interval = (
        f"95 % interval {shown(mean['low'])} to {shown(mean['high'])}"
        if mean is not None and known(mean["low"])
        else "mean of the folds"
    )
    facts = (
        (report.metric, score, interval),
        ("Candidate", report.candidate.name, report.candidate.id),
        ("Rows predicted unseen", f"{report.rows:,}", f"by {report.folds} folds"),
        ("Dataset version", report.dataset, report.dataset_version[:16]),
        ("Experiment", report.experiment_id, _moment(report.created_at)),
    )
    told = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd><dd class=quiet>{escape(more)}</dd></div>"
        for name, value, more in facts
    )
    return f'<dl class="facts">{told}</dl>'


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    return f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in notes)}</ul>'


def _section(section: Section, tables: Tables) -> Iterator[str]:
    yield f"<section><h2>{escape(section.title)}</h2>"
    yield f"{f'<p class=reading>{escape(section.reading)}</p>' if section.reading else ''}<div class=figures>"
    for figure in section.figures:
        yield _figure(figure, tables)
    yield "</div></section>\n"


def _figure(figure: Figure, tables: Tables) -> str:
    legend = "".join(f'<span><i class="{style}"></i>{escape(text)}</span>' for text, style in figure.legend)
    below = "".join(table_below(tables[name]) for name in figure.tables if name in tables)
    return (
        f"<figure{' class=wide' if figure.wide else ''}><h3>{escape(figure.title)}</h3>"
        f"{f'<p class=legend>{legend}</p>' if legend else ''}{figure.drawing}"
        f"{f'<figcaption>{escape(figure.reading)}</figcaption>' if figure.reading else ''}{below}</figure>\n"
    )


def _style() -> str:
    font = base64.b64encode(_FONT_FILE.read_bytes()).decode()
    return f"""
@font-face {{ font-family: 'Inter Variable'; font-weight: 100 900;
  src: url(data:font/woff2;base64,{font}) format('woff2'); }}
:root {{ --font: {FONT}; --mono: {MONO}; {_colours("light")} }}
@media (prefers-color-scheme: dark) {{ :root:not([data-look]) {{ {_colours("dark")} }} }}
:root[data-look="dark"] {{ {_colours("dark")} }}
@media print {{ :root, :root[data-look], :root:not([data-look]) {{ {_colours("light")} }} }}
{(_HERE / "report.css").read_text()}"""


def _colours(mode: str) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in TOKENS[mode].items())


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
