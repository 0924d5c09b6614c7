"""What the bank wrote is told to whom it is about, kept as long as the law asks, and then deleted."""

import datetime as dt
import uuid

import pytest
from django.core.files.storage import default_storage
from django.utils import translation

from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.tenancy import tenant
from coopwerf.payments import actions, privacy, queries
from coopwerf.payments.models import BankEntry, BankEntryWords, StatementFile
from coopwerf.payments.states import ClaimState
from coopwerf.payments.tasks import forget_old_words
from coopwerf.people import queries as people
from coopwerf.register import queries as register
from tests.cast import NOW, TODAY, Cast

from .bank import bring_entries, claim, claim_now, entry, open_bank, paid_with, told
from .files import THEIRS

pytestmark = pytest.mark.django_db


def tables(party_id: uuid.UUID) -> dict[str, list[dict[str, object]]]:
    """Return what payments tell somebody of themselves."""
    whose = people.Whose(party_id, None, NOW)
    with translation.override("nl"):
        return {one.key: list(one.rows) for one in privacy.gather(whose) if isinstance(one, people.Table)}


def test_somebody_takes_along_what_they_paid(wolkenwerf: Cast) -> None:
    """The request, the payment with what the bank wrote, and the communication for ever."""
    open_bank(wolkenwerf)
    director = wolkenwerf.director
    asked = claim(wolkenwerf, person=director)
    digits = actions.permanent_communication(**told(wolkenwerf), party_id=director.party_id)
    (line,) = bring_entries(wolkenwerf, paid_with(asked, name="Moeder Janssens"))
    actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=asked.id)
    found = tables(director.party_id)
    assert found["permanent_communication"] == [{"digits": digits}]
    assert [(row["amount"], row["state"]) for row in found["payment_requests"]] == [(250, "settled")]
    assert [(row["name"], row["iban"]) for row in found["bank_payments"]] == [("Moeder Janssens", THEIRS)]
    assert tables(wolkenwerf.chair.party_id)["bank_payments"] == []
    with tenant(wolkenwerf.id):
        assert asked.id in people.subjects_of(wolkenwerf.id, director.party_id)


def test_the_law_of_bookkeeping_keeps_what_the_bank_wrote(wolkenwerf: Cast, nederwerf: Cast) -> None:
    """Ten years after the year in Belgium, seven in the Netherlands; the notice says by which law."""
    for coop, years in ((wolkenwerf, 10), (nederwerf, 7)):
        open_bank(coop)
        asked = claim(coop, person=coop.chair)
        (line,) = bring_entries(coop, paid_with(asked))
        actions.accept(**told(coop), entry_id=line.id, claim_id=asked.id)
        (kept,) = privacy.kept(coop.chair.party_id, TODAY)
        assert (kept.years, kept.until) == (years, dt.date(2026 + years + 1, 1, 1))
        assert kept.source
        assert kept.coop == coop.coop.name


def test_who_is_still_to_be_paid_isnt_erased(wolkenwerf: Cast) -> None:
    """First the refund; then the account to which it went goes, and the bank's own words stay."""
    open_bank(wolkenwerf)
    director = wolkenwerf.director
    owed = claim(wolkenwerf, "50.00", director, kind="refund", direction="out", iban=THEIRS, holder="Dirk Janssens")
    verdict = privacy.hindrance(director.party_id, TODAY)
    assert (bool(verdict), verdict.code) == (False, "payments.erase_before_refund")
    assert "Wolkenwerf" in verdict.reason
    (line,) = bring_entries(wolkenwerf, paid_with(owed, "50.00", side="DBIT"))
    actions.accept(**told(wolkenwerf), entry_id=line.id, claim_id=owed.id)
    assert privacy.hindrance(director.party_id, TODAY)
    assert len(list(privacy.tell(director.party_id))) == 1
    actions.forget_person(actor=director.actor, now=NOW, coop_id=wolkenwerf.id, party_id=director.party_id)
    now = claim_now(wolkenwerf, owed.id)
    assert (now.state, now.iban, now.holder) == (ClaimState.SETTLED, "", "")
    assert entry(wolkenwerf, line.id).iban == THEIRS
    with pytest.raises(Refused) as refused:
        actions.forget_person(actor=wolkenwerf.chair.actor, now=NOW, coop_id=wolkenwerf.id, party_id=director.party_id)
    assert refused.value.code == "people.not_yours"


def test_after_the_laws_years_the_words_go(wolkenwerf: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """On New Year's Day of the eleventh year after: names and file are gone, lines and proofs stay."""
    open_bank(wolkenwerf)
    (line,) = bring_entries(wolkenwerf, paid_with(claim(wolkenwerf)))
    stored = StatementFile.objects
    with tenant(wolkenwerf.id):
        name = stored.get().stored
    assert default_storage.exists(name)
    for year, left in ((2036, 1), (2037, 0)):
        monkeypatch.setattr("coopwerf.kernel.clock.now", lambda year=year: dt.datetime(year, 1, 1, 5, tzinfo=dt.UTC))
        forget_old_words(0)
        with tenant(wolkenwerf.id):
            assert BankEntryWords.objects.count() == left
            assert BankEntry.objects.count() == 1
    with tenant(wolkenwerf.id):
        assert queries.statements(wolkenwerf.id)[0].file == "–"
        assert stored.get().stored == ""
        assert register.verify(wolkenwerf.id).ok
    assert (entry(wolkenwerf, line.id).name, entry(wolkenwerf, line.id).open) == ("", 250)
    with pytest.raises(Refused):
        actions.forget_old_words(**told(wolkenwerf))
    assert actions.forget_old_words(actor=SYSTEM, now=NOW, coop_id=wolkenwerf.id) == 0
