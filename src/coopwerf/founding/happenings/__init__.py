"""What happened in the yard, for packages above to react to."""

from .reports import CommentAsked, ReportCorrected, ReportPublished, ReportTakenBack, ReportTranslated

__all__ = ["CommentAsked", "ReportCorrected", "ReportPublished", "ReportTakenBack", "ReportTranslated"]
