"""What payments hold of one party, for the party itself; all inside `tenant(coop_id)`."""

import datetime as dt
import uuid
from typing import Any

from coopwerf.coops import queries as coops

from ..models import BankEntryWords, Claim, Match, Question, StatementFile
from ..states import ClaimState, Direction, MatchKind
from .claims import permanent_of


def claims_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return what a party owed and was owed, the oldest first."""
    rows = Claim.objects.filter(coop_id=coop_id, party_id=party_id).order_by("id")
    fields = ("id", "kind", "direction", "amount", "paid", "due_on", "digits", "state", "iban", "holder", "opened_at")
    return list(rows.values(*fields))


def payments_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return which payments were said to be for a party's claims, with what the bank wrote of them, undone ones too."""
    rows = Match.objects.filter(coop_id=coop_id, claim__party_id=party_id).select_related("entry__words", "undone_by")
    found = []
    for row in rows.order_by("id"):
        words = getattr(row.entry, "words", None)
        found.append(
            {
                "id": row.id,
                "booked": row.entry.booked,
                "amount": row.amount,
                "name": "" if words is None else words.name,
                "iban": "" if words is None else words.iban,
                "text": "" if words is None else words.text,
                "is_undone": row.undoes_id is not None or getattr(row, "undone_by", None) is not None,
            }
        )
    return found


def communication_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> str:
    """Return the communication under which a party pays for ever; empty where there is none."""
    return permanent_of(coop_id, [party_id]).get(party_id, "")


def ids_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the ids of a party's claims, of what was matched with them and asked about them, for the audit trail."""
    claims = list(Claim.objects.filter(coop_id=coop_id, party_id=party_id).values_list("id", flat=True))
    matches = Match.objects.filter(coop_id=coop_id, claim_id__in=claims).values_list("id", flat=True)
    questions = Question.objects.filter(coop_id=coop_id, party_id=party_id).values_list("id", flat=True)
    return [*claims, *matches, *questions]


def is_owed(coop_id: uuid.UUID, party_id: uuid.UUID) -> bool:
    """Tell whether the co-operative still has to pay something to a party."""
    return Claim.objects.filter(
        coop_id=coop_id, party_id=party_id, direction=Direction.OUT, state=ClaimState.OPEN
    ).exists()


def last_payment(coop_id: uuid.UUID, party_id: uuid.UUID) -> dt.date | None:
    """Return the day of the last payment for a party of which the bank's words are still kept."""
    rows = Match.objects.filter(coop_id=coop_id, claim__party_id=party_id, kind=MatchKind.CLAIM)
    rows = rows.filter(entry__words__isnull=False)
    return rows.order_by("-entry__booked").values_list("entry__booked", flat=True).first()


def payees_about(coop_id: uuid.UUID, party_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the claims that were paid to a party, or ended, and still name its account."""
    rows = Claim.objects.filter(coop_id=coop_id, party_id=party_id, direction=Direction.OUT)
    rows = rows.exclude(state=ClaimState.OPEN).exclude(iban="", holder="")
    return list(rows.order_by("id").values_list("id", flat=True))


def kept_from(coop_id: uuid.UUID, on: dt.date) -> dt.date:
    """Return from which day on the law of bookkeeping asks to keep what the bank wrote, as a date sees it."""
    years, _source, _check = coops.years_kept(coop_id, on, coops.BOOKS_KEEP_YEARS)
    return dt.date(on.year - years, 1, 1)


def kept_until(booked: dt.date, years: int) -> dt.date:
    """Return the first day on which what the bank wrote may go: so many years after the end of its year."""
    return dt.date(booked.year + years + 1, 1, 1)


def old_words(coop_id: uuid.UUID, before: dt.date, *, limit: int) -> list[uuid.UUID]:
    """Return entries before a day of which the bank's words are still kept."""
    rows = BankEntryWords.objects.filter(coop_id=coop_id, entry__booked__lt=before)
    return list(rows.order_by("entry_id").values_list("entry_id", flat=True)[:limit])


def old_files(coop_id: uuid.UUID, before: dt.date) -> list[tuple[uuid.UUID, str]]:
    """Return the kept files that hold nothing from a day on."""
    rows = StatementFile.objects.filter(coop_id=coop_id).exclude(stored="")
    young = rows.filter(statements__last_day__gte=before) | rows.filter(statements__ends__gte=before)
    young = young | rows.filter(statements__last_day=None, statements__ends=None, brought_at__year__gte=before.year)
    return list(rows.exclude(id__in=young.values("id")).order_by("id").values_list("id", "stored"))
