"""Can everybody read it? Every pair of colours that meet, light and dark, against WCAG 2.2 AA."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "tocsin" / "web" / "static"
TOKENS = dict(re.findall(r"^  --([\w-]+): ([^;]+);", (STATIC / "tocsin.css").read_text("utf-8"), re.MULTILINE))
TEXT, MARK = 4.5, 3.0  # words of ordinary size (1.4.3); edges and marks that carry meaning (1.4.11)

PAPERS = ("background", "card", "raised")
PAIRS = [
    *[(ink, paper, TEXT) for ink in ("ink", "dim", "accent", "late", "soon", "ok") for paper in PAPERS],
    *[("on-p", badge, TEXT) for badge in ("p1", "p2", "p3", "p4")],
    *[(ink, "accent-soft", TEXT) for ink in ("ink", "dim", "accent", "late", "soon")],
    *[(ink, "late-soft", TEXT) for ink in ("ink", "dim", "late", "soon")],
    *[(ink, "soon-soft", TEXT) for ink in ("ink", "soon")],
    *[(ink, "ok-soft", TEXT) for ink in ("ink", "ok")],
    *[(ink, nav, TEXT) for ink in ("nav-ink", "nav-dim") for nav in ("nav", "nav-here")],
    ("on-accent", "accent", TEXT),
    ("card", "ink", TEXT),
    *[(mark, paper, MARK) for mark in ("edge", "tick", "bar", "bar-warn", "bar-late") for paper in ("card", "raised")],
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper", "least"), PAIRS)
def test_ink_stands_out_from_its_paper(ink: str, paper: str, least: float, theme: str):
    assert contrast(colour(ink, theme), colour(paper, theme)) >= least


def colour(token: str, theme: str) -> str:
    light, dark = re.findall(r"#[0-9a-f]{6}", TOKENS[token]) * (2 if "light-dark" not in TOKENS[token] else 1)
    return light if theme == "light" else dark


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
