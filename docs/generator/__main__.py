"""Writes every generated document: ``make docs``."""

from docs.generator import ROOT, generated, strays

for path in strays(ROOT):
    path.unlink()
for name, text in generated().items():
    path = ROOT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
