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
from .subscription_care import (
    FORGET_DAYS,
    QUEUE_DAYS,
    correct_email,
    extend_term,
    forget_subscriber,
    forget_typed,
    lapse_subscription,
    move_up,
    remind,
    send_again,
    take_up_again,
    write_first_letters,
)
from .subscription_money import (
    follow_decision,
    follow_size,
    follow_withdrawal,
    note_paid_back,
    note_payment,
    take_back_payment,
)
from .subscriptions import (
    Subscribed,
    confirm_subscription,
    subscribe,
    withdraw_subscription,
)
from .texts import name_statutes, publish_texts, write_texts

__all__ = [
    "FORGET_DAYS",
    "QUEUE_DAYS",
    "OfferTerms",
    "Subscribed",
    "ask_about",
    "change_offer",
    "close_offer",
    "confirm_subscription",
    "correct_email",
    "delete_draft",
    "draft_offer",
    "extend_term",
    "follow_decision",
    "follow_size",
    "follow_withdrawal",
    "forget_subscriber",
    "forget_typed",
    "lapse_subscription",
    "move_up",
    "name_statutes",
    "note_paid_back",
    "note_payment",
    "open_offer",
    "open_share_books",
    "pause_offer",
    "post_shares",
    "publish_texts",
    "remind",
    "remove_question",
    "send_again",
    "subscribe",
    "take_back_claims",
    "take_back_payment",
    "take_up_again",
    "withdraw_subscription",
    "write_first_letters",
    "write_question",
    "write_texts",
]
