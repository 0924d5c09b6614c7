"""Typst: from a template and data to a PDF/A-3a that is also PDF/UA-1, the same bytes for the same input."""

import dataclasses
import datetime as dt
import functools
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import typst

from coopwerf.ui.fonts import FOLDER as OWN_FONTS

from .text import FONTS, clean

TEMPLATES = Path(__file__).resolve().parent / "templates" / "documents"
STANDARDS: Any = ["a-3a", "ua-1"]
REGIONS = {"nl": "BE", "fr": "BE", "en": "GB"}

_NAME = re.compile(r"[a-z][a-z-]*\.typ")


@dataclasses.dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF: the evidence in a form that a program reads."""

    name: str
    content: bytes
    mime_type: str
    description: str


class PaperError(Exception):
    """Say that a paper could not be set, in the words of the typesetter."""


def render(
    template: str,
    data: Mapping[str, Any],
    language: str,
    *,
    at: dt.datetime,
    attachments: Sequence[Attachment] = (),
    raw: Mapping[str, str] | None = None,
) -> bytes:
    """Return the PDF of a template in this folder with data of texts, whole numbers, lists and mappings.

    Every text in `data` goes through `clean_text`; `raw` holds what must stay as it is (drawings as SVG,
    colours, names of evidence). `at` is the aware moment written into the file. Raises PaperError.
    """
    if not _NAME.fullmatch(template):
        raise ValueError(f"{template} is not the name of a template")
    if at.tzinfo is None:
        raise TypeError("at is an aware moment")
    given = {
        "data": json.dumps(clean(data), ensure_ascii=False),
        "raw": json.dumps(dict(raw or {})),
        "language": language,
        "region": REGIONS[language],
        "attachments": json.dumps(
            [
                {
                    "name": attached.name,
                    "content": attached.content.decode(),
                    "mime": attached.mime_type,
                    "description": clean(attached.description),
                }
                for attached in attachments
            ],
            ensure_ascii=False,
        ),
    }
    return _compile(template, given, at.replace(microsecond=0), "pdf")[0]


def preview(
    template: str, data: Mapping[str, Any], language: str, *, raw: Mapping[str, str] | None = None, ppi: int = 96
) -> list[bytes]:
    """Return the pages of a template as PNG pictures, to look at."""
    given = {
        "data": json.dumps(clean(data), ensure_ascii=False),
        "raw": json.dumps(dict(raw or {})),
        "language": language,
        "region": REGIONS[language],
        "attachments": "[]",
    }
    return _compile(template, given, None, "png", ppi)


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(OWN_FONTS), str(FONTS)]
    )


def _compile(
    template: str, given: dict[str, str], at: dt.datetime | None, form: Literal["pdf", "png"], ppi: int | None = None
) -> list[bytes]:
    try:
        compiled = typst.compile_with_warnings(
            str(TEMPLATES / template),
            root=str(TEMPLATES),
            font_paths=_fonts(),
            format=form,
            ppi=ppi,
            sys_inputs=given,
            pdf_standards=STANDARDS if form == "pdf" else [],
            timestamp=at,
        )
    except typst.TypstError as error:
        raise PaperError("; ".join([error.message, *error.hints])) from error
    made: bytes | list[bytes] = compiled[0]
    if compiled[1]:
        raise PaperError("; ".join(warning.message for warning in compiled[1]))
    return made if isinstance(made, list) else [made]
