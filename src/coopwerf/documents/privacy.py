"""What documents are stored about somebody: told to them, handed over, and told before they are removed."""

import uuid
from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coopwerf.coops import queries as coops
from coopwerf.kernel.tenancy import tenant
from coopwerf.people.queries import Column, File, Piece, Table, Whose

from . import files, queries
from .states import LICENCE_NAMES, STATE_NAMES


def gather(whose: Whose) -> Iterator[Piece]:
    """Yield the documents about a party or asked by it, and the files of those about it."""
    for coop in coops.all_coops():
        with tenant(coop.id):
            found = queries.documents_about(coop.id, whose.party_id)
        yield Table(
            "documents",
            _("Documents"),
            (
                Column("title", _("Document")),
                Column("is_about", _("About you")),
                Column("as_of", _("As of")),
                Column("asked_at", _("Asked on")),
                Column("state", _("State"), STATE_NAMES),
                Column("name", _("File")),
            ),
            [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "title": one.title,
                    "is_about": one.party_id == whose.party_id,
                    "as_of": one.as_of,
                    "asked_at": one.asked_at,
                    "state": one.state.value,
                    "name": one.name,
                    "sha256": one.sha256,
                }
                for one in found
            ],
            coop.name,
        )
        with tenant(coop.id):
            brought = queries.pictures_brought_by(coop.id, whose.party_id)
        yield Table(
            "pictures",
            _("Pictures that you brought"),
            (
                Column("brought_at", _("Brought on")),
                Column("author", _("Made by")),
                Column("licence", _("Licence"), LICENCE_NAMES),
            ),
            [
                {"id": one.id, "brought_at": one.brought_at, "author": one.author, "licence": one.licence.value}
                for one in brought
            ],
            coop.name,
        )
        for one in found:
            if one.is_ready and one.party_id == whose.party_id:
                yield File(
                    f"{coop.slug}/{one.asked_at:%Y-%m-%d}-{one.id.hex[-6:]}-{one.name}", partial(files.stream, one.file)
                )


def tell(party_id: uuid.UUID) -> Iterator[str]:
    """Yield in words which documents go."""
    count = 0
    for coop in coops.all_coops():
        with tenant(coop.id):
            count += sum(
                one.is_ready and one.party_id == party_id for one in queries.documents_about(coop.id, party_id)
            )
    if count:
        yield ngettext("%(count)s document about you", "%(count)s documents about you", count) % {"count": count}
