"""In which ink can what stands on a colour be read?"""

from __future__ import annotations

from typing import Final

WHITE: Final = "#ffffff"
BLACK: Final = "#000000"


def ink(colour: str) -> str:
    """White or black, whichever stands out more on this #rrggbb: at least 4.5 to 1 on every colour there is.

    White wins where it reaches that, since it is what people know from such marks. (WCAG 2.2, 1.4.3)
    """
    return WHITE if contrast(colour, WHITE) >= 4.5 else BLACK


def contrast(one: str, other: str) -> float:
    """How much two colours stand out from one another: 1 for the same, 21 for black on white. (WCAG 2.2)"""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return float(share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
