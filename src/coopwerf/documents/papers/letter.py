"""A letter on paper, for whoever has no e-mail."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from coopwerf.kernel import clock
from coopwerf.ui import formats

from .base import Paper, Setting, drawing, frame


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class FactRows:
    """Facts as pairs of a label and a value."""

    rows: tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """An address to open, with what happens there; a secret one opens something for whoever has it."""

    label: str
    url: str
    is_secret: bool = False


Block = Paragraph | FactRows | Bullets | Link


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter: to whom (name and address as lines), about what, and its blocks from the salutation on."""

    address: tuple[str, ...]
    on: dt.datetime
    place: str = ""
    subject: str
    blocks: tuple[Block, ...]
    closing: str
    sender: str
    reference: tuple[str, ...] = ()

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the letter."""
        data = {"frame": frame(setting, title=self.subject, description=self.subject), **self.told(setting)}
        return [Paper(template="letter.typ", name="letter", data=data, raw=drawing(setting))]

    def told(self, setting: Setting) -> dict[str, Any]:
        """Return what the template writes of it."""
        date = formats.date_long(clock.civil_date(self.on), setting.language)
        dated = _("%(place)s, %(date)s") % {"place": self.place, "date": date} if self.place else date
        return {
            "reference": self.reference,
            "address": self.address,
            "place_and_date": dated,
            "blocks": [_block(block) for block in self.blocks],
            "closing": self.closing,
            "sender": self.sender,
            "footer": setting.letterhead.footer,
        }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Many letters in one file to be printed, in the order in which they are put into the post."""

    letters: tuple[Letter, ...]

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return one paper with all letters, each on pages of its own."""
        title = _("Letters")
        data = {
            "frame": frame(setting, title=title, description=title),
            "letters": [{"subject": one.subject, **one.told(setting)} for one in self.letters],
        }
        return [Paper(template="letters.typ", name="letters", data=data, raw=drawing(setting))]


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": block.text}
    if isinstance(block, FactRows):
        return {"kind": "facts", "rows": block.rows}
    if isinstance(block, Bullets):
        return {"kind": "list", "items": block.items}
    return {"kind": "link", "label": block.label, "url": block.url}
