"""What all papers share: letterhead, page words, evidence, volumes."""

import dataclasses
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.utils.translation import gettext as _

from coopcalc.chain import canonical
from coopwerf.kernel import clock
from coopwerf.ui import formats
from coopwerf.ui.colours import palette

from ..rendering import Attachment, render

ROWS_PER_VOLUME = 5000


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands at the top of a co-operative's papers: name, hue, then seat and enterprise number as lines."""

    coop: str
    hue: int
    lines: tuple[str, ...] = ()
    footer: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Say how a paper is set: whose letterhead, in which language, at which moment, at which head of the chain."""

    letterhead: Letterhead
    language: str
    at: dt.datetime
    head: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A template with everything it needs, ready to be rendered; `rows` says how long its tables are."""

    template: str
    name: str
    data: Mapping[str, Any]
    raw: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()
    rows: int = 0


class PaperFacts(Protocol):
    """Typed facts that know how to become papers, in the language that is active."""

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the paper, or its volumes."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table of a paper: its shape (the template knows the columns), title, head, rows and what to say when empty."""

    shape: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[tuple[str, ...], ...] = ()
    none: str = ""

    def data(self) -> dict[str, Any]:
        """Return what the template reads."""
        return {
            "shape": self.shape,
            "title": self.title,
            "head": self.head,
            "rows": self.rows,
            "totals": self.totals,
            "none": self.none,
        }


def frame(setting: Setting, *, title: str, description: str) -> dict[str, Any]:
    """Return the data of the page around a paper."""
    made = clock.civil_date(setting.at)
    return {
        "coop": setting.letterhead.coop,
        "lines": setting.letterhead.lines,
        "title": title,
        "description": description,
        "page": _("Page {page} of {pages}"),
        "made": _("Made on %(date)s.") % {"date": formats.date_long(made, setting.language)},
        "head": setting.head,
        "head_words": _("Head of the register’s chain:"),
    }


def drawing(setting: Setting, **more: str) -> dict[str, str]:
    """Return what goes to the template untouched: the colours of the co-operative, drawings, addresses."""
    colours = palette(setting.letterhead.hue)
    return {"brand": colours.brand, "soft": colours.soft, **more}


def beginning(begins: dt.date | None, lang: str) -> str:
    """Return the sentence that limits a paper of a day before the register was brought along; else nothing."""
    if begins is None:
        return ""
    return _(
        "This register was brought along as it stood on %(date)s. Of earlier days it knows when members came and left, "
        "but not what they held: for those days the register kept before holds."
    ) % {"date": formats.date_long(begins, lang)}


def evidence(facts: Any, setting: Setting, *, description: str) -> Attachment:
    """Return the facts of a paper as a file of canonical JSON: dates as ISO text, amounts as strings."""
    content = canonical(
        {
            "format": f"coopwerf-{type(facts).__name__.lower()}/1",
            "coop": setting.letterhead.coop,
            "head": setting.head,
            "facts": plain(dataclasses.asdict(facts)),
        }
    )
    return Attachment("evidence.json", content.encode(), "application/json", description)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it, without floats."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} is no evidence")


def volumes(tables: Sequence[Table], size: int = ROWS_PER_VOLUME) -> list[list[Table]]:
    """Cut tables into volumes of at most `size` rows; a table that is cut goes on in the next one, its totals last."""
    made: list[list[Table]] = [[]]
    room = size
    for table in tables:
        rows = table.rows
        while True:
            taken, rest = rows[:room], rows[room:]
            made[-1].append(dataclasses.replace(table, rows=taken, totals=() if rest else table.totals))
            room -= len(taken)
            if not rest:
                break
            rows, room = rest, size
            made.append([])
    return made


def set_paper(paper: Paper, language: str, at: dt.datetime) -> bytes:
    """Return the PDF of a paper; raises PaperError when it can't be set."""
    return render(paper.template, paper.data, language, at=at, attachments=paper.attachments, raw=paper.raw)


@dataclasses.dataclass(frozen=True, slots=True)
class PaperFile:
    """A document as one file: its content, its media type, and its name without the co-operative's."""

    content: bytes
    media_type: str
    name: str


def set_file(papers: Sequence[Paper], language: str, at: dt.datetime) -> PaperFile:
    """Return the one file of a document: a PDF, or a ZIP of its volumes; raises PaperError when it can't be set."""
    made = [set_paper(paper, language, at) for paper in papers]
    if len(made) == 1:
        return PaperFile(made[0], "application/pdf", f"{papers[0].name}.pdf")
    out = io.BytesIO()
    stamp = at.astimezone(clock.CIVIL)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for paper, content in zip(papers, made, strict=True):
            entry = zipfile.ZipInfo(
                f"{paper.name}.pdf", (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second)
            )
            archive.writestr(entry, content)
    return PaperFile(out.getvalue(), "application/zip", f"{papers[0].name.rpartition('-')[0]}.zip")
