"""Somebody's data as one ZIP: `data.json` for programs, `data.html` for people, and the files."""

import datetime as dt
import json
import shutil
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from coopwerf.kernel.clock import CIVIL
from coopwerf.kernel.command import as_json
from coopwerf.kernel.snapshot import snapshot
from coopwerf.ui import formats

from .accounts import account_of
from .exports import Column, File, Table, Whose, pieces
from .parties import particulars_of

FORMAT = "coopwerf-data/1"
STYLES = "people/data.css"


def write_archive(party_id: uuid.UUID, file: IO[bytes], *, now: dt.datetime, language: str) -> None:
    """Write everything that is stored about a party into a ZIP, as of one moment, for people in their language.

    Files are copied one after the other, so that memory doesn't grow with them. One that is gone meanwhile is left out.
    """
    account = account_of(party_id)
    whose = Whose(party_id, account.id if account else None, now)
    with translation.override(language), snapshot():
        name = particulars_of(party_id, timezone.localdate(now, CIVIL)).spoken
        tables: list[Table] = []
        paths: list[str] = []
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for piece in pieces(whose):
                if isinstance(piece, Table):
                    tables.append(piece)
                elif path := _copied(archive, piece, now):
                    paths.append(path)
            archive.writestr(_entry("data.json", now), as_json(_for_programs(whose, tables, paths)))
            page = render_to_string(
                "people/data.html",
                {
                    "name": name,
                    "when": _shown(now, language),
                    "language": language,
                    "tables": [_for_people(table, language) for table in tables],
                    "files": paths,
                },
            )
            archive.writestr(_entry("data.html", now), page)
            styles = finders.find(STYLES)
            assert isinstance(styles, str)
            with open(styles, "rb") as content:
                archive.writestr(_entry("data.css", now), content.read())


def _entry(path: str, now: dt.datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, now.astimezone(CIVIL).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _copied(archive: zipfile.ZipFile, piece: File, now: dt.datetime) -> str:
    """Copy a file into the archive and return its path there; empty when it is gone."""
    path = PurePosixPath("files", *(part for part in PurePosixPath(piece.path).parts if part not in ("/", "..", ".")))
    try:
        source = piece.open()
    except FileNotFoundError:
        return ""
    with source, archive.open(_entry(str(path), now), "w", force_zip64=True) as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return str(path)


def _for_programs(whose: Whose, tables: Iterable[Table], paths: list[str]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": whose.now,
        "made_by": settings.BASE_URL,
        "id": whose.party_id,
        "tables": [{"table": one.key, "cooperative": one.coop or None, "rows": list(one.rows)} for one in tables],
        "files": paths,
    }


def _for_people(table: Table, language: str) -> dict[str, Any]:
    return {
        "title": table.title,
        "coop": table.coop,
        "heads": [column.label for column in table.columns],
        "rows": [[(str(column.label), _told(column, row, language)) for column in table.columns] for row in table.rows],
    }


def _told(column: Column, row: Mapping[str, Any], language: str) -> str:
    value = row.get(column.key)
    if column.names and value in column.names:
        return str(column.names[value])
    return _shown(value, language)


def _shown(value: Any, language: str) -> str:
    """Write a value the way people of a language do."""
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case dt.datetime():
            local = value.astimezone(CIVIL)
            return f"{formats.date_long(local, language)}, {formats.clock(local, language)}"
        case dt.date():
            return formats.date_long(value, language)
        case Decimal():
            return formats.money(value, language)
        case int():
            return formats.number(value, language)
        case list() | tuple():
            return ", ".join(_shown(one, language) for one in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)
