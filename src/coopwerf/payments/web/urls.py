"""Addresses of the payments package."""

from django.urls import URLPattern, URLResolver, path

from . import accounts, asking, explain, inbox, lists, paying, statements

app_name = "payments"

_B = "c/<slug:slug>/bank/"
_L = _B + "lines/<uuid:entry_id>/"
_M = _B + "matches/<uuid:match_id>/"
_S = _B + "statements/"
_P = _B + "to-pay/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_B, inbox.inbox, name="inbox"),
    path(_B + "certain/", inbox.certain, name="certain"),
    path(_B + "undo/", inbox.undo_last, name="undo-last"),
    path(_B + "booked/", lists.booked, name="booked"),
    path(_B + "suspense/", lists.suspense, name="suspense"),
    path(_L, lists.entry, name="entry"),
    path(_L + "accept/", inbox.accept, name="accept"),
    path(_L + "other/", explain.other, name="other"),
    path(_L + "split/", explain.split, name="split"),
    path(_L + "account/", explain.to_account, name="to-account"),
    path(_L + "refund/", explain.refund, name="refund"),
    path(_L + "ask/", asking.ask, name="ask"),
    path(_L + "pair/", explain.pair, name="pair"),
    path(_M + "undo/", inbox.undo, name="undo"),
    path("c/<slug:slug>/payment/<str:token>/", asking.question, name="question"),
    path(_S, statements.statements, name="statements"),
    path(_S + "upload/", statements.upload, name="upload"),
    path(_S + "<uuid:statement_id>/", statements.statement, name="statement"),
    path(_P, paying.to_pay, name="to-pay"),
    path(_P + "paper/", paying.paper, name="to-pay-paper"),
    path(_P + "given/", paying.given, name="given"),
    path(_P + "<uuid:claim_id>/account/", paying.payee, name="payee"),
    path(_B + "accounts/", accounts.accounts, name="accounts"),
    path(_B + "accounts/<uuid:account_id>/", accounts.change, name="account"),
]
