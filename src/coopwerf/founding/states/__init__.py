"""What reports and comments go through, and what each of their states is called."""

from .comments import (
    COMMENT_STATE_NAMES,
    COMMENT_TRANSITIONS,
    EDIT_WINDOW,
    GROUND_NAMES,
    CommentState,
    Ground,
)
from .reports import (
    PUBLIC_STATES,
    REPORT_STATE_NAMES,
    REPORT_TRANSITIONS,
    SECTION_NAMES,
    SECTIONS,
    TRANSLATION_STATE_NAMES,
    Rendering,
    ReportState,
    Words,
)

__all__ = [
    "COMMENT_STATE_NAMES",
    "COMMENT_TRANSITIONS",
    "EDIT_WINDOW",
    "GROUND_NAMES",
    "PUBLIC_STATES",
    "REPORT_STATE_NAMES",
    "REPORT_TRANSITIONS",
    "SECTIONS",
    "SECTION_NAMES",
    "TRANSLATION_STATE_NAMES",
    "CommentState",
    "Ground",
    "Rendering",
    "ReportState",
    "Words",
]
