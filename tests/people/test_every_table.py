"""No table with people in it is forgotten: not when they download their data, not when they are erased."""

from django.db import models

from coopwerf.kernel.guards import own_models
from coopwerf.people.models import Account, Party

# Which table that points to somebody is told under which name in `data.json`; where that isn't so, why.
# Whoever adds a table: `people.register_export` and a reaction to `PartyErased`; see docs/how-it-works/privacy.md.
TOLD = {
    "capital_offerversion": "who published it is in the trail",
    "capital_subscription": "subscriptions",
    "capital_subscriptionevent": "its author is in the trail",
    "coops_mandate": "mandates",
    "documents_document": "documents",
    "events_headcount": "its author is in the trail",
    "events_passage": "gatherings; its author is in the trail",
    "founding_comment": "comments",
    "founding_helpmessage": "help_messages; its author is in the trail",
    "founding_helpoffer": "help_offers; who decided is in the trail",
    "founding_reportauthor": "reports",
    "founding_reporttranslation": "translations",
    "founding_stepmoment": "its author is in the trail",
    "ledger_closing": "its author is in the trail",
    "ledger_entry": "its author is in the trail",
    "ledger_line": "book_lines",
    "outbox_letter": "letters",
    "outbox_mail": "mails",
    "payments_claim": "payment_requests",
    "payments_communication": "permanent_communication",
    "payments_match": "bank_payments; its author is in the trail",
    "payments_question": "payment_questions",
    "payments_statement": "who had it booked anyway is in the trail",
    "payments_statementfile": "who brought it is in the trail",
    "people_account": "account",
    "people_apitoken": "api_tokens",
    "people_datarequest": "requests_about_data",
    "people_partyaddress": "addresses",
    "people_partycontact": "contact",
    "people_partyname": "names",
    "people_representation": "acts_for, represented_by",
    "people_signinticket": "mailed_codes",
    "register_inspection": "looks",
    "register_issuedcertificate": "certificates",
    "register_member": "memberships",
    "register_membershiprequest": "requests_for_membership",
    "register_movement": "movements; its author is in the trail",
    "register_particulars": "register_names",
    "register_requestevent": "its author is in the trail",
    "register_standing": "standings; its author is in the trail",
}


def points_to_people(model: type[models.Model]) -> bool:
    """Tell whether rows of a table name a party or an account, by a foreign key or by a bare id."""
    fields = model._meta.concrete_fields
    return any(
        (isinstance(field, models.ForeignKey) and field.related_model in (Party, Account)) or field.column == "party_id"
        for field in fields
    )


def test_every_table_that_names_somebody_is_told_and_erased() -> None:
    """A new table with people in it has to be thought of; one that is gone leaves this list."""
    found = {model._meta.db_table for model in own_models() if points_to_people(model)}
    silent = {"people_erasure"}  # ids of who was erased and when: that is all that may be known of them
    assert found - silent == set(TOLD)
