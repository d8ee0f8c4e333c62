"""Which address shows which screen?

Of allauth only what is named here can be reached: no sign-up, no change of address, no login by code.
"""

from allauth.account import views as account
from django.urls import path, re_path

from tocsin.web import (
    clients,
    colours,
    corrections,
    drafts,
    facts,
    gallery,
    history,
    kept,
    merging,
    on_call,
    other_work,
    pager,
    pauses,
    rosters,
    sign_in,
    standard,
    steps,
    ticket,
    tickets,
)
from tocsin.web.now import now

urlpatterns = [
    path("", now, name="now"),
    path("tickets", tickets.listed, name="tickets"),
    path("tickets/new", tickets.new, name="new-ticket"),
    path("tickets/new/facts", facts.weighed, name="weighed"),
    path("tickets/<str:number>", ticket.ticket, name="ticket"),
    path("tickets/<str:number>/merge", merging.merge, name="merge"),
    path("tickets/<str:number>/corrections/<int:place>/<slug:verb>", corrections.decide, name="correction"),
    path("tickets/<str:number>/other-work", other_work.listed, name="other-work"),
    path("tickets/<str:number>/other-work/<str:other>", other_work.hand_on, name="hand-on"),
    path("tickets/<str:number>/<slug:verb>", ticket.act, name="ticket-act"),
    path("colours.css", colours.sheet, name="colours"),
    path("pager", pager.pager, name="pager"),
    path("pager/poll", pager.poll, name="pager-poll"),
    path("pager/arm", pager.arm, name="pager-arm"),
    path("pager/disarm", pager.disarm, name="pager-disarm"),
    path("pager/<int:pk>/<slug:verb>", pager.act, name="pager-act"),
    path("on-call", on_call.on_call, name="on-call"),
    path("on-call/make", rosters.make, name="make-roster"),
    path("on-call/by/<str:address>", rosters.one, name="roster"),
    path("on-call/by/<str:address>/change", rosters.change, name="change-roster"),
    path("on-call/by/<str:address>/<slug:verb>", rosters.act, name="roster-act"),
    path("clients", clients.listed, name="clients"),
    path("clients/<slug:slug>", clients.one, name="client"),
    path("clients/<slug:slug>/kept", kept.card, name="client-kept"),
    path("clients/<slug:slug>/waits", pauses.card, name="client-pauses"),
    path("clients/<slug:slug>/promises", kept.behind, name="client-promises"),
    path("standard", standard.standard, name="standard"),
    path("standard/gallery", gallery.gallery, name="standard-gallery"),
    path("standard/drafts/begin", drafts.begin, name="begin-draft"),
    path("standard/drafts/<int:pk>", drafts.draft, name="draft"),
    path("standard/drafts/<int:pk>/desk", drafts.desk, name="draft-desk"),
    path("standard/drafts/<int:pk>/<slug:verb>", drafts.act, name="draft-act"),
    path("standard/<slug:name>/history", history.shown, name="standard-history"),
    path("standard/<slug:name>/<slug:verb>", steps.step, name="standard-step"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("accounts/password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
