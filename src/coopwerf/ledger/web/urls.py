"""Addresses of the ledger package."""

from django.urls import URLPattern, URLResolver, path

from . import accounts, export, home, journal, manual, periods, trial
from .desk import once_open

app_name = "ledger"

_C = "c/<slug:slug>/books/"
_A = _C + "accounts/"
_E = _C + "entries/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_C, home.books, name="books"),
    path(_C + "open/", home.open_books, name="open"),
    path(_A, once_open(accounts.accounts), name="accounts"),
    path(_A + "new/", once_open(accounts.new), name="account-new"),
    path(_A + "<str:code>/", once_open(accounts.statement), name="account"),
    path(_A + "<str:code>/change/", once_open(accounts.change), name="account-change"),
    path(_C + "journal/", once_open(journal.journal), name="journal"),
    path(_E + "new/", once_open(manual.new), name="entry-new"),
    path(_E + "<uuid:entry_id>/", once_open(journal.entry), name="entry"),
    path(_E + "<uuid:entry_id>/reverse/", once_open(journal.reverse), name="entry-reverse"),
    path(_E + "<uuid:entry_id>/forget/", once_open(journal.forget), name="entry-forget"),
    path(_C + "opening/", once_open(manual.opening), name="opening"),
    path(_C + "trial-balance/", once_open(trial.trial_balance), name="trial-balance"),
    path(_C + "closing/", once_open(periods.closing), name="closing"),
    path(_C + "closing/reopen/", once_open(periods.reopen), name="reopen"),
    path(_C + "export/", once_open(export.export), name="export"),
    path(_C + "export/<str:what>.<str:form>", once_open(export.table), name="table"),
]
