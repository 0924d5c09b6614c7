"""What banks say of an account: statements and their entries, read exactly and without deciding anything."""

from .statement import Detail, Entry, Event, Head, Statement, StatementEnd, collected
from .unreadable import Unreadable

__all__ = ["Detail", "Entry", "Event", "Head", "Statement", "StatementEnd", "Unreadable", "collected"]
