"""No table with somebody without an account in it is forgotten: neither in their data nor when they go."""

from django.db import models

from coopwerf.kernel.guards import own_models
from coopwerf.messages.models import Contact

# Which table that points to a contact is told under which name; where that isn't so, why.
# Whoever adds a table: `queries.register_contact_export` and a reaction to `ContactForgotten`.
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
