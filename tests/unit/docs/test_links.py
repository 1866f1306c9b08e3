"""Every link in a document to a file of this repository leads to one that is there, and to a heading that it has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ELSEWHERE = ("https://", "http://", "mailto:")


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the heading of each link, the heading empty if there is none."""
    for target in _LINK.findall(_FENCED.sub("", document.read_text())):
        if not target.startswith(_ELSEWHERE):
            path, _, heading = target.partition("#")
            yield (document.parent / path if path else document), heading


def headings(document: Path) -> set[str]:
    """Return the headings of a document as links name them."""
    said = _HEADING.findall(_FENCED.sub("", document.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in said}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    astray = [
        f"{path}#{heading}"
        for path, heading in links(document)
        if not path.exists() or (heading and heading not in headings(path))
    ]
    assert astray == []


def test_every_document_can_be_reached_from_the_readme() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    while waiting:
        document = waiting.pop().resolve()
        if document not in reached and document.suffix == ".md" and document.exists():
            reached.add(document)
            waiting += [path for path, _ in links(document)]
    assert set(DOCUMENTS) - reached == set()
