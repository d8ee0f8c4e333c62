"""How is a cell written that a spreadsheet takes for what it says?"""

from __future__ import annotations


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
