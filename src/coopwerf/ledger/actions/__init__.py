"""Every write of the books."""

from .accounts import add_account, change_account, close_account, open_books
from .manual import ManualLine, forget_words, record_manual, record_opening
from .periods import close_period, reopen_period
from .posting import Posting, post, reverse

__all__ = [
    "ManualLine",
    "Posting",
    "add_account",
    "change_account",
    "close_account",
    "close_period",
    "forget_words",
    "open_books",
    "post",
    "record_manual",
    "record_opening",
    "reopen_period",
    "reverse",
]
