"""Who may write, publish and moderate; what a report lacks before it can be read."""

from .comments import may_answer_by_name, may_comment, may_moderate
from .reports import (
    hindrances,
    may_author,
    may_bring_pictures,
    may_move,
    may_take_picture_away,
    may_write,
)

__all__ = [
    "hindrances",
    "may_answer_by_name",
    "may_author",
    "may_bring_pictures",
    "may_comment",
    "may_moderate",
    "may_move",
    "may_take_picture_away",
    "may_write",
]
