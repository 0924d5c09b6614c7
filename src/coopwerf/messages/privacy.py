"""What somebody was written: told to them, and told before it is erased."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.people import queries as people
from coopwerf.people.queries import Column, Piece, Table, Whose

from . import queries
from .queries import ContactFacts
from .states import BLOCK_REASON_NAMES, CHANNEL_NAMES, OPT_IN_NAMES, RHYTHM_NAMES, STATE_NAMES

CONTACT_COLUMNS = (
    Column("email", _lazy("E-mail address")),
    Column("name", _lazy("Name")),
    Column("language", _lazy("Language")),
    Column("known_at", _lazy("Known since")),
    Column("confirmed_at", _lazy("Confirmed on")),
    Column("blocked_at", _lazy("Not written to since")),
    Column("blocked", _lazy("Because"), BLOCK_REASON_NAMES),
    Column("declined_at", _lazy("No newsletters since")),
)


def _contact_row(one: ContactFacts) -> dict[str, Any]:
    return {
        "id": one.id,
        "email": one.email,
        "name": one.name,
        "language": one.language,
        "known_at": one.known_at,
        "confirmed_at": one.confirmed_at,
        "blocked_at": one.blocked_at,
        "blocked": one.blocked.value if one.blocked else None,
        "declined_at": one.declined_at,
    }


FOLLOWING_COLUMNS = (
    Column("topic", _lazy("Topic")),
    Column("rhythm", _lazy("How often"), RHYTHM_NAMES),
    Column("asked_at", _lazy("Asked on")),
    Column("confirmed_at", _lazy("Confirmed on")),
    Column("how", _lazy("How you agreed"), OPT_IN_NAMES),
    Column("agreed_to", _lazy("Words that you agreed to")),
    Column("source", _lazy("Where the list came from")),
    Column("left_at", _lazy("Left on")),
)


def _followings(coop_id: uuid.UUID, contact_id: uuid.UUID) -> list[dict[str, Any]]:
    return [
        {
            "topic": one.topic,
            "rhythm": one.rhythm.value,
            "asked_at": one.asked_at,
            "confirmed_at": one.confirmed_at,
            "how": one.how.value,
            "words": one.words,
            "agreed_to": one.agreed_to,
            "source": one.source,
            "left_at": one.left_at,
        }
        for one in queries.followings(coop_id, contact_id)
    ]


def gather_contact(coop_id: uuid.UUID, contact_id: uuid.UUID) -> Iterator[Piece]:
    """Yield what is stored about somebody without an account, the co-operative's rows being open."""
    yield Table(
        "contacts", _("Known without an account"), CONTACT_COLUMNS, [_contact_row(queries.contact(coop_id, contact_id))]
    )
    yield Table("followings", _("What you follow"), FOLLOWING_COLUMNS, _followings(coop_id, contact_id))
    yield Table(
        "newsletters",
        _("Newsletters to you"),
        (Column("made_at", _("Written on")), Column("subject", _("Subject")), Column("state", _("State"), STATE_NAMES)),
        [
            {"id": one.id, "made_at": one.made_at, "subject": one.subject, "state": one.state.value}
            for one in queries.bulk_mails_to_contact(coop_id, contact_id)
        ],
    )
    yield Table(
        "letters",
        _("Letters to you"),
        (
            Column("made_at", _("Written on")),
            Column("title", _("Letter")),
            Column("text", _("Text")),
        ),
        [
            {"id": one.id, "made_at": one.made_at, "template": one.template, "title": one.title, "text": text}
            for one, text in queries.letters_to_contact(coop_id, contact_id)
        ],
    )


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield the mails to a party, and the letters of each co-operative."""
    yield Table(
        "mails",
        _("Mails to you"),
        (
            Column("made_at", _("Written on")),
            Column("to", _("To")),
            Column("subject", _("Subject")),
            Column("text", _("Text")),
            Column("state", _("State"), STATE_NAMES),
        ),
        [
            {
                "id": one.id,
                "made_at": one.made_at,
                "to": one.to,
                "subject": one.subject,
                "text": one.text,
                "state": one.state.value,
                "delivered_at": one.delivered_at,
            }
            for one in queries.mails_to(whose.party_id, people.emails_of(whose.party_id))
        ],
    )
    for coop in coops.all_coops():
        with tenant(coop.id):
            letters = queries.letters_to(coop.id, whose.party_id)
            contacts = queries.contacts_by_email(coop.id, people.emails_of(whose.party_id))
            follows = [row for one in contacts for row in _followings(coop.id, one.id)]
        yield Table(
            "contacts",
            _("Known without an account"),
            CONTACT_COLUMNS,
            [_contact_row(one) for one in contacts],
            coop.name,
        )
        yield Table("followings", _("What you follow"), FOLLOWING_COLUMNS, follows, coop.name)
        yield Table(
            "letters",
            _("Letters to you"),
            (
                Column("made_at", _("Written on")),
                Column("title", _("Letter")),
                Column("channel", _("By"), CHANNEL_NAMES),
                Column("printed_at", _("Printed on")),
            ),
            [
                {
                    "id": one.id,
                    "made_at": one.made_at,
                    "template": one.template,
                    "title": one.title,
                    "channel": one.channel.value,
                    "printed_at": one.printed_at,
                    "content": content,
                }
                for one, content in letters
            ],
            coop.name,
        )


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which mails go."""
    count = len(queries.mails_to(party_id, people.emails_of(party_id)))
    if count:
        yield ngettext("what %(count)s mail to you says", "what %(count)s mails to you say", count) % {"count": count}
