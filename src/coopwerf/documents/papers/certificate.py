"""A member's certificate, with a code whose page confirms it."""

import dataclasses
import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import segno
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coopwerf.coops.states import ShareWord
from coopwerf.ui import formats

from .base import Paper, Setting, drawing, evidence, frame
from .extract import amount_per_share


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What the member holds of one class: how many, the amount per share and what is paid on all, in euro."""

    name: str
    shares: int
    amount_per_share: Decimal
    paid: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What the register says about one member on a date; without holdings, that somebody is a member."""

    as_of: dt.date
    known_position: int
    name: str
    domicile: str
    member_no: int
    admitted_on: dt.date
    holdings: tuple[Holding, ...]
    confirm_url: str
    share_word: ShareWord = ShareWord.ACTION

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the certificate."""
        lang = setting.language
        part = self.share_word is ShareWord.PART
        as_of = formats.date_long(self.as_of, lang)
        if not self.holdings:
            title = _("Certificate of membership")
            statement = _("was a member of this co-operative on %(date)s.") % {"date": as_of}
        elif part:
            title = pgettext("part", "Share certificate")
            statement = pgettext("part", "held the following registered shares in this co-operative on %(date)s.")
            statement %= {"date": as_of}
        else:
            title = _("Share certificate")
            statement = _("held the following registered shares in this co-operative on %(date)s.") % {"date": as_of}
        shares = pgettext("part", "Shares") if part else _("Shares")
        total = sum((holding.paid for holding in self.holdings), Decimal(0))
        data = {
            "frame": frame(setting, title=title, description=f"{self.name}, {as_of}"),
            "opening": _("According to its register, %(coop)s certifies that") % {"coop": setting.letterhead.coop},
            "name": self.name,
            "domicile": self.domicile,
            "statement": statement,
            "facts": [
                {"label": _("Member number"), "value": str(self.member_no), "note": ""},
                {"label": _("Member since"), "value": formats.date_short(self.admitted_on, lang), "note": ""},
                {"label": _("As of"), "value": formats.date_short(self.as_of, lang), "note": ""},
            ],
            "holdings": {
                "head": (
                    _("Class"),
                    shares,
                    pgettext("part", "Per share") if part else _("Per share"),
                    _("Paid"),
                ),
                "rows": tuple(
                    (
                        holding.name,
                        formats.number(holding.shares, lang),
                        amount_per_share(holding.amount_per_share, lang),
                        formats.money(holding.paid, lang),
                    )
                    for holding in self.holdings
                ),
                "totals": (
                    (
                        _("Total"),
                        formats.number(sum(holding.shares for holding in self.holdings), lang),
                        "",
                        formats.money(total, lang),
                    ),
                ),
            },
            "confirm_title": _("Is this certificate genuine?"),
            "confirm_text": _(
                "Scan the code or open the address below: the co-operative’s own page shows the same figures, and "
                "says whether they have been superseded."
            ),
            "qr_alt": _("QR code with the address of the page that confirms this certificate"),
            "confirm_url": self.confirm_url,
        }
        return [
            Paper(
                template="certificate.typ",
                name=f"certificate-{self.member_no}-{self.as_of.isoformat()}",
                data=data,
                raw=drawing(setting, qr=qr_code(self.confirm_url), confirm_url=self.confirm_url),
                attachments=(evidence(self, setting, description=_("This certificate, for a program to read")),),
            )
        ]


def qr_code(address: str) -> str:
    """Return an address as a QR code, drawn as SVG, black on white with its quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", xmldecl=False, light="white", border=4)
    return out.getvalue().decode()
