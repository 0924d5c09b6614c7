"""Who may do what in the yard, and what fits."""

from .yard import (
    LONGEST_LINE,
    LONGEST_TEXT,
    LONGEST_URL,
    LONGEST_WHY,
    MOST_EVIDENCE,
    MOST_STEPS,
    fits_promise,
    fits_text,
    fits_url,
    may_keep_yard,
    may_move_step,
)

__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "LONGEST_URL",
    "LONGEST_WHY",
    "MOST_EVIDENCE",
    "MOST_STEPS",
    "fits_promise",
    "fits_text",
    "fits_url",
    "may_keep_yard",
    "may_move_step",
]
