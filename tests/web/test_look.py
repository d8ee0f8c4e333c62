"""Do pages keep to the policy that forbids scripts and styles inside them, and find every file they name?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "tocsin" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STYLES = sorted((WEB / "static").glob("*.css"))


@pytest.mark.parametrize("page", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_template_holds_a_script_a_style_or_a_foreign_address(page: Path):
    text = page.read_text("utf-8")

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|hx-on|javascript:", text)
    assert not re.search(r"(src|href)=[\"'](https?:)?//", text)


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_no_stylesheet_asks_another_server_for_anything(sheet: Path):
    named = re.findall(r"url\(\"([^\"]+)\"\)", sheet.read_text("utf-8"))

    assert all(name.startswith("#") or (sheet.parent / name).is_file() for name in named)


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_every_colour_a_stylesheet_uses_is_a_token(sheet: Path):
    tokens = set(re.findall(r"^  --([\w-]+):", (WEB / "static" / "tocsin.css").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"var\(--([\w-]+)\)", sheet.read_text("utf-8"))) <= tokens


def test_the_typeface_travels_with_its_licence():
    assert (WEB / "static/fonts/inter.woff2").read_bytes().startswith(b"wOF2")
    assert "SIL OPEN FONT LICENSE" in (WEB / "static/fonts/inter.LICENSE").read_text("utf-8")


def test_a_page_names_its_own_files_by_what_they_hold(browser):
    page = browser("Ann").get("/").content.decode()

    named = re.findall(r"(?:src|href)=\"(/static/[^\"]+)\"", page)
    assert {re.sub(r".*/|\?.*", "", name) for name in named} >= {"tocsin.css", "theme.js", "keys.js", "htmx-2.min.js"}
    assert all(re.search(r"\?v=[0-9a-f]{12}$", name) for name in named)


def test_a_page_tells_the_browser_the_time_by_the_servers_clock(browser):
    page = browser("Ann").get("/").content.decode()

    assert re.search(r'<meta name="now" content="20\d\d-\d\d-\d\dT[^"]+\+00:00">', page)
