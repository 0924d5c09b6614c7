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
from .share_books import open_share_books, post_shares, take_back_claims
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
    "open_share_books",
    "pause_offer",
    "post_shares",
    "publish_texts",
    "remove_question",
    "take_back_claims",
    "write_question",
    "write_texts",
]
