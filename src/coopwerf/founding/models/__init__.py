"""Tables of founding: reports with their versions, translations, authors and pictures; comments with their log."""

from .comments import Comment, CommentEvent, CommentObjection
from .reports import Report, ReportAuthor, ReportPicture, ReportTranslation, ReportVersion

__all__ = [
    "Comment",
    "CommentEvent",
    "CommentObjection",
    "Report",
    "ReportAuthor",
    "ReportPicture",
    "ReportTranslation",
    "ReportVersion",
]
