"""The share register on paper: the nine things that Belgian law wants in it (CSA/WVV 6:24 and following)."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coopwerf.coops.states import ShareWord
from coopwerf.people.states import written_enterprise_no
from coopwerf.ui import formats

from .base import Paper, Setting, Table, beginning, drawing, evidence, frame, volumes


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ClassLine:
    """One share class: its shares in circulation and what is paid on them, in euro."""

    code: str
    name: str
    shares: int
    amount_per_share: Decimal
    paid: Decimal


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class HolderLine:
    """What one member holds of one class; name and domicile are those of the date of the extract."""

    member_no: int
    name: str
    domicile: str
    enterprise_no: str = ""
    code: str
    shares: int
    amount_per_share: Decimal
    paid: Decimal
    admitted_on: dt.date


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """One transfer from a member to another, with the reference of its decision."""

    on: dt.date
    from_no: int
    from_name: str
    to_no: int
    to_name: str
    code: str
    shares: int
    reference: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class EndingLine:
    """One exit or exclusion, with the amount paid out in euro (None: not written down) and its decision's reference."""

    on: dt.date
    member_no: int
    name: str
    is_exclusion: bool
    code: str
    shares: int
    paid_out: Decimal | None
    reference: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RightsLine:
    """Voting, profit, liquidation rights or a limit to transfers of one class, in the words of the statutes."""

    title: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RegisterExtract:
    """The register as of a date, as known at a position; with `holder` only one member's part of it.

    `begins` is the day as of which it was brought along, where that lies after the date.
    """

    as_of: dt.date
    known_position: int
    known_at: dt.datetime | None = None
    holder: str = ""
    members: int
    shares: int
    paid: Decimal
    classes: tuple[ClassLine, ...]
    holders: tuple[HolderLine, ...]
    transfers: tuple[TransferLine, ...] = ()
    endings: tuple[EndingLine, ...] = ()
    rights: tuple[RightsLine, ...] = ()
    share_word: ShareWord = ShareWord.ACTION
    begins: dt.date | None = None

    def papers(self, setting: Setting) -> Sequence[Paper]:
        """Return the extract, in volumes of at most 5,000 rows."""
        lang = setting.language
        as_of = formats.date_long(self.as_of, lang)
        part = self.share_word is ShareWord.PART
        title = pgettext("part", "Share register as of %(date)s") if part else _("Share register as of %(date)s")
        title = title % {"date": as_of}
        cut = volumes(self._tables(lang, part))
        attached = evidence(self, setting, description=_("The figures of this extract, for a program to read"))
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
                "frame": frame(setting, title=name, description=self._lead(lang)),
                "lead": self._lead(lang),
                "limit": beginning(self.begins, lang),
                "facts": self._facts(lang, part) if first else [],
                "classes": (self._classes(lang, part) if first else Table("classes", "", (), ())).data(),
                "parts": [table.data() for table in tables],
                "rights": [dataclasses.asdict(right) for right in self.rights] if number == len(cut) else [],
                "remark": _(
                    "Names and domiciles are those of the date of this extract. Later entries and corrections aren’t "
                    "in it. The head at the foot of each page fixes what the register held when this was made: "
                    "whoever has it can prove that nothing was changed since."
                ),
            }
            suffix = "" if len(cut) == 1 else f"-{number}"
            made.append(
                Paper(
                    template="register-extract.typ",
                    name=f"register-{self.as_of.isoformat()}{suffix}",
                    data=data,
                    raw=drawing(setting),
                    attachments=(attached,) if first else (),
                    rows=sum(len(table.rows) for table in tables),
                )
            )
        return made

    def _lead(self, lang: str) -> str:
        as_of = formats.date_long(self.as_of, lang)
        known = formats.number(self.known_position, lang)
        if self.holder:
            return _(
                "Extract for %(holder)s: what the register says about this holder on %(date)s, by everything entered "
                "up to position %(position)s."
            ) % {"holder": self.holder, "date": as_of, "position": known}
        return _(
            "The register as it stood at the end of %(date)s, by everything entered up to position %(position)s."
        ) % {"date": as_of, "position": known}

    def _facts(self, lang: str, part: bool) -> list[dict[str, str]]:
        return [
            {"label": _("Members"), "value": formats.number(self.members, lang), "note": ""},
            {
                "label": pgettext("part", "Shares") if part else _("Shares"),
                "value": formats.number(self.shares, lang),
                "note": "",
            },
            {"label": _("Paid"), "value": formats.money(self.paid, lang), "note": ""},
            {"label": _("As of"), "value": formats.date_short(self.as_of, lang), "note": ""},
        ]

    def _classes(self, lang: str, part: bool) -> Table:
        return Table(
            "classes",
            pgettext("part", "Share classes") if part else _("Share classes"),
            (
                _("Class"),
                _("Name"),
                pgettext("part", "Shares") if part else _("Shares"),
                _("Per share") if not part else pgettext("part", "Per share"),
                _("Paid"),
            ),
            tuple(
                (
                    line.code,
                    line.name,
                    formats.number(line.shares, lang),
                    amount_per_share(line.amount_per_share, lang),
                    formats.money(line.paid, lang),
                )
                for line in self.classes
            ),
            (
                (
                    "",
                    _("Total"),
                    formats.number(self.shares, lang),
                    "",
                    formats.money(self.paid, lang),
                ),
            ),
        )

    def _tables(self, lang: str, part: bool) -> list[Table]:
        shares = pgettext("part", "Shares") if part else _("Shares")
        holders = Table(
            "holders",
            _("Holders"),
            (_("No."), _("Name and domicile"), _("Class"), shares, _("Per share"), _("Paid"), _("Admitted")),
            tuple(
                (
                    str(line.member_no),
                    described(line.name, line.domicile, line.enterprise_no),
                    line.code,
                    formats.number(line.shares, lang),
                    amount_per_share(line.amount_per_share, lang),
                    formats.money(line.paid, lang),
                    formats.date_short(line.admitted_on, lang),
                )
                for line in self.holders
            ),
            (
                (
                    "",
                    _("Total"),
                    "",
                    formats.number(sum(line.shares for line in self.holders), lang),
                    "",
                    formats.money(sum((line.paid for line in self.holders), Decimal(0)), lang),
                    "",
                ),
            ),
        )
        transfers = Table(
            "transfers",
            _("Transfers"),
            (_("Date"), _("From"), _("To"), _("Class"), shares, _("Decision")),
            tuple(
                (
                    formats.date_short(line.on, lang),
                    f"{line.from_no} · {line.from_name}",
                    f"{line.to_no} · {line.to_name}",
                    line.code,
                    formats.number(line.shares, lang),
                    line.reference,
                )
                for line in self.transfers
            ),
            none=_("No transfers up to this date."),
        )
        endings = Table(
            "endings",
            _("Exits and exclusions"),
            (_("Date"), _("Member"), _("What"), _("Class"), shares, _("Paid out"), _("Decision")),
            tuple(
                (
                    formats.date_short(line.on, lang),
                    f"{line.member_no} · {line.name}",
                    _("exclusion") if line.is_exclusion else _("exit"),
                    line.code,
                    formats.number(line.shares, lang),
                    "–" if line.paid_out is None else formats.money(line.paid_out, lang),
                    line.reference,
                )
                for line in self.endings
            ),
            none=_("No exits or exclusions up to this date."),
        )
        return [holders, transfers, endings]


def described(name: str, domicile: str, enterprise_no: str = "") -> str:
    """Return a holder in a cell: name, then domicile or seat, then the enterprise number where there is one."""
    return "\n".join(line for line in (name, domicile, written_enterprise_no(enterprise_no)) if line)


def amount_per_share(value: Decimal, lang: str) -> str:
    """Return an amount per share: with two decimals, with four where a split left fractions of a cent."""
    exact = value.normalize().as_tuple().exponent
    return formats.money(value, lang, places=4 if isinstance(exact, int) and exact < -2 else 2)
