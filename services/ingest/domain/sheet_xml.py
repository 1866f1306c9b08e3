"""What a sheet's XML says by itself: an independent count of its rows, merged cells, and formulas without a value."""

import re

_PREFIX = rb"(?:\w+:)?"
_ROW_END = re.compile(rb"</" + _PREFIX + rb"row>")
_VALUE = re.compile(rb"<" + _PREFIX + rb"[vt](?:\s[^>]*)?(?<!/)>[^<]")
_MERGED = re.compile(rb"<" + _PREFIX + rb'mergeCell\s[^>]*\bref="([^"]+)"')
_UNCALCULATED = re.compile(
    rb"<(?P<p>" + _PREFIX + rb')c\b(?![^>]*\bt="str")[^>]*>\s*<(?P=p)f\b(?:[^>]*/>|[^>]*>[^<]*</(?P=p)f>)\s*'
    rb"(?:<(?P=p)v\s*/>|<(?P=p)v>\s*</(?P=p)v>)?\s*</(?P=p)c>"
)
_TOLD = 5


class SheetScan:
    """Reads sheets block by block; after the last one of each, ``finish``."""

    def __init__(self) -> None:
        self.rows = 0
        """Rows with a value in them, the header included."""
        self.merged: list[str] = []
        """The first places of merged cells."""
        self.uncalculated = 0
        """Formulas that nothing has worked out."""
        self._held = b""

    def feed(self, block: bytes) -> None:
        """Take in the next block."""
        *rows, self._held = _ROW_END.split(self._held + block)
        for row in rows:
            self.rows += _VALUE.search(row) is not None
            self.uncalculated += sum(1 for _ in _UNCALCULATED.finditer(row))

    def finish(self) -> None:
        """Take in what stands behind the rows."""
        places = [place.decode("ascii", "replace") for place in _MERGED.findall(self._held)]
        self.merged = [*self.merged, *places][:_TOLD]
        self._held = b""
