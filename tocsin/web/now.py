"""What is due, and who is on call?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tocsin.web.staff import staff


@staff
def now(request: HttpRequest) -> HttpResponse:
    return render(request, "now/page.html")
