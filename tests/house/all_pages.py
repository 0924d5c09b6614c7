"""All pages with rows: each topic signs its own in when it is read."""

from . import bank_pages, events_pages, founding_pages, message_pages
from .pages import PAGES

__all__ = ["PAGES", "bank_pages", "events_pages", "founding_pages", "message_pages"]
