"""What reports and comments go through, and what each of their states is called."""

from .comments import (
    COMMENT_STATE_NAMES,
    COMMENT_TRANSITIONS,
    EDIT_WINDOW,
    GROUND_NAMES,
    CommentState,
    Ground,
)
from .milestones import KNOWN_BY_ITSELF, MILESTONE_NAMES, STEP_ASKS, STEP_NAMES, Milestone, Step
from .reports import (
    LANGUAGE_WORDS,
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
    "KNOWN_BY_ITSELF",
    "LANGUAGE_WORDS",
    "MILESTONE_NAMES",
    "PUBLIC_STATES",
    "REPORT_STATE_NAMES",
    "REPORT_TRANSITIONS",
    "SECTIONS",
    "SECTION_NAMES",
    "STEP_ASKS",
    "STEP_NAMES",
    "TRANSLATION_STATE_NAMES",
    "CommentState",
    "Ground",
    "Milestone",
    "Rendering",
    "ReportState",
    "Step",
    "Words",
]
