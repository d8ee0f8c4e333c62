"""How does somebody sign in, change their password, or get a new one by mail?

allauth does it; here is what is different in this desk: nobody signs up by themselves, who guesses is stopped, and a
mail server that does not answer is the log's news rather than the guesser's.
"""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account import views
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.forms import Form, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tocsin.directory.account import Account
from tocsin.web import refusals

log = structlog.get_logger(__name__)


class Adapter(DefaultAccountAdapter):
    """What allauth asks of the desk it is in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Too many failed attempts from one address, or for one account, are answered 429 until five minutes pass."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            log.warning("sign-in slowed down", address=self.get_client_ip(request))
            raise ImmediateHttpResponse(refusals.too_many(request)) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One count for an account, whatever name and port of the desk the guesser writes into the request."""
        return str(credentials.get("email", "")).lower()

    def set_password(self, user: Account, password: str) -> None:
        """Whoever was shut out by a guesser's attempts, and chooses it by a link that came by mail, is let in again."""
        super().set_password(user, password)
        if not self.request.user.is_authenticated:
            self._delete_login_attempts_cached_email(self.request, email=user.email)

    def post_login(self, request: HttpRequest, user: Account, **said: Any) -> HttpResponse | None:
        """Sessions that ended by themselves are cleared away whenever somebody begins a new one."""
        request.session.clear_expired()
        response: HttpResponse | None = super().post_login(request, user, **said)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            log.error("mail about a password not sent", error=str(error))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("now")


def password_reset(request: HttpRequest) -> HttpResponse:
    """A link by mail; without a mail server, whom to ask instead."""
    if settings.TOCSIN_SMTP is None:
        return render(request, "account/no_mail.html")
    response: HttpResponse = views.password_reset(request)
    return response


class _Labelled(Form):
    """Fields with labels instead of placeholders; the cursor waits in the first."""

    labels: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, (name, field) in enumerate(self.fields.items()):
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if number == 0:
                field.widget.attrs["autofocus"] = True


class SignIn(_Labelled, LoginForm):
    labels = {"login": "Mail address", "password": "Password"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"  # what password managers fill in
        self.fields["password"].help_text = ""  # the way to a new password stands beneath the form


class NewPassword(_Labelled, ChangePasswordForm):
    labels = {"oldpassword": "Password until now", "password1": "New password", "password2": "New password, again"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class AskForReset(_Labelled, ResetPasswordForm):
    labels = {"email": "Mail address"}


class PasswordAfterReset(_Labelled, ResetPasswordKeyForm):
    labels = {"password1": "New password", "password2": "New password, again"}
