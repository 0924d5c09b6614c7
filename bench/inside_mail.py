"""A newsletter, from inside the application: followers by the thousand, and how far it is."""

import datetime as dt
import time
import uuid
from typing import Any

POLL = 0.25
TEXT = (
    "## Wat we deden\n\nDeze maand **metselden** we de muur van het rek, en de eerste servers staan erin.\n\n"
    + "Wie wil helpen, is zaterdag welkom op de werf: er is koffie, en er valt veel te leren. " * 12
    + "\n\n- de muur staat\n- het dak volgt\n- de stroom komt in april\n\n[Lees alles](https://werf.example/)\n\n"
    + "We zoeken nog twee mensen die Frans schrijven. Het duurt een kwartier. " * 8
)


def following(coop_id: uuid.UUID, slug: str, count: int) -> dict[str, float]:
    """Bring so many followers along, as a list with opt-in dates is; return how long that took."""
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.messages import actions
    from coopwerf.messages.states import Rhythm

    began = time.perf_counter()
    agreed = clock.now() - dt.timedelta(days=300)
    batch = actions.MOST_IMPORTED
    for begin in range(0, count, batch):
        rows = [
            actions.FollowerInput(
                email=f"lezer{number}@domein{number % 40}.example",
                name=f"Noor Lezer {number}",
                language=("nl", "fr", "en")[number % 3],
                agreed_on=agreed,
                line=number - begin + 1,
            )
            for number in range(begin, min(count, begin + batch))
        ]
        how: dict[str, Any] = {"topics": ["all"], "rhythm": Rhythm.AT_ONCE, "source": "bench"}
        actions.import_followers(actor=SYSTEM, now=clock.now(), coop_id=coop_id, rows=rows, **how)
    return {"seconds": time.perf_counter() - began}


def newsletter(coop_id: uuid.UUID, slug: str, patience: int) -> dict[str, Any]:
    """Write a newsletter in three languages, let it leave, and watch it until nothing waits or patience is over."""
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.tenancy import tenant
    from coopwerf.messages import actions, queries

    act: dict[str, Any] = {"actor": SYSTEM, "coop_id": coop_id}
    one = actions.draft_newsletter(**act, now=clock.now())
    for language in ("nl", "fr", "en"):
        words = {"language": language, "subject": f"Nieuws van de werf ({language})", "text": TEXT}
        actions.write_newsletter(**act, now=clock.now(), newsletter_id=one, **words)
    began = time.perf_counter()
    actions.release_newsletter(**act, now=clock.now(), newsletter_id=one)
    bulk_id, queued = None, 0.0
    while bulk_id is None and time.perf_counter() - began < patience:
        time.sleep(POLL)
        with tenant(coop_id):
            bulk_id = queries.newsletter(coop_id, one).bulk_id
    queued = time.perf_counter() - began
    if bulk_id is None:
        raise RuntimeError("nobody wrote the newsletter")
    progress = queries.progress(bulk_id)
    while progress.waiting and time.perf_counter() - began < patience:
        time.sleep(1)
        progress = queries.progress(bulk_id)
    took = time.perf_counter() - began - queued
    told = {"all": progress.all, "delivered": progress.delivered, "in_doubt": progress.in_doubt}
    return {"queued": queued, "took": took, "waiting": progress.waiting, **told}
