"""Addresses of the ledger package."""

from django.urls import URLPattern, URLResolver, path

from . import accounts, export, home, journal, manual, periods, trial

app_name = "ledger"

_C = "c/<slug:slug>/books/"
_A = _C + "accounts/"
_E = _C + "entries/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_C, home.books, name="books"),
    path(_C + "open/", home.open_books, name="open"),
    path(_A, accounts.accounts, name="accounts"),
    path(_A + "new/", accounts.new, name="account-new"),
    path(_A + "<str:code>/", accounts.statement, name="account"),
    path(_A + "<str:code>/change/", accounts.change, name="account-change"),
    path(_C + "journal/", journal.journal, name="journal"),
    path(_E + "new/", manual.new, name="entry-new"),
    path(_E + "<uuid:entry_id>/", journal.entry, name="entry"),
    path(_E + "<uuid:entry_id>/reverse/", journal.reverse, name="entry-reverse"),
    path(_E + "<uuid:entry_id>/forget/", journal.forget, name="entry-forget"),
    path(_C + "opening/", manual.opening, name="opening"),
    path(_C + "trial-balance/", trial.trial_balance, name="trial-balance"),
    path(_C + "closing/", periods.closing, name="closing"),
    path(_C + "closing/reopen/", periods.reopen, name="reopen"),
    path(_C + "export/", export.export, name="export"),
    path(_C + "export/<str:what>.<str:form>", export.table, name="table"),
]
