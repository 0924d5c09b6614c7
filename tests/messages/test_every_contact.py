"""No table with somebody without an account in it is forgotten: neither in their data nor when they go."""

import pytest
from django.db import models

from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.guards import own_models
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, queries
from coopwerf.messages.models import Contact
from coopwerf.people.queries import Table
from tests.cast import NOW, Cast

# Which table that points to a contact is told under which name; where that isn't so, why.
# Whoever adds a table: `queries.register_contact_export`, `register_contact_need` and a reaction to `ContactForgotten`.
TOLD = {
    "events_registration": "gatherings",
    "founding_comment": "comments",
    "founding_helpmessage": "help_messages",
    "founding_helpoffer": "help_offers",
    "founding_reporttranslation": "translations",
    "outbox_following": "followings",
    "outbox_letter": "letters",
}


def points_to_contacts(model: type[models.Model]) -> bool:
    """Tell whether rows of a table name a contact, by a foreign key or by a bare id."""
    fields = model._meta.concrete_fields
    return any(
        (isinstance(field, models.ForeignKey) and field.related_model is Contact) or field.column == "contact_id"
        for field in fields
    )


def test_every_table_that_names_a_contact_is_told_and_forgotten() -> None:
    """A new table with people in it has to be thought of; one that is gone leaves this list."""
    assert {model._meta.db_table for model in own_models() if points_to_contacts(model)} == set(TOLD)


def test_every_package_with_such_a_table_says_whom_it_still_needs() -> None:
    """Else it would lose people who never confirmed, while something of theirs is under way."""
    packages = {table.partition("_")[0] for table in TOLD} - {"outbox"}
    assert {code.partition("_")[0] for code in queries.known_contact_needs()} == packages


@pytest.mark.django_db
def test_each_of_them_is_told_to_whoever_asks(wolkenwerf: Cast) -> None:
    """Also who has nothing in a table is told of it by name: what is promised above is what somebody takes along."""
    told = {"email": "noor@example.org", "name": "Noor", "language": "nl"}
    contact_id = actions.know_contact(actor=VISITOR, now=NOW, coop_id=wolkenwerf.id, **told)
    with tenant(wolkenwerf.id):
        keys = {piece.key for piece in queries.contact_pieces(wolkenwerf.id, contact_id) if isinstance(piece, Table)}
    assert set(TOLD.values()) <= keys
