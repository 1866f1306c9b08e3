"""What is made from the code is committed as the code makes it."""

from docs.generator import ROOT, generated, strays
from docs.generator.settings import undescribed


def test_every_generated_document_is_up_to_date() -> None:
    texts = generated()
    stale = [name for name, text in texts.items() if not _is(name, text)]
    assert stale + strays(texts) == [], "these are not what the code says; make docs writes them anew"


def test_every_setting_says_what_it_means() -> None:
    assert undescribed() == [], "say it in a sentence below the setting"


def _is(name: str, text: str) -> bool:
    path = ROOT / name
    return path.exists() and path.read_text() == text
