"""What somebody curious tries with the ids of another co-operative, in every form that takes one."""

import dataclasses
import uuid
from collections.abc import Iterator
from typing import Any

from coopwerf.kernel.tenancy import tenant
from coopwerf.register import queries
from tests.cast import TODAY

from . import bank_twins, building_twins, events_twins
from .twins import Twin


@dataclasses.dataclass(frozen=True)
class Post:
    """A form with another's id in it: where under one's own slug, what is filled in, and which names were typed."""

    where: str
    data: dict[str, Any]
    method: str = "post"
    typed: tuple[str, ...] = ()


def named(theirs: Twin) -> dict[str, str]:
    """Return another co-operative's member as somebody curious types them, who knows name and address."""
    return {
        "family": theirs.names[0],
        "given": "Holder",
        "email": f"holder.{theirs.mark}@example.org",
        "kind": "person",
        "street": "Straat",
        "number": "1",
        "postcode": "1000",
        "town": "Brussel",
        "country": "BE",
        "language": "nl",
    }


def posts(own: Twin, theirs: Twin) -> Iterator[Post]:
    """Yield every form that takes an id, filled in with ids of another co-operative."""
    today = TODAY.isoformat()
    decided = {"on": today, "decided_on": today, "body": "board", "reference": "item 1", "step": "record"}
    for ids in ([theirs.request], [own.request, theirs.request]):
        decision = {"r": [str(one) for one in ids], "on": today, "reference": "item 1"}
        yield Post("requests/decide/", {**decision, "as": "admit"})
        yield Post("requests/decide/", {**decision, "as": "admit"}, "get")
        yield Post("requests/decide/", {**decision, "as": "refuse", "ground": _ground(own)})
    yield Post("requests/", {"state": "incomplete", "after": str(uuid.UUID(int=theirs.request.int - 1))}, "get")
    yield Post(f"register/classes/{own.class_code}/", {"look": str(theirs.look)}, "get")
    seat = {"valid_from": today, "seat": f"{own.body}:member"}
    yield Post("bodies/mandates/new/", {**seat, "party": str(theirs.party)})
    yield Post("bodies/mandates/new/", {**seat, "q": "Holder", "party": str(theirs.party)})
    yield Post(
        "bodies/mandates/new/", {**seat, "party": str(own.party), "q": "Holder", "seat": f"{theirs.body}:member"}
    )
    invited = {"email": "x@example.org", "language": "nl", "valid_from": today}
    yield Post("bodies/invite/", {**invited, "seat": f"{theirs.body}:member"})
    lot = {**decided, "quantity": "1", "amount": "1", "factor": "2", "reason": "exit"}
    for kind in ("issue", "payment", "transfer", "conversion", "exit", "exclusion", "ending", "split"):
        record = f"register/record/{kind}/"
        codes = dict.fromkeys(("share_class", "from_class", "to_class"), own.class_code)
        yield Post(record, {**lot, **codes, "member": str(theirs.number), "to_member": str(own.number)})
        yield Post(record, {**lot, **codes, "member": str(own.number), "to_member": str(theirs.number)})
        picked = {"member": "Holder", "member_pick": str(theirs.number), "to_member": "Holder"}
        yield Post(record, {**lot, **codes, **picked, "to_member_pick": str(theirs.number)})
        for name in codes:
            given = {**lot, **codes, "member": str(own.number), "to_member": str(own.number), name: theirs.class_code}
            yield Post(record, given, typed=(theirs.class_code,))
        yield Post(record, {"member": str(theirs.number)}, "get")
    line = {"line0-account": theirs.account, "line0-debit": "5", "line1-account": "440", "line1-credit": "5"}
    yield Post(
        "books/entries/new/", {"on": today, "words": "x", "account": theirs.account, **line}, typed=(theirs.account,)
    )
    yield Post("books/opening/", {f"a{theirs.account}-debit": "5", "a440-credit": "5"})
    for address, fields, method, typed in bank_twins.attempts(own.bank, theirs.bank, theirs.account, theirs.names[0]):
        yield Post(address, fields, method, typed=typed)
    who = named(theirs)
    taken = {**decided, **who, "known": str(theirs.party)}
    taken |= {"share_class": theirs.class_code, "quantity": "1"}
    yield Post("register/record/admission/", taken, typed=theirs.names[:1])
    asked = {**who, "as": "person", "asked_on": today, "same_as": str(theirs.party), "quantity": "1"}
    yield Post("requests/new/", {**asked, "share_class": theirs.class_code}, typed=theirs.names[:1])
    for party in (theirs.principal, theirs.party):
        mine = {"party": str(party), "quantity": "1", "consent": "on"}
        yield Post("join/", {**mine, "share_class": own.class_code})
        yield Post("join/", {**mine, "party": str(own.principal), "share_class": theirs.class_code})
        yield Post("/me/acting/choose/", {"party": str(party), "next": f"/c/{theirs.cast.coop.slug}/today/"})
        taken = {"mine": "1", "party": str(party), "quantity": "1", "accepts_statutes": "on", "accepts_risk": "on"}
        taken |= {"share_class": own.class_code, "key": str(theirs.subscription_key)}
        yield Post(f"shares/{own.offer}/take/", taken)
    yield from (Post(*one) for one in building_twins.posts(own.built, theirs.built))
    here = f"writing/{own.yard.report}/"
    yield Post(f"{here}authors/", {"do": "remove", "author": str(theirs.yard.author)})
    for do in ("accept", "decline"):
        yield Post(f"{here}translations/fr/", {"do": do, "translation": str(theirs.yard.translation)})
    said = {"text": "x", "key": str(theirs.subscription_key), "to": str(theirs.yard.comment)}
    yield Post(f"reports/{own.yard.report}/comment/", {"to": str(theirs.yard.comment)}, "get")
    yield Post(f"reports/{own.yard.report}/comment/", said)
    for where, data, way in events_twins.attempts(own.gathered, theirs.gathered):
        yield Post(where, dict(data), way)
    before = str(uuid.UUID(int=theirs.subscription.int - 1))
    yield Post("subscriptions/", {"state": "to_pay", "offer": theirs.offer, "after": before}, "get")
    yield Post("register/", {"share_class": theirs.class_code, "text": "Holder", "after": str(theirs.number)}, "get")
    yield Post(f"register/members/{theirs.number}/", {"known": "1"}, "get")
    yield Post(f"register/import/{own.import_id}/answer/", {"code": str(theirs.import_id), "answer": "other"})


def _ground(twin: Twin) -> str:
    with tenant(twin.cast.id):
        return next(iter(queries.grounds(twin.cast.id, TODAY)), "")


_CODES = (
    "a_minute address agreed again audiences domain newsletters notice on_paper reply_to rhythm source subject topic",
    "file topics",
    "accepts_risk accepts_statutes ajax all answer as asked_on before begin body chart class_ classes code",
    "country cover do due_on email end field for for_whom form ground header holders holds how hue journal kind lang",
    "language languages licence mail_footer name never next on once order page paper payer payer_email proof q reason",
    "regime role scopes seen shape share_word sheet show stage state step text theme transfer value votes wait",
    "was what where without_file",
    "format news part parts press which",
)
NO_IDS = frozenset(name for line in (*_CODES, building_twins.CODES) for name in line.split())
"""Fields that are read or chosen in pages and hold no id: codes, dates, texts, numbers that the page drew itself."""
