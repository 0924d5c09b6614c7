"""A member's own page: what waits, what they own, their papers, their data, who governs."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from coopcalc.references import format_communication, format_iban
from coopwerf.coops import queries as coops
from coopwerf.coops.queries import MandateFacts
from coopwerf.coops.states import BODY_NAMES, GOVERNING, ROLE_NAMES, BodyKind, Mark, Power, Stage
from coopwerf.documents import actions as document_actions
from coopwerf.documents import queries as documents
from coopwerf.documents.queries import DocumentFacts
from coopwerf.documents.states import STATE_NAMES, DocumentState
from coopwerf.events import queries as gatherings
from coopwerf.founding import queries as founding
from coopwerf.kernel import clock
from coopwerf.kernel.web import Request
from coopwerf.messages import queries as letters
from coopwerf.payments import queries as payments
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars
from coopwerf.register import queries as register
from coopwerf.register.states import RequestState
from coopwerf.ui import formats

from .standing import Standing, standing

PAPERS = 5
CERTIFICATE = "register.certificate"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Task:
    """One thing that waits for somebody: what, why, where, and about how many minutes it takes."""

    title: str
    text: str
    url: str
    act: str
    minutes: int


@never_cache
@require_GET
def today(request: Request) -> HttpResponse:
    """Show somebody within a co-operative what concerns them there."""
    here = standing(request)
    holders = [one for one in coops.office_holders(request.coop.id, here.today) if one.body_kind in GOVERNING]
    parties = {*request.actor.parties, *(held.party_id for held in holders)}
    names = people.particulars(parties, here.today)
    assert request.actor.party_id is not None
    me = names[request.actor.party_id]
    tasks = [*_asked_of_members(request, here, me), *_asked_of_officers(request, here)]
    offer = register.offer(request.coop.id, here.today) if not here.memberships else None
    owned = _owned(request, here, names)
    context = {
        "day": formats.date_long(here.today, formats.language(get_language()), weekday=True),
        "title": _title(me, len(tasks)),
        "lead": _lead(request, tasks),
        "tasks": tasks,
        "owned": owned,
        "held": sorted({held.share_class for one in owned for held in one["line"].holdings if held.shares > 0}),
        "can_join": offer is not None and offer.is_open,
        "can_take_more": bool(here.memberships) and bool(register.all_terms(request.coop.id, here.today)),
        "gatherings": _gatherings(request, here),
        "papers": _papers(request),
        "pays": _pays(request, [one["line"].party_id for one in owned]),
        "me": me,
        "me_url": _url("people:me") or "",
        "governing": _governing(holders, names),
        "roles": [_role(held) for held in here.mandates],
    }
    return render(request, "site/today.html", context)


def _pays(request: Request, parties: list[uuid.UUID]) -> dict[str, str] | None:
    """Return how a member pays for ever: account, holder, and the communication that is theirs."""
    account = payments.main_account(request.coop.id) if parties else None
    given = payments.permanent_of(request.coop.id, parties[:1]) if account is not None else {}
    if account is None or not given:
        return None
    return {
        "iban": format_iban(account.iban),
        "holder": account.holder,
        "communication": format_communication(given[parties[0]]),
    }


def _url(name: str, **kwargs: Any) -> str:
    """Return an address, or nothing where that page isn't part of this installation."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _title(me: Particulars, count: int) -> str:
    called = (me.name.given if me.name and me.name.given else me.spoken) or _("member")
    if not count:
        return _("Hello, %(name)s. Nothing waits for you.") % {"name": called}
    words = (_("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine"))
    spelled = words[count - 2] if 2 <= count < 2 + len(words) else str(count)
    return ngettext(
        "Hello, %(name)s. One thing waits for you.", "Hello, %(name)s. %(count)s things wait for you.", count
    ) % {"name": called, "count": spelled}


def _lead(request: Request, tasks: list[Task]) -> str:
    minutes = sum(task.minutes for task in tasks)
    if not minutes:
        return _("All is in order at %(coop)s.") % {"coop": request.coop.name}
    return ngettext("It takes about a minute.", "Together about %(count)s minutes.", minutes) % {"count": minutes}


def _asked_of_members(request: Request, here: Standing, me: Particulars) -> list[Task]:
    """Return what waits for somebody as a member, or as one who asked to become one."""
    tasks = []
    for asked in register.open_requests_of(request.coop.id, request.actor.parties, here.today):
        if asked.quantity and asked.to_pay:
            tasks.append(
                Task(
                    title=_("Pay your shares"),
                    text=_("%(amount)s for %(count)s shares. The co-operative writes to you how.")
                    % {
                        "amount": formats.money(asked.to_pay, formats.language(get_language())),
                        "count": formats.number(asked.quantity, formats.language(get_language())),
                    },
                    url=reverse("register:join-mine", kwargs={"slug": request.coop.slug}),
                    act=_("See the request"),
                    minutes=3,
                )
            )
    if me.address is None and here.memberships and _url("people:me"):
        tasks.append(
            Task(
                title=_("Say where you live"),
                text=_("The law wants your domicile in the register, and your certificate carries it."),
                url=_url("people:me"),
                act=_("Give my address"),
                minutes=2,
            )
        )
    return tasks


def _asked_of_officers(request: Request, here: Standing) -> list[Task]:
    """Return what waits for somebody by their mandates."""
    coop = request.coop
    found: list[Task | None] = []
    if Power.ADMIT_MEMBERS in here.powers or Power.KEEP_REGISTER in here.powers:
        counts = register.count_open_requests(coop.id)
        if Power.ADMIT_MEMBERS in here.powers:
            found.append(_requests_to_decide(coop.slug, counts[RequestState.COMPLETE]))
        if Power.KEEP_REGISTER in here.powers:
            found.append(_requests_to_complete(coop.slug, counts[RequestState.INCOMPLETE]))
    if Power.KEEP_REGISTER in here.powers:
        found.append(_letters_to_print(coop.slug, letters.count_to_print(coop.id)))
    if Power.WRITE_REPORTS in here.powers:
        found.append(_comments_to_read(coop.slug, founding.count_to_moderate(coop.id)))
    if Power.KEEP_YARD in here.powers:
        found.extend(_help_to_answer(coop.slug, founding.at_hand(coop.id, here.today)))
    if Power.MANAGE_GATHERINGS in here.powers:
        found.extend(_gatherings_to_do(coop.slug, gatherings.to_do(coop.id, here.now)))
    if Power.MANAGE_SETTINGS in here.powers:
        found.extend(_to_set_up(request, here))
    return [task for task in found if task is not None]


def _requests_to_decide(slug: str, count: int) -> Task | None:
    if not count:
        return None
    return Task(
        title=ngettext("One request to decide on", "%(count)s requests to decide on", count) % {"count": count},
        text=_("All is there: who, how many shares, and the payment. The board decides, you write it down."),
        url=reverse("register:requests", kwargs={"slug": slug}) + "?state=complete",
        act=_("Read and decide"),
        minutes=min(60, 2 + count),
    )


def _comments_to_read(slug: str, count: int) -> Task | None:
    if not count:
        return None
    return Task(
        title=ngettext("One comment to read", "%(count)s comments to read", count) % {"count": count},
        text=_("Somebody’s first comment appears once you have read it; so is settled what a reader objects to."),
        url=reverse("founding:moderation", kwargs={"slug": slug}),
        act=_("Read and decide"),
        minutes=min(30, count),
    )


def _help_to_answer(slug: str, hand: founding.AtHand) -> list[Task]:
    """Return what helpers wait for: an answer to what they offer, or to what they ask first."""
    url, act = reverse("founding:help-desk", kwargs={"slug": slug}), pgettext("do", "Answer")
    found = []
    if hand.offers:
        title = ngettext("Somebody offers help", "%(count)s people offer help", hand.offers) % {"count": hand.offers}
        text = _("They would like to hear whether you take it.")
        found.append(Task(title=title, text=text, url=url, act=act, minutes=min(30, 2 * hand.offers)))
    if hand.questions:
        title = ngettext("A question waits", "%(count)s questions wait", hand.questions) % {"count": hand.questions}
        text = _("Somebody thinks of helping, and asks first.")
        found.append(Task(title=title, text=text, url=url, act=act, minutes=min(30, 2 * hand.questions)))
    return found


def _gatherings(request: Request, here: Standing) -> list[dict[str, str]]:
    """Return the gatherings to come, each with when and where."""
    lang = formats.language(get_language())
    return [
        {
            "title": one.words.title,
            "language": one.text_language,
            "when": _("%(day)s at %(time)s")
            % {
                "day": formats.date_long(one.begins.date(), lang, weekday=True),
                "time": formats.clock(one.begins, lang),
            },
            "where": one.town or _("online"),
            "url": reverse("events:gathering", kwargs={"slug": request.coop.slug, "gathering": one.slug}),
        }
        for one in gatherings.coming(request.coop.id, here.now)
    ]


def _gatherings_to_do(slug: str, todo: gatherings.ToDo) -> list[Task]:
    """Return what waits for who organises gatherings."""
    found = [
        Task(
            title=_("Was “%(title)s” held?") % {"title": one.words.title},
            text=_(
                "Say so: then nobody registers any more, it counts for its series, and you can tell what you heard."
            ),
            url=reverse("events:manage", kwargs={"slug": slug, "gathering": one.slug}),
            act=_("Look"),
            minutes=2,
        )
        for one in todo.over[:3]
    ]
    found += [
        Task(
            title=_("No desk yet for “%(title)s”") % {"title": one.words.title},
            text=_("It begins soon. Open a desk, give its link to who receives people, and print its list."),
            url=reverse("events:desks", kwargs={"slug": slug, "gathering": one.slug}),
            act=_("Open a desk"),
            minutes=5,
        )
        for one in todo.without_desk[:3]
    ]
    if todo.unanswered:
        found.append(
            Task(
                title=ngettext("One voice waits for an answer", "%(count)s voices wait for an answer", todo.unanswered)
                % {"count": todo.unanswered},
                text=_("People said it at a gathering. Tell what it was taken up in, or why not."),
                url=reverse("events:contributions", kwargs={"slug": slug, "gathering": todo.unanswered_at}),
                act=pgettext("do", "Answer"),
                minutes=min(30, 2 * todo.unanswered),
            )
        )
    return found


def _requests_to_complete(slug: str, count: int) -> Task | None:
    if not count:
        return None
    return Task(
        title=ngettext("One request lacks something", "%(count)s requests lack something", count) % {"count": count},
        text=_("Mostly a payment: note it once it is on the account."),
        url=reverse("register:requests", kwargs={"slug": slug}) + "?state=incomplete",
        act=_("Complete them"),
        minutes=min(60, 1 + count),
    )


def _letters_to_print(slug: str, count: int) -> Task | None:
    if not count:
        return None
    return Task(
        title=ngettext("One letter to print", "%(count)s letters to print", count) % {"count": count},
        text=_("For people without an e-mail address."),
        url=reverse("messages:letters", args=[slug]),
        act=_("Print"),
        minutes=min(60, 2 + count // 2),
    )


def _to_set_up(request: Request, here: Standing) -> list[Task | None]:
    """Return what is left to be settled before a co-operative can do its work."""
    coop = request.coop
    stage = coops.stage(coop.id, here.today)
    rules = coops.rules(coop.id, here.today)
    tasks: list[Task | None] = []
    shares = rules.get("shares.exist")
    classes_url = _url("register:classes", slug=coop.slug)
    if shares is not None and shares.value is True and classes_url and not register.all_terms(coop.id, here.today):
        tasks.append(
            Task(
                title=_("Open a class of shares"),
                text=_("What is a share called, what does it cost, who may hold it? Before that nobody can take one."),
                url=classes_url,
                act=_("Open a class"),
                minutes=5,
            )
        )
    import_url = _url("register:import-start", slug=coop.slug)
    is_empty = stage is not Stage.INITIATIVE and register.last_number(coop.id) == 0
    if is_empty and import_url and Power.IMPORT_REGISTER in here.powers:
        tasks.append(
            Task(
                title=_("Bring your register"),
                text=_("The register is empty. Bring the spreadsheet you keep: you see all before it counts."),
                url=import_url,
                act=_("Bring a spreadsheet"),
                minutes=10,
            )
        )
    unsure = sum(rule.mark is Mark.CHECK for rule in rules.values())
    if unsure:
        tasks.append(
            Task(
                title=ngettext("One rule to check", "%(count)s rules to check", unsure) % {"count": unsure},
                text=_("They come from the law in general. Lay your statutes beside them, or ask your notary."),
                url=reverse("coops:rules", kwargs={"slug": coop.slug}),
                act=_("Check them"),
                minutes=min(30, 1 + unsure),
            )
        )
    return tasks


def _owned(request: Request, here: Standing, names: dict[uuid.UUID, Particulars]) -> list[dict[str, Any]]:
    """Return each membership with its holding, and where that comes from."""
    members = {one.id: one.party_id for one in here.memberships}
    if not members:
        return []
    lines = register.holdings_of_members(request.coop.id, members, here.today)
    began = {
        row["member_id"]: row
        for row in register.standings_of(request.coop.id, list(members))
        if row["event"] == "admitted" and not row["is_void"]
    }
    owned = []
    for one in here.memberships:
        line = lines.get(one.id)
        if line is None:
            continue
        asked = sum((held.shares * held.amount_per_share for held in line.holdings), Decimal("0.00"))
        owned.append(
            {
                "name": names[one.party_id].spoken if one.party_id != request.actor.party_id else "",
                "number": one.number,
                "member_id": one.id,
                "line": line,
                "to_pay": max(asked - line.paid, Decimal("0.00")).quantize(Decimal("0.01")),
                "began": began.get(one.id),
            }
        )
    return owned


def _papers(request: Request) -> list[dict[str, Any]]:
    """Return the latest papers of somebody, each with what became of it."""
    found = documents.documents_of(request.coop.id, request.actor.parties, limit=PAPERS)
    lang = formats.language(get_language())
    return [
        {
            "title": _dated(one.title, one.as_of, lang),
            "url": reverse("documents:document", kwargs={"slug": request.coop.slug, "token": one.token}),
            "note": _noted(one, lang),
        }
        for one in found
        if one.state is not DocumentState.REMOVED
    ]


def _noted(one: DocumentFacts, lang: str) -> str:
    """Return what stands with a paper: how far it is, or the day it was asked for where its name doesn't say that."""
    if not one.is_ready:
        return str(STATE_NAMES[one.state])
    asked_on = clock.civil_date(one.asked_at)
    return "" if asked_on == one.as_of else formats.date_short(asked_on, lang)


def _dated(title: str, on: dt.date | None, lang: str) -> str:
    """Return what a paper is called, with the day as of which it speaks: two of a kind are told apart by it."""
    if on is None:
        return title
    return _("%(paper)s, %(day)s") % {"paper": title, "day": formats.date_short(on, lang)}


def _role(held: MandateFacts) -> str:
    return _("%(role)s, %(body)s") % {
        "role": ROLE_NAMES[held.role],
        "body": held.body_name or BODY_NAMES[held.body_kind],
    }


def _governing(holders: list[MandateFacts], names: dict[uuid.UUID, Particulars]) -> list[dict[str, str]]:
    """Return who sits on the board, or in the core group as long as there is none: each once, with their roles."""
    boards = [held for held in holders if held.body_kind is BodyKind.BOARD] or holders
    roles: dict[uuid.UUID, list[str]] = {}
    for held in boards:
        roles.setdefault(held.party_id, []).append(str(ROLE_NAMES[held.role]))
    return [
        {"name": names[party_id].spoken or _("(erased)"), "role": ", ".join(held)} for party_id, held in roles.items()
    ]


@require_POST
def certificate(request: Request, number: int) -> HttpResponse:
    """Ask for a certificate of one's own membership, as of today; a worker makes it, its page says when it is there."""
    here = standing(request)
    mine = next((one for one in here.memberships if one.number == number), None)
    if mine is None:
        messages.error(request, _("That is not one of your memberships."))
        return redirect("site:today", slug=request.coop.slug)
    asked = document_actions.ask_document(
        actor=request.actor,
        now=here.now,
        coop_id=request.coop.id,
        kind=CERTIFICATE,
        language=formats.language(get_language()),
        party_id=mine.party_id,
        as_of=here.today,
        params={"member": mine.id},
    )
    return redirect("documents:document", slug=request.coop.slug, token=asked.token)
