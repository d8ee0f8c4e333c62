"""What is known of the fault, asked as the standard asks it, and which priority does that give?

Each input is a group of answers with "not known" before them; nobody need answer any. (R1.2, R1.12)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.core.matrix import Answer, Matrix
from tocsin.core.terms import Terms
from tocsin.desk.severity import day_of
from tocsin.directory import clients as clients_of
from tocsin.directory.client import Client
from tocsin.standard.terms import NothingAgreed, terms_for
from tocsin.web.staff import staff

BEFORE = "fact_"  # so that no input is taken for another field


def groups(matrix: Matrix, *, on: date, known: Mapping[str, str] | None = None) -> dict[str, forms.Field]:
    """A field for each input: its answers, the mildest first, and what is assumed while none is given."""
    assumed = matrix.assumed(on=on)
    fields: dict[str, forms.Field] = {}
    for name, each in matrix.inputs.items():
        unknown = f"not known (assumed: {each.scale[assumed[name]]})"
        fields[BEFORE + name] = forms.ChoiceField(
            label=each.question,
            required=False,
            initial=(known or {}).get(name, ""),
            choices=[("", unknown), *each.scale.items()],
            widget=forms.RadioSelect(),
        )
    return fields


def answered(said: Mapping[str, Any]) -> dict[str, str]:
    """Input → answer, of a form's cleaned data; blank where nobody answered."""
    return {name.removeprefix(BEFORE): said[name] for name in said if name.startswith(BEFORE)}


class Facts(forms.Form):
    """The facts of a new ticket, as far as they are known."""

    def __init__(self, terms: Terms, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assert terms.matrix is not None, "only a standard with a matrix asks"
        self.terms, self.matrix, self.on = terms, terms.matrix, on
        self.fields |= groups(self.matrix, on=on)

    @property
    def known(self) -> dict[str, str]:
        """Those that were answered."""
        self.full_clean()
        said = answered(self.cleaned_data) if self.is_bound else {}
        return {name: answer for name, answer in said.items() if answer}

    @property
    def answer(self) -> Answer | None:
        """What the matrix makes of them; None while nobody answered any."""
        return self.matrix.ask(self.known, on=self.on) if self.known else None

    @property
    def why(self) -> list[str]:
        """Why they give the priority they give, beside its badge."""
        answer = self.answer
        return [each.removeprefix(f"{answer.priority}, ") for each in answer.because] if answer is not None else []

    @property
    def assumed(self) -> list[str]:
        """What is assumed, in words."""
        inputs, answer = self.matrix.inputs, self.answer
        taken = answer.assumed if answer is not None else {}
        return [f"{inputs[name].title}: {inputs[name].scale[value]}" for name, value in taken.items()]

    @property
    def otherwise(self) -> str:
        """What it is while nobody answers: P3 Medium."""
        default = self.terms.default_priority
        return f"{default} {self.terms.titles.get(default, '')}".strip()


def asked_of(client: Client, said: Mapping[str, Any], *, at: Any) -> Facts | None:
    """The facts to be answered for a new ticket, as they were in `said`; None where the standard asks for none."""
    service = str(said.get("service", ""))
    hit = client.services.filter(pk=int(service)).first() if service.isdecimal() and len(service) < 12 else None
    terms = terms_for(client, hit, at=at)
    return Facts(terms, said, on=day_of(client, at)) if terms.matrix is not None else None


@staff
def weighed(request: HttpRequest) -> HttpResponse:
    """Which priority the facts give, while somebody still answers."""
    slug = request.GET.get("client", "")
    clients = clients_of.seen_by(request.person).filter(ended_on=None)
    client = clients.filter(pk=int(slug)).first() if slug.isdecimal() and len(slug) < 12 else None
    try:
        asked = asked_of(client, request.GET, at=request.at) if client is not None else None
    except NothingAgreed as nothing:
        raise Http404(str(nothing)) from nothing
    if asked is None:
        raise Http404("There is no such client, or its standard asks for no facts.")
    return render(request, "tickets/_weighed.html", {"asked": asked})
