"""What a report goes through, what it tells, and how far its translations are."""

import dataclasses
import enum
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(enum.StrEnum):
    """Say how far a report has come."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    TAKEN_BACK = "taken_back"


REPORT_TRANSITIONS: Final[Mapping[ReportState, frozenset[ReportState]]] = {
    ReportState.DRAFT: frozenset({ReportState.SCHEDULED, ReportState.PUBLISHED}),
    ReportState.SCHEDULED: frozenset({ReportState.DRAFT, ReportState.PUBLISHED}),
    ReportState.PUBLISHED: frozenset({ReportState.TAKEN_BACK}),
    # What was a mistake stays one: what is right is told in a new report.
    ReportState.TAKEN_BACK: frozenset(),
}
"""From which state a report comes to which other; a draft can be deleted, a report that was published never."""

REPORT_STATE_NAMES: Final = {
    ReportState.DRAFT: pgettext_lazy("report", "Draft"),
    ReportState.SCHEDULED: pgettext_lazy("report", "Scheduled"),
    ReportState.PUBLISHED: pgettext_lazy("report", "Published"),
    ReportState.TAKEN_BACK: pgettext_lazy("report", "Taken back"),
}
"""What each state of a report is called."""

PUBLIC_STATES: Final = (ReportState.PUBLISHED, ReportState.TAKEN_BACK)
"""The states in which the address of a report answers everybody."""


class Rendering(enum.StrEnum):
    """Say how a report stands in one of the languages: its own, or one into which it is translated."""

    ORIGINAL = "original"
    THERE = "there"
    STALE = "stale"
    WAITING = "waiting"
    MISSING = "missing"


TRANSLATION_STATE_NAMES: Final = {
    Rendering.ORIGINAL: pgettext_lazy("translation", "Written in it"),
    Rendering.THERE: pgettext_lazy("translation", "Translated"),
    Rendering.STALE: pgettext_lazy("translation", "Older than the original"),
    Rendering.WAITING: pgettext_lazy("translation", "Waits for you to read it"),
    Rendering.MISSING: pgettext_lazy("translation", "Missing"),
}
"""What it is called how a report stands in a language."""


@dataclasses.dataclass(frozen=True, slots=True)
class Words:
    """What a report tells in one language; the three parts, and the words below the picture, are Markdown."""

    title: str = ""
    lead: str = ""
    caption: str = ""
    done: str = ""
    standing: str = ""
    next: str = ""


SECTIONS: Final = ("done", "standing", "next")
"""The three parts of a report, in the order in which they are read."""

SECTION_NAMES: Final = {
    "done": _("What we did"),
    "standing": _("Where we stand"),
    "next": _("What comes next"),
}
"""How each part is headed."""


LANGUAGE_WORDS: Final = {
    "nl": pgettext_lazy("language, within a sentence", "Dutch"),
    "fr": pgettext_lazy("language, within a sentence", "French"),
    "en": pgettext_lazy("language, within a sentence", "English"),
}
"""What the languages are called within a sentence: "a report in Dutch"."""
