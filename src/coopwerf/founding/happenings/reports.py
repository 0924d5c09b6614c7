"""What happened to reports."""

import dataclasses
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class ReportPublished:
    """A report can be read by everybody from now on."""

    coop_id: uuid.UUID
    report_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class ReportCorrected:
    """A report tells something else from now on; what it told before stays readable."""

    coop_id: uuid.UUID
    report_id: uuid.UUID
    version: int


@dataclasses.dataclass(frozen=True, slots=True)
class ReportTakenBack:
    """A report was a mistake, and can't be read any more."""

    coop_id: uuid.UUID
    report_id: uuid.UUID


@dataclasses.dataclass(frozen=True, slots=True)
class ReportTranslated:
    """A report can be read in another language from now on."""

    coop_id: uuid.UUID
    report_id: uuid.UUID
    language: str


@dataclasses.dataclass(frozen=True, slots=True)
class CommentAsked:
    """A comment waits for whoever writes the report to read it."""

    coop_id: uuid.UUID
    report_id: uuid.UUID
    comment_id: uuid.UUID
