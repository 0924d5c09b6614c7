"""What stands on the register's papers: the facts of an extract, a list of members, a certificate."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from coopcalc.register.table import COLUMNS
from coopwerf.coops import queries as coops
from coopwerf.coops.states import DUTCH
from coopwerf.documents import papers, sheets
from coopwerf.ui import formats

from .asof import Line, ask, holdings_of, lines, table_rows, totals
from .classes import Terms, all_terms
from .members import begins_after, member_facts

ZERO = Decimal("0.00")
ERASED = gettext_noop("(erased)")

RIGHTS = (
    "votes.basis",
    "votes.cap_percent",
    "profit.shared_out",
    "dividend.cap_percent",
    "liquidation.similar_purpose",
)
LIMITS = ("shares.transfer", "shares.transfer_restrictions")

# What still stands at a position: no correction, and not corrected by then.
_STANDS = """
    {v}.coop_id = %(coop)s AND {v}.position <= %(known)s AND {v}."on" <= %(at)s
    AND NOT EXISTS (SELECT FROM register_movement c WHERE c.corrects_id = {v}.id AND c.position <= %(known)s)
"""
_TRANSFERS_SQL = f"""
    SELECT o."on", f.number, t.number, k.code, i.quantity, coalesce(d.reference, '')
    FROM register_movement o
    JOIN register_movement i ON i.pair = o.pair AND i.kind = 'transfer_in' AND i.coop_id = o.coop_id
    JOIN register_member f ON f.id = o.member_id
    JOIN register_member t ON t.id = i.member_id
    JOIN register_shareclass k ON k.id = o.share_class_id
    LEFT JOIN register_decision d ON d.id = o.decision_id
    WHERE o.kind = 'transfer_out' AND {_STANDS.format(v="o")}
      AND (%(member)s::uuid IS NULL OR %(member)s::uuid IN (o.member_id, i.member_id))
    ORDER BY o."on", o.position
"""  # noqa: S608  (made of our own constants)
_ENDINGS_SQL = f"""
    SELECT v."on", m.number, v.kind, k.code, -v.quantity, v.value, coalesce(d.reference, '')
    FROM register_movement v
    JOIN register_member m ON m.id = v.member_id
    JOIN register_shareclass k ON k.id = v.share_class_id
    LEFT JOIN register_decision d ON d.id = v.decision_id
    WHERE v.kind IN ('exit', 'exclusion') AND {_STANDS.format(v="v")}
      AND (%(member)s::uuid IS NULL OR v.member_id = %(member)s::uuid)
    ORDER BY v."on", v.position
"""  # noqa: S608  (made of our own constants)


def extract_facts(
    coop_id: uuid.UUID, at: dt.date, known: int | None = None, *, member_id: uuid.UUID | None = None
) -> papers.RegisterExtract:
    """Return the nine items of the share register as of a date, or one member's part of them; words in the active
    language.
    """
    known = totals(coop_id, at, known).known
    everybody = lines(coop_id, at, known)
    by_number = {line.number: line for line in everybody}
    chosen = [line for line in everybody if member_id in (None, line.member_id)]
    kept = [line for line in chosen if line.holdings or line.ended_on is None]
    terms = all_terms(coop_id, at, known)
    holders = tuple(_holder_lines(kept))
    classes = tuple(_class_line(one, holders) for one in terms)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        # `ask` leaves out what is None; the statement needs the name all the same.
        text = sql if member_id is not None else sql.replace("%(member)s", "NULL")
        return ask(text, coop=coop_id, at=at, known=known, member=member_id)

    return papers.RegisterExtract(
        as_of=at,
        known_position=known,
        holder="" if member_id is None else (chosen[0].spoken if chosen and chosen[0].spoken else _(ERASED)),
        members=sum(line.ended_on is None for line in chosen),
        shares=sum(line.shares for line in kept),
        paid=sum((line.paid for line in kept), ZERO),
        classes=classes,
        holders=holders,
        transfers=tuple(
            papers.TransferLine(
                on=on,
                from_no=giver,
                from_name=_name(by_number, giver),
                to_no=taker,
                to_name=_name(by_number, taker),
                code=code,
                shares=shares,
                reference=reference,
            )
            for on, giver, taker, code, shares, reference in rows(_TRANSFERS_SQL)
        ),
        endings=tuple(
            papers.EndingLine(
                on=on,
                member_no=number,
                name=_name(by_number, number),
                is_exclusion=kind == "exclusion",
                code=code,
                shares=shares,
                paid_out=value,
                reference=reference,
            )
            for on, number, kind, code, shares, value, reference in rows(_ENDINGS_SQL)
        ),
        rights=_rights(coop_id, terms, at),
        share_word=coops.share_word(coop_id, at),
        begins=begins_after(coop_id, at, known),
    )


def _name(by_number: Mapping[int, Line], number: int) -> str:
    line = by_number.get(number)
    return line.name if line is not None and line.name else _(ERASED)


def _holder_lines(kept: list[Line]) -> list[papers.HolderLine]:
    found = []
    for line in kept:
        held = [(one.share_class, one.shares, one.amount_per_share, one.paid) for one in line.holdings]
        for code, shares, amount, paid in held or [("–", 0, ZERO, ZERO)]:
            found.append(
                papers.HolderLine(
                    member_no=line.number,
                    name=line.name or _(ERASED),
                    domicile=line.home,
                    enterprise_no=line.enterprise_no,
                    code=code,
                    shares=shares,
                    amount_per_share=amount,
                    paid=paid,
                    admitted_on=line.admitted_on,
                )
            )
    return found


def _class_line(terms: Terms, holders: tuple[papers.HolderLine, ...]) -> papers.ClassLine:
    held = [line for line in holders if line.code == terms.code]
    return papers.ClassLine(
        code=terms.code,
        name=terms.name,
        shares=sum(line.shares for line in held),
        amount_per_share=terms.nominal,
        paid=sum((line.paid for line in held), ZERO),
    )


def terms_in_words(terms: Terms) -> list[str]:
    """Return who may hold a class, how much of it, and which rights go with it, as sentences in the active language."""
    said = {
        "all": _("Everybody may hold this class."),
        "persons": _("People may hold this class, organisations may not."),
        "organisations": _("Organisations may hold this class, people may not."),
    }[terms.holders]
    found = [said]
    if terms.minimum is not None:
        found.append(_("At least %(count)s for each holder.") % {"count": terms.minimum})
    if terms.maximum is not None:
        found.append(_("At most %(count)s for each holder.") % {"count": terms.maximum})
    found.append(_("One vote for each share.") if terms.votes == "share" else _("One vote for each member."))
    found.append(_("It takes part in dividends.") if terms.dividend else _("It takes no part in dividends."))
    found.append(
        {
            "board": _("A transfer needs the approval of the board."),
            "free": _("A transfer between members is free."),
            "none": _("It can't be transferred."),
        }[terms.transfer]
    )
    return found


def _rights(coop_id: uuid.UUID, terms: Sequence[Terms], at: dt.date) -> tuple[papers.RightsLine, ...]:
    found = []
    for one in terms:
        label = f"{one.code} – {one.name}" if one.name else one.code
        title = _("Class %(share_class)s") % {"share_class": label}
        found.append(papers.RightsLine(title=title, text=" ".join(terms_in_words(one))))
    rules = coops.rules_in_words(coop_id, at, keys=(*LIMITS, *RIGHTS))
    for title, keys in ((_("Limits to transfers"), LIMITS), (_("Rights by the statutes"), RIGHTS)):
        said = [
            f"{rules[key].text} ({rules[key].source})" if rules[key].source else rules[key].text
            for key in keys
            if key in rules
        ]
        if said:
            found.append(papers.RightsLine(title=title, text=" ".join(said)))
    return tuple(found)


def leavers_since(coop_id: uuid.UUID, at: dt.date) -> dt.date:
    """Return after which day somebody must have left to stand on the list of members: a year before, by default."""
    rule = coops.rule(coop_id, "register.leavers_months", at)
    months = 12 if rule is None else int(rule.value)
    if at.year < 3 + months // 12:
        return dt.date.min
    whole = at.year * 12 + at.month - 1 - months
    year, month = divmod(whole, 12)
    last = (dt.date(year + (month == 11), (month + 1) % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(at.day, last))


def member_list_facts(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> papers.MemberList:
    """Return the members as of a date and those who left in the year before (BW 2:55), with who is liable."""
    known = totals(coop_id, at, known).known
    since = leavers_since(coop_id, at)
    everybody = lines(coop_id, at, known)
    liability = coops.rules_in_words(coop_id, at, keys=("members.liability", "members.liability_limit"))
    return papers.MemberList(
        as_of=at,
        known_position=known,
        members=tuple(
            papers.MemberLine(
                member_no=line.number,
                name=line.name or _(ERASED),
                domicile=line.home,
                enterprise_no=line.enterprise_no,
                admitted_on=line.admitted_on,
            )
            for line in everybody
            if line.ended_on is None
        ),
        leavers=tuple(
            papers.LeaverLine(
                member_no=line.number,
                name=line.name or _(ERASED),
                domicile=line.home,
                enterprise_no=line.enterprise_no,
                admitted_on=line.admitted_on,
                ended_on=line.ended_on,
            )
            for line in everybody
            if line.ended_on is not None and line.ended_on > since
        ),
        liability=" ".join(f"{one.text} ({one.source})" if one.source else one.text for one in liability.values()),
        begins=begins_after(coop_id, at, known),
    )


def register_paper(
    coop_id: uuid.UUID, at: dt.date, known: int | None = None
) -> papers.RegisterExtract | papers.MemberList:
    """Return the register as the law wants it on paper: with shares the share register, else the list of members."""
    return (
        extract_facts(coop_id, at, known) if has_shares(coop_id, at, known) else member_list_facts(coop_id, at, known)
    )


def has_shares(coop_id: uuid.UUID, at: dt.date, known: int | None = None) -> bool:
    """Tell whether a co-operative had share classes on a date; a Dutch coöperatie may have members only."""
    return bool(all_terms(coop_id, at, known))


def wants_member_list(coop_id: uuid.UUID, at: dt.date) -> bool:
    """Tell whether the law asks for a list of members: of a Dutch coöperatie, and of whoever has no shares."""
    return coops.stage(coop_id, at) in DUTCH or not has_shares(coop_id, at)


def certificate_facts(
    coop_id: uuid.UUID, member_id: uuid.UUID, at: dt.date, known: int | None, *, confirm_url: str
) -> tuple[Line, papers.Certificate] | None:
    """Return a member's line and what a certificate of it says; None where nobody is a member on that date."""
    known = totals(coop_id, at, known).known
    if member_facts(coop_id, member_id) is None:
        return None
    line = holdings_of(coop_id, member_id, at, known)
    if line is None or line.ended_on is not None or line.name_id is None:
        return None
    names = {one.code: f"{one.code} – {one.name}" if one.name else one.code for one in all_terms(coop_id, at, known)}
    return line, papers.Certificate(
        as_of=at,
        known_position=known,
        name=line.spoken,
        domicile=line.home,
        member_no=line.number,
        admitted_on=line.admitted_on,
        holdings=tuple(
            papers.Holding(
                name=names[held.share_class],
                shares=held.shares,
                amount_per_share=held.amount_per_share,
                paid=held.paid,
            )
            for held in line.holdings
        ),
        confirm_url=confirm_url,
        share_word=coops.share_word(coop_id, at),
    )


def register_sheet(coop_id: uuid.UUID, at: dt.date, known: int | None = None, *, made_at: dt.datetime) -> bytes:
    """Return the register's table as a spreadsheet: numbers, amounts and dates as such, every name as a text."""
    return sheets.xlsx_bytes(
        f"register {at.isoformat()}",
        COLUMNS,
        (_cells(row) for row in table_rows(coop_id, at, known)),
        made_at=made_at,
        widths=(11, 13, 34, 46, 16, 8, 9, 17, 13, 13, 13),
    )


def _cells(row: tuple[str, ...]) -> list[sheets.Cell]:
    number, kind, name, domicile, enterprise, code, shares, amount, paid, admitted, ended = row
    return [
        int(number),
        kind,
        name,
        domicile,
        enterprise,
        code,
        int(shares),
        Decimal(amount) if amount else None,
        Decimal(paid),
        dt.date.fromisoformat(admitted),
        dt.date.fromisoformat(ended) if ended else None,
    ]


def amount_words(amount: Decimal, language: str) -> str:
    """Return an amount per share as papers and pages write it: four decimals only where a split left them."""
    exact = amount.normalize().as_tuple().exponent
    return formats.money(amount, language, places=4 if isinstance(exact, int) and exact < -2 else 2)
