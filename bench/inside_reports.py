"""What `reporting` measures, prepared inside the application: a long report with pictures and comments."""

import datetime as dt
import io
import time
import uuid
from typing import Any

PICTURES = 6
COMMENTS = 60


def reporting(coop_id: uuid.UUID, slug: str) -> dict[str, Any]:
    """Publish a report with pictures, two translations and comments; return its address."""
    from PIL import Image

    from coopwerf.documents.states import Licence
    from coopwerf.founding import actions, queries
    from coopwerf.founding.states import Words
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM, VISITOR
    from coopwerf.kernel.tenancy import tenant

    now = clock.now()
    act: dict[str, Any] = {"actor": SYSTEM, "now": now, "coop_id": coop_id}
    report_id = actions.draft_report(**act, title="Report of the evening", language="nl")
    with tenant(coop_id):
        found = queries.report_facts(coop_id, report_id)
    assert found is not None
    part = "\n\n".join(f"**What** we did on day {day}, and [why](https://example.org/{day}). " * 6 for day in range(12))
    words = Words(title="Report of the evening", lead="What happened tonight.", done=part, standing=part, next=part)
    actions.write_report(
        **act, report_id=report_id, words=words, cover=None, takes_comments=True, revision=found.revision
    )
    out = io.BytesIO()
    Image.effect_noise((1600, 1000), 60).convert("RGB").save(out, "JPEG")
    for number in range(PICTURES):
        actions.bring_picture(
            **act,
            report_id=report_id,
            content=out.getvalue(),
            author="Somebody",
            licence=Licence.CC0,
            texts={"nl": "Dots", "fr": "Des points", "en": "Dots"},
            where="top" if not number else "done",
        )
    due = now + dt.timedelta(seconds=1)
    actions.schedule_report(**act, report_id=report_id, at=due)
    actions.publish_report(**{**act, "now": due}, report_id=report_id)
    for language in ("fr", "en"):
        made = actions.record_translation(
            **act, report_id=report_id, language=language, words=words, of_version=1, translator="Somebody"
        )
        actions.accept_translation(**act, report_id=report_id, translation_id=made)
    for number in range(COMMENTS):
        visitor = {**act, "actor": VISITOR}
        one = actions.say(
            **visitor,
            report_id=report_id,
            key=uuid.uuid4(),
            pseudonym=f"reader {number} {now:%H%M%S}",
            email=f"reader{number}.{now:%H%M%S}@example.org",
            text="I read it, and I ask myself **why**. " * 4,
            language="nl",
        )
        assert one.contact_id is not None
        actions.confirm_comment(**visitor, comment_id=one.comment_id, contact_id=one.contact_id)
        actions.approve_comment(**act, comment_id=one.comment_id, revision=1)
    with tenant(coop_id):
        found = queries.report_facts(coop_id, report_id)
    assert found is not None
    return {"slug": found.slug, "pictures": PICTURES, "comments": COMMENTS}


def correcting(coop_id: uuid.UUID, slug: str) -> dict[str, Any]:
    """Publish a correction of the newest report; return what it says now, and when that was done."""
    import dataclasses

    from coopwerf.founding import actions, queries
    from coopwerf.kernel import clock
    from coopwerf.kernel.actor import SYSTEM
    from coopwerf.kernel.tenancy import tenant

    act: dict[str, Any] = {"actor": SYSTEM, "now": clock.now(), "coop_id": coop_id}
    with tenant(coop_id):
        found = queries.published_reports(coop_id, limit=1)[0]
    said = f"Corrected {uuid.uuid4().hex}"
    words = dataclasses.replace(found.version.words, lead=said)
    actions.write_report(
        **act,
        report_id=found.id,
        words=words,
        cover=found.version.cover,
        takes_comments=True,
        revision=found.revision,
    )
    actions.publish_report(**act, report_id=found.id, reason="Measured")
    return {"words": said, "at": time.time()}
