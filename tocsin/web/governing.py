"""May whoever asks write standards and say where they are in force, and which of them do they mean?"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from tocsin.directory.keepers import may_govern
from tocsin.standard import adopted, drafts
from tocsin.standard.draft import Draft
from tocsin.standard.version import PolicyVersion

REFUSED = (
    "Standards are written and put in force by who manages the desk: the service desk manager, the service delivery"
    " manager, the operations manager or the director. You read them here."
)


def governs(request: HttpRequest) -> bool:
    """Whether they may; a page asks it for its buttons."""
    return may_govern(request.person, at=request.at)


def must_govern(request: HttpRequest) -> None:
    """PermissionDenied for everybody who may not, and whom to ask."""
    if not governs(request):
        raise PermissionDenied(REFUSED)


def draft_or_404(pk: int) -> Draft:
    found = drafts.draft(pk)
    if found is None:
        raise Http404(f"There is no draft {pk}. The gallery of standards lists those that are written now.")
    return found


def version_or_404(name: str, number: object = None) -> PolicyVersion:
    """That version of the standard, its newest where no number is given."""
    said = str(number or "")
    found = adopted.version(name, int(said) if said.isdecimal() else None) if len(said) < 9 else None
    if found is None:
        raise Http404(f"There is no such version of a standard {name} on this desk.")
    return found
