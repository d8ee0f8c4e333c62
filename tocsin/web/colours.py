"""In which colours are the priorities marked? In those of the standard a ticket is worked by.

No page carries style of its own, so the marks are classes, one for each colour that any standard gives a priority, and
this is where they are written down. (R1.1)
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tocsin.core.colour import ink
from tocsin.standard.terms import colours
from tocsin.web.staff import staff

LASTS_S = 60  # a colour nobody has used before is plain on pages for so long at most


@staff
def sheet(request: HttpRequest) -> HttpResponse:
    """A rule for each colour in use."""
    rules = [f".badge.{mark(each)} {{ background: {each}; color: {ink(each)}; }}\n" for each in colours()]
    answer = HttpResponse("".join(rules), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = f"private, max-age={LASTS_S}"
    return answer


def mark(colour: str) -> str:
    """The class of a badge of this colour: c-d63939."""
    return f"c-{colour.removeprefix('#')}"
