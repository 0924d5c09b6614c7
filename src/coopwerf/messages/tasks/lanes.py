"""Handing over the mails of a batch, over one connection that stays open: what a worker does for a while at a time.

A mail is claimed, and that is committed, before its first byte leaves; what became of it is noted together with the
claim on the next one. So a worker that is killed leaves at most one mail of which nobody knows.
"""

import time
import uuid
from collections.abc import Callable

from django.conf import settings

from coopwerf.kernel import clock
from coopwerf.kernel.actor import SYSTEM
from coopwerf.kernel.tenancy import tenant

from .. import actions, addresses, queries, returning, signing, smtp
from ..bulk_mime import BulkForm, Reader
from ..queries import BulkFacts, Due
from ..states import Outcome

AT_ONCE = 50
"""Mails that a lane sets apart for itself at a time."""
SECONDS = 20.0
"""How long a lane works before it lets others have their turn."""


def work(coop_id: uuid.UUID, bulk_id: uuid.UUID, lane: int, *, stop: Callable[[], bool] | None = None) -> int:
    """Hand over mails of a batch until none is due, the time is up or `stop` says so; return how many."""
    until = time.monotonic() + SECONDS
    over = stop or (lambda: time.monotonic() > until)
    by = f"lane:{lane}"
    server = smtp.server_of(settings.SMTP_URL)
    done = 0
    with tenant(coop_id), smtp.Line(server) as line:
        # Whoever worked under this name before is gone: only one does at a time.
        if queries.claimed_by(by):
            actions.doubt_claimed(actor=SYSTEM, now=clock.now(), by=by)
        known: BulkFacts | None = None
        forms: dict[str, BulkForm] = {}
        while not over():
            due = actions.set_apart(actor=SYSTEM, now=clock.now(), bulk_id=bulk_id, by=by, count=AT_ONCE)
            if not due:
                break
            # Read when they are set apart: whoever mends what a batch says takes from a lane what it holds.
            told = queries.bulk(coop_id, bulk_id)
            if told != known:
                known, forms = told, _forms(told)
            handed, is_down = _hand_over(due, forms, line, by, over)
            done += handed
            if is_down:
                # The others wait with it, and are tried a minute later: none of them has spent an attempt.
                return 0
    return done


def _hand_over(
    due: list[Due], forms: dict[str, BulkForm], line: smtp.Line, by: str, over: Callable[[], bool]
) -> tuple[int, bool]:
    """Hand over mails one by one; return how many, and whether the server can't be reached."""
    noted: actions.Noted | None = None
    left, done, is_down = list(due), 0, False
    while left and not is_down and not over():
        one = left.pop(0)
        claimed = actions.hand_on(actor=SYSTEM, now=clock.now(), by=by, noted=noted, claim=one.id, domain=one.domain)
        noted = None
        if claimed:
            answer = _deliver(one, forms, line)
            noted, is_down = actions.Noted(one.id, answer), answer.is_down
            done += 1
    if noted is not None or left:
        actions.hand_on(
            actor=SYSTEM,
            now=clock.now(),
            by=by,
            noted=noted,
            let_go=[one.id for one in left],
        )
    return done, is_down


def _deliver(one: Due, forms: dict[str, BulkForm], line: smtp.Line) -> smtp.Answer:
    try:
        content = forms[one.variant].filled(Reader(one.to, one.message_id, one.made_at, one.fills))
        return line.deliver(
            sender=returning.return_address(one.id), to=addresses.envelope(one.to), content=signing.signed(content)
        )
    except (ValueError, KeyError, OSError) as error:
        # Nothing left: a key that can't be read, a text that isn't there.
        return smtp.Answer(Outcome.PUT_OFF, f"{type(error).__name__}: {error}"[:2000])


def _forms(bulk: BulkFacts) -> dict[str, BulkForm]:
    return {
        variant: BulkForm(text, sender=bulk.sender, reply_to=bulk.reply_to, list_id=bulk.list_id)
        for variant, text in bulk.texts.items()
    }
