"""The only writers of capital."""

from .offers import (
    OfferTerms,
    change_offer,
    close_offer,
    delete_draft,
    draft_offer,
    open_offer,
    pause_offer,
)
from .questions import ask_about, remove_question, write_question
from .texts import name_statutes, publish_texts, write_texts

__all__ = [
    "OfferTerms",
    "ask_about",
    "change_offer",
    "close_offer",
    "delete_draft",
    "draft_offer",
    "name_statutes",
    "open_offer",
    "pause_offer",
    "publish_texts",
    "remove_question",
    "write_question",
    "write_texts",
]
