"""The journal, an entry that explains itself, and taking one back."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coopwerf.coops.states import in_language
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import Request
from coopwerf.people import queries as people
from coopwerf.ui.fields import DateField, put_refusal

from .. import actions, policies, queries
from ..queries import EntryFacts
from ..rules import MANUAL, OPENING, rules
from ..states import FOLLOWS, JOURNAL_NAMES, Journal, source_of
from .accounts import PeriodForm
from .desk import EARLIEST, LATEST, Desk

AT_ONCE = 50


class JournalForm(PeriodForm):
    """Ask which journal is wanted, and which period."""

    journal = forms.ChoiceField(label=gettext_lazy("Journal"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(journal.value, str(name)) for journal, name in JOURNAL_NAMES.items()]
        self.fields["journal"].choices = [("", pgettext("journals", "all")), *names]  # type: ignore[attr-defined]


@require_GET
def journal(request: Request) -> HttpResponse:
    """Show the entries of a period, the last written first."""
    desk = Desk(request)
    begins = desk.books.begins_on
    form = JournalForm(request.GET or None, initial={"begin": begins, "end": desk.today})
    begin, end = form.period(begins, max(desk.today + policies.AHEAD, begins))
    told = form.cleaned_data.get("journal", "") if form.is_bound else ""
    before = request.GET.get("before", "")
    entries = queries.journal(
        desk.coop_id,
        journal=Journal(told) if told else None,
        from_on=begin,
        until=end,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=AT_ONCE + 1,
    )
    more = ""
    if len(entries) > AT_ONCE:
        entries = entries[:AT_ONCE]
        asked = {"begin": begin.isoformat(), "end": end.isoformat(), "journal": told}
        more = f"?{urlencode({**asked, 'before': str(entries[-1].position)})}"
    context = {
        "desk": desk,
        "form": form,
        "entries": [(one, title_of(one)) for one in entries],
        "more": more,
        "keep": desk.keep,
    }
    return render(request, "ledger/journal.html", context)


def title_of(entry: EntryFacts) -> str:
    """Return what an entry is about: the words of who wrote it, else those of its rule."""
    return entry.words or in_language(rules()[entry.rule].names)


def _entry(desk: Desk, entry_id: uuid.UUID) -> EntryFacts:
    found = queries.entry(desk.coop_id, entry_id)
    if found is None:
        raise Http404
    return found


@require_GET
def entry(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Show an entry: its lines, the rule that made them, what it follows from, and what took it back."""
    desk = Desk(request)
    found = _entry(desk, entry_id)
    others = queries.entries_with(desk.coop_id, [one for one in (found.reverses, found.reversed_by) if one])
    parties = {found.author_id, *(line.party_id for line in found.lines)} - {None}
    names = people.particulars(frozenset(one for one in parties if one is not None), desk.today)
    source = source_of(found.source_kind)
    reverses = others.get(found.reverses) if found.reverses else None
    context = {
        "desk": desk,
        "entry": found,
        "title": title_of(found),
        "journal": JOURNAL_NAMES[found.journal],
        "rule": in_language(rules()[found.rule].names),
        "why": in_language(rules()[found.rule].texts),
        "about": sorted({names[one.party_id].spoken for one in found.lines if one.party_id in names}),
        "author": names[found.author_id].spoken if found.author_id in names else "",
        "source": source,
        "source_url": source.url(desk.coop.slug, found.source_id) if source and found.source_id else "",
        "reverses": reverses,
        "reversed_by": others.get(found.reversed_by) if found.reversed_by else None,
        "was_moved": reverses is not None and reverses.on != found.on,
        "touches": found.rule == MANUAL and any(line.account.role in FOLLOWS for line in found.lines),
        "may_reverse": policies.may_reverse(desk.found, found),
        "keep": desk.keep,
        "by_hand": found.rule in (MANUAL, OPENING),
    }
    return render(request, "ledger/entry.html", context)


@require_POST
def forget(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Erase what was written about an entry."""
    desk = Desk(request)
    desk.keep.require()
    _entry(desk, entry_id)
    try:
        actions.forget_words(actor=desk.actor, now=desk.now, coop_id=desk.coop_id, entry_id=entry_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("What was written about this entry is erased. The entry itself stays."))
    return redirect("ledger:entry", slug=desk.coop.slug, entry_id=entry_id)


class ReverseForm(forms.Form):
    """Ask on which day an entry is taken back."""

    on = DateField(label=gettext_lazy("On which day?"), min_date=EARLIEST, max_date=LATEST)


@require_http_methods(["GET", "POST"])
def reverse(request: Request, entry_id: uuid.UUID) -> HttpResponse:
    """Ask on which day an entry is taken back, and take it back."""
    desk = Desk(request)
    desk.keep.require()
    found = _entry(desk, entry_id)
    verdict = policies.may_reverse(desk.found, found)
    verdict.require()
    day = max(found.on, desk.books.first_open_day)
    form = ReverseForm(request.POST or None, initial={"on": day})
    if request.method == "POST" and form.is_valid():
        try:
            (made,) = actions.reverse(
                actor=desk.actor, now=desk.now, coop_id=desk.coop_id, entry_ids=[entry_id], on=form.cleaned_data["on"]
            )
        except Refused as refusal:
            put_refusal(form, refusal, "on")
        else:
            messages.success(request, _("%(entry)s is taken back by this entry.") % {"entry": found.label})
            return redirect("ledger:entry", slug=desk.coop.slug, entry_id=made)
    context = {
        "form": form,
        "entry": found,
        "title": title_of(found),
        "was_moved": day != found.on,
        "verdict": verdict,
        "by_hand": found.rule in (MANUAL, OPENING),
    }
    return render(request, "ledger/reverse.html", context)
