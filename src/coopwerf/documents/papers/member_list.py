"""The list of members of a Dutch coöperatie, with those who left within the last year (BW 2:55)."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from coopwerf.people.states import written_enterprise_no
from coopwerf.ui import formats

from .base import Paper, Setting, Table, beginning, drawing, evidence, frame, volumes
from .extract import described


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One member on the date of the list."""

    member_no: int
    name: str
    domicile: str
    enterprise_no: str = ""
    admitted_on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LeaverLine:
    """One member who left within the year before the date of the list."""

    member_no: int
    name: str
    domicile: str
    enterprise_no: str = ""
    admitted_on: dt.date
    ended_on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MemberList:
    """The members as of a date, and who left in the year before; `liability` says who answers for a deficit.

    `begins` is the day as of which the register was brought along, where that lies after the date.
    """

    as_of: dt.date
    known_position: int
    members: tuple[MemberLine, ...]
    leavers: tuple[LeaverLine, ...]
    liability: str = ""
    begins: dt.date | None = None

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the list, in volumes of at most 5,000 rows."""
        lang = setting.language
        as_of = formats.date_long(self.as_of, lang)
        title = _("List of members as of %(date)s") % {"date": as_of}
        lead = _(
            "The members at the end of %(date)s, and those who left in the year before, by everything entered up to "
            "position %(position)s."
        ) % {"date": as_of, "position": formats.number(self.known_position, lang)}
        cut = volumes(self._tables(lang))
        attached = evidence(self, setting, description=_("The members of this list, for a program to read"))
        made: list[Paper] = []
        for number, tables in enumerate(cut, start=1):
            name = (
                title
                if len(cut) == 1
                else _("%(title)s, volume %(number)s of %(count)s")
                % {
                    "title": title,
                    "number": number,
                    "count": len(cut),
                }
            )
            first = number == 1
            data = {
                "frame": frame(setting, title=name, description=lead),
                "lead": lead,
                "limit": beginning(self.begins, lang),
                "facts": self._facts(lang) if first else [],
                "parts": [table.data() for table in tables],
                "remark": self.liability,
            }
            suffix = "" if len(cut) == 1 else f"-{number}"
            made.append(
                Paper(
                    template="member-list.typ",
                    name=f"members-{self.as_of.isoformat()}{suffix}",
                    data=data,
                    raw=drawing(setting),
                    attachments=(attached,) if first else (),
                    rows=sum(len(table.rows) for table in tables),
                )
            )
        return made

    def _facts(self, lang: str) -> list[dict[str, str]]:
        return [
            {"label": _("Members"), "value": formats.number(len(self.members), lang), "note": ""},
            {"label": _("Left in the last year"), "value": formats.number(len(self.leavers), lang), "note": ""},
            {"label": _("As of"), "value": formats.date_short(self.as_of, lang), "note": ""},
        ]

    def _tables(self, lang: str) -> list[Table]:
        members = Table(
            "members",
            _("Members"),
            (_("No."), _("Name"), _("Domicile or seat"), _("Admitted")),
            tuple(
                (
                    str(line.member_no),
                    described(line.name, written_enterprise_no(line.enterprise_no)),
                    line.domicile,
                    formats.date_short(line.admitted_on, lang),
                )
                for line in self.members
            ),
            none=_("No members on this date."),
        )
        leavers = Table(
            "leavers",
            _("Left in the last year"),
            (_("No."), _("Name"), _("Domicile or seat"), _("Admitted"), _("Left")),
            tuple(
                (
                    str(line.member_no),
                    described(line.name, written_enterprise_no(line.enterprise_no)),
                    line.domicile,
                    formats.date_short(line.admitted_on, lang),
                    formats.date_short(line.ended_on, lang),
                )
                for line in self.leavers
            ),
            none=_("Nobody left in the year before this date."),
        )
        return [members, leavers]
