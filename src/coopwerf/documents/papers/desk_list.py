"""The list of a desk: who has a place at a gathering, by name, with room to tick and to write the time."""

import dataclasses
from collections.abc import Sequence

from django.utils.translation import gettext as _

from coopwerf.ui import formats

from .base import Paper, Setting, Table, drawing, frame, volumes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    """One person on the list of a desk: who finds them needs no more than this."""

    name: str
    code: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DeskList:
    """Who is expected, in one of so many parts; `when` and `where` are in words."""

    title: str
    when: str
    where: str
    part: int = 1
    parts: int = 1
    first: str = ""
    last: str = ""
    lines: tuple[DeskLine, ...] = ()

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the list, in volumes of at most 5,000 rows."""
        lang = setting.language
        title = self.title
        if self.parts > 1:
            title = _("%(title)s, list %(part)s of %(parts)s") % {
                "title": self.title,
                "part": self.part,
                "parts": self.parts,
            }
        table = Table(
            "desk",
            _("Who is expected"),
            ("", _("Name"), _("Code"), _("In"), _("Out")),
            tuple(("", line.name, line.code, "", "") for line in self.lines),
            none=_("Nobody is expected here."),
        )
        lead = _(
            "%(people)s people, by name. Tick who comes, and write the time; type the codes in afterwards, then tear "
            "this list up."
        ) % {"people": formats.number(len(self.lines), lang)}
        made = []
        cut = volumes([table])
        for number, tables in enumerate(cut, start=1):
            suffix = "" if len(cut) == 1 else f"-{number}"
            data = {
                "frame": frame(setting, title=title, description=lead),
                "lead": lead,
                "facts": [
                    {"label": _("When"), "value": self.when, "note": ""},
                    {"label": _("Where"), "value": self.where, "note": ""},
                    {"label": _("Names"), "value": f"{self.first} – {self.last}" if self.first else "–", "note": ""},
                ],
                "parts": [one.data() for one in tables],
            }
            made.append(
                Paper(
                    template="desk-list.typ",
                    name=f"desk-{self.part}{suffix}",
                    data=data,
                    raw=drawing(setting),
                    rows=sum(len(one.rows) for one in tables),
                )
            )
        return made
