"""What stands in messages of each of two co-operatives that look alike: a follower, a newsletter, one that was sent."""

import dataclasses
import uuid

from coopwerf.kernel import clock
from coopwerf.kernel.actor import VISITOR
from coopwerf.kernel.tenancy import tenant
from coopwerf.messages import actions, links, queries
from coopwerf.messages.states import Rhythm
from tests.cast import NOW, Cast


@dataclasses.dataclass(frozen=True)
class Mails:
    """Whom a co-operative writes to, and what."""

    contact: uuid.UUID
    confirm: str
    own: str
    forget: str
    name: str
    leave: str
    newsletter: uuid.UUID
    number: int


def written(cast: Cast, mark: str, sting: str) -> Mails:
    """Let somebody follow, half confirmed; write a newsletter, and send another to members, who have no mail here."""
    told = {"name": f"Zilver{mark}{sting}", "language": "nl", "rhythm": Rhythm.AT_ONCE}
    act = {"actor": VISITOR, "now": clock.now(), "coop_id": cast.id}
    email = f"follower.{mark}@example.org".lower()
    actions.ask_to_follow(**act, email=email, topics=["news"], **told)  # type: ignore[arg-type]
    with tenant(cast.id):
        contact = queries.contact_by_email(cast.id, email)
    assert contact is not None
    actions.confirm_following(**act, contact_id=contact.id)  # type: ignore[arg-type]
    actions.ask_to_follow(**act, email=email, topics=["offers"], **told)  # type: ignore[arg-type]
    write = {"actor": cast.chair.actor, "now": NOW, "coop_id": cast.id}
    ids = []
    for _each in range(2):
        ids.append(actions.draft_newsletter(**write))  # type: ignore[arg-type]
        words = {"subject": f"Goud{mark}{sting}", "text": f"Brons{mark}{sting}"}
        actions.write_newsletter(**write, newsletter_id=ids[-1], language="nl", **words)  # type: ignore[arg-type]
    actions.send_newsletter(**write, newsletter_id=ids[1])  # type: ignore[arg-type]
    with tenant(cast.id):
        return Mails(
            contact=contact.id,
            confirm=links.sign(contact.id, actions.FOLLOW),
            own=links.sign(contact.id, actions.PREFERENCES),
            forget=links.sign(contact.id, actions.FORGET),
            name=links.sign(contact.id, links.name_purpose("")),
            leave=links.sign(contact.id, actions.LEAVE),
            newsletter=ids[0],
            number=queries.newsletter(cast.id, ids[1]).number or 0,
        )
