"""What workers do with mail: deliver it, hand over batches, read what came back."""

from .lanes import work
from .mails import (
    blank,
    defer_deliveries,
    defer_delivery,
    defer_lanes,
    defer_newsletter,
    deliver,
    files_along,
    forget_strangers,
    note_returned,
    read_returned,
    resume,
    resume_bulks,
    send_bulk,
    send_newsletter,
    send_planned,
    take_returned,
    tell_week,
)

__all__ = [
    "blank",
    "defer_deliveries",
    "defer_delivery",
    "defer_lanes",
    "defer_newsletter",
    "deliver",
    "files_along",
    "forget_strangers",
    "note_returned",
    "read_returned",
    "resume",
    "resume_bulks",
    "send_bulk",
    "send_newsletter",
    "send_planned",
    "take_returned",
    "tell_week",
    "work",
]
