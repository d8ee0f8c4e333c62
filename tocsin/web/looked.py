"""Is what is done now what was looked at a moment ago?"""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlencode

from django.http import HttpRequest

APART = {"csrfmiddlewaretoken", "why", "look", "do", "looked"}  # what may differ between looking and doing
CHANGED = "This is not what you looked at: it has changed since. Look at it below, then do it."


def mark(request: HttpRequest, *about: object) -> str:
    """What is asked for, and what it is about, in short; a page that shows what it would change sends it back."""
    said = [(name, sorted(values)) for name, values in sorted(request.POST.lists()) if name not in APART]
    return sha256(urlencode([*said, *(("", each) for each in about)], doseq=True).encode()).hexdigest()[:16]


def same(request: HttpRequest, *about: object) -> bool:
    """Whether it is; who did not look at all has nothing that could differ."""
    return request.POST.get("looked", "") in ("", mark(request, *about))
