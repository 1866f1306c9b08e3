"""Writes every generated document: ``make docs``."""

from docs.generator import ROOT, generated, strays

texts = generated()
for name in strays(texts):
    (ROOT / name).unlink()
for name, text in texts.items():
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
