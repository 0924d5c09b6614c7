"""Tables of founding: reports with their versions, translations, authors and pictures; comments with their log."""

from .comments import Comment, CommentEvent, CommentObjection
from .milestones import MilestoneReached
from .reports import Report, ReportAuthor, ReportPicture, ReportTranslation, ReportVersion

__all__ = [
    "Comment",
    "CommentEvent",
    "CommentObjection",
    "MilestoneReached",
    "Report",
    "ReportAuthor",
    "ReportPicture",
    "ReportTranslation",
    "ReportVersion",
]
