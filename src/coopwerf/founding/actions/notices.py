"""What is read from outside of the calls for help of a listed project: copied in the same transaction."""

import datetime as dt
import uuid

from django.db.models import Count

from ..models import DirectoryEntry, HelpCall, HelpNotice, HelpOffer
from ..states import TAKES_PLACE, CallState, HelpKind

_TAKEN = [state.value for state in TAKES_PLACE]


def follow_calls(coop_id: uuid.UUID, now: dt.datetime) -> None:
    """Bring the notices of a co-operative in line with its open calls: none when it isn't listed."""
    entry = DirectoryEntry.objects.filter(coop_id=coop_id)
    calls = list(HelpCall.objects.filter(coop_id=coop_id, state=CallState.OPEN)) if entry.exists() else []
    rows = HelpOffer.objects.filter(call__in=calls, state__in=_TAKEN).order_by().values_list("call_id")
    taken = dict(rows.annotate(Count("id")))
    left = {call.id: _left(call, taken.get(call.id, 0)) for call in calls}
    shown = [(call, call.opened_at) for call in calls if left[call.id] > 0 and call.opened_at is not None]
    HelpNotice.objects.filter(coop_id=coop_id).exclude(call_id__in=[call.id for call, _at in shown]).delete()
    HelpNotice.objects.bulk_create(
        [
            HelpNotice(
                call_id=call.id,
                coop_id=coop_id,
                slug=call.slug,
                kind=call.kind,
                texts=call.texts,
                minutes=call.minutes,
                skill=call.skill,
                languages=call.languages,
                places_left=left[call.id],
                where=call.where,
                due_on=call.due_on,
                opened_at=opened_at,
            )
            for call, opened_at in shown
        ],
        update_conflicts=True,
        unique_fields=["call"],
        update_fields=[
            "slug", "kind", "texts", "minutes", "skill", "languages", "places_left", "where", "due_on", "opened_at",
        ],
    )  # fmt: skip
    entry.update(calls=len(calls))


def places_left(call: HelpCall) -> int:
    """Return how many places of a call are free; a call for money has always one more."""
    return _left(call, HelpOffer.objects.filter(call=call, state__in=_TAKEN).count())


def _left(call: HelpCall, taken: int) -> int:
    return 1 if call.kind == HelpKind.MONEY else max(0, call.places - taken)
