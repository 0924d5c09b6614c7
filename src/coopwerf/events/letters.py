"""What is written to whoever registered, from confirming to the reminder; and to followers, of what is announced."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopwerf.coops.states import Texts, in_language
from coopwerf.messages import letters
from coopwerf.messages.letters import Block, Bullets, FactRows, LetterText, Link, Paragraph

from .states import RegistrationState, Told
from .words import deadline_in_words, moment_in_words, span_in_words


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """When and where a gathering is, on the wall of its zone."""

    begins: dt.datetime
    ends: dt.datetime
    town: str
    address: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationLetter:
    """What letters about a registration need; `sessions` are its titles by language, with whether there is a place.

    `online` is set only for who has a place. `until` is until when a place is kept, `answer_by` until when somebody
    says whether they still come, `before` where it was. `asked_news` is set while somebody who ticked that they want to
    hear of other gatherings hasn't confirmed it.
    """

    coop: str
    titles: Texts
    state: RegistrationState
    now: Meeting
    names: tuple[str, ...]
    codes: tuple[str, ...] = ()
    sessions: tuple[tuple[Texts, bool], ...] = ()
    access: Texts = dataclasses.field(default_factory=dict)
    online: str = ""
    until: dt.datetime | None = None
    answer_by: dt.datetime | None = None
    before: Meeting | None = None
    url: str
    must_confirm: bool = False
    asked_news: bool = False


def _where(meeting: Meeting) -> str:
    return ", ".join(part for part in (meeting.address, meeting.town) if part) or _("online")


def _facts(facts: RegistrationLetter, *, with_codes: bool = False) -> list[Block]:
    rows = [
        (_("When"), span_in_words(facts.now.begins, facts.now.ends)),
        (_("Where"), _where(facts.now)),
        (_("For"), ", ".join(facts.names)),
    ]
    if facts.online:
        rows.append((_("Online"), facts.online))
    found: list[Block] = [FactRows(tuple(rows))]
    if facts.sessions:
        found.append(
            Bullets(
                tuple(
                    in_language(titles)
                    if is_seated
                    else _("%(session)s (waiting list)") % {"session": in_language(titles)}
                    for titles, is_seated in facts.sessions
                )
            )
        )
    if with_codes and facts.codes:
        found.append(FactRows(tuple((name, code) for name, code in zip(facts.names, facts.codes, strict=False))))
    access = in_language(facts.access) if facts.access else ""
    if with_codes and access:
        found.append(Paragraph(access))
    return found


def _link(facts: RegistrationLetter, label: str) -> Link:
    return Link(label, facts.url, is_secret=True)


def _title(facts: RegistrationLetter) -> dict[str, str]:
    return {"title": in_language(facts.titles)}


def compose_confirm(facts: RegistrationLetter) -> LetterText:
    """Ask to confirm."""
    if facts.state is RegistrationState.WAITING:
        told = _(
            "It is full. You are on the waiting list, in the order in which people came. Confirm "
            "your address: only then can we offer you a place."
        )
    elif facts.until is not None:
        told = _(
            "We keep a place for you until %(time)s. Press the button on the page behind the link before then."
        ) % {"time": moment_in_words(facts.until)}
    else:
        told = _("Press the button on the page behind the link to confirm your registration.")
    news: list[Block] = []
    if facts.asked_news:
        news = [
            Paragraph(
                _(
                    "You ticked that we may write to you when there is another gathering. Behind the link it is still "
                    "ticked: untick it there if you don't want that."
                )
            )
        ]
    return LetterText(
        subject=_("Confirm your registration: %(title)s") % _title(facts),
        blocks=(
            Paragraph(told),
            *_facts(facts),
            _link(facts, _("Confirm my registration")),
            *news,
            Paragraph(_("Was it somebody else who typed your address? Then do nothing: it ends by itself.")),
        ),
    )


def compose_ticket(facts: RegistrationLetter) -> LetterText:
    """Send the ticket."""
    return LetterText(
        subject=_("Your ticket: %(title)s") % _title(facts),
        blocks=(
            Paragraph(_("You are registered. Show the code of your ticket at the desk, on your phone or on paper.")),
            *_facts(facts, with_codes=True),
            _link(facts, _("Tickets, calendar, change or cancel")),
            Paragraph(_("Can't you come? Cancel behind the same link: somebody else is waiting for your place.")),
        ),
    )


def compose_waiting(facts: RegistrationLetter) -> LetterText:
    """Say that they wait."""
    return LetterText(
        subject=_("You are on the waiting list: %(title)s") % _title(facts),
        blocks=(
            Paragraph(
                _("There is no place at the moment. When one comes free you get a mail, and some time to take it.")
            ),
            *_facts(facts),
            _link(facts, _("See my place on the waiting list")),
        ),
    )


def compose_offered(facts: RegistrationLetter) -> LetterText:
    """Offer a place."""
    until = moment_in_words(facts.until) if facts.until is not None else ""
    return LetterText(
        subject=_("There is a place for you: %(title)s") % _title(facts),
        blocks=(
            Paragraph(
                _("A place came free. Take it by %(time)s; after that we offer it to who waits next.") % {"time": until}
            ),
            *_facts(facts),
            _link(facts, _("Take the place")),
        ),
    )


def compose_lapsed(facts: RegistrationLetter) -> LetterText:
    """Say that it lapsed."""
    return LetterText(
        subject=_("Your place went to somebody else: %(title)s") % _title(facts),
        blocks=(
            Paragraph(
                _(
                    "We didn't hear from you in time, so your place is free again. Do you still want to "
                    "come? Say so behind the link: if there is room you are in, else you wait."
                )
            ),
            *_facts(facts),
            _link(facts, _("I still want to come")),
        ),
    )


def compose_session(facts: RegistrationLetter) -> LetterText:
    """Say that something of their programme changed."""
    return LetterText(
        subject=_("Your programme changed: %(title)s") % _title(facts),
        blocks=(
            Paragraph(
                _(
                    "A place came free in a session for which you waited, or a session of yours fell away. "
                    "This is your programme now."
                )
            ),
            *_facts(facts),
            _link(facts, _("Look at my programme")),
        ),
    )


def compose_reminder(facts: RegistrationLetter) -> LetterText:
    """Remind them the day before."""
    return LetterText(
        subject=_("Tomorrow: %(title)s") % _title(facts),
        blocks=(
            Paragraph(_("See you tomorrow. Have the code of your ticket at hand.")),
            *_facts(facts, with_codes=True),
            _link(facts, _("Tickets, calendar, change or cancel")),
            Paragraph(_("Can't you come? Cancel behind the same link: somebody else is waiting for your place.")),
        ),
    )


def compose_moved(facts: RegistrationLetter) -> LetterText:
    """Say that it was moved, and ask whether they still come."""
    was: list[Block] = []
    if facts.before is not None:
        was = [
            FactRows(
                (
                    (_("It was"), f"{span_in_words(facts.before.begins, facts.before.ends)}, {_where(facts.before)}"),
                    (_("It is now"), f"{span_in_words(facts.now.begins, facts.now.ends)}, {_where(facts.now)}"),
                )
            )
        ]
    asks = facts.answer_by is not None and facts.state is RegistrationState.SEATED
    told: list[Block] = []
    if asks:
        assert facts.answer_by is not None
        told = [
            Paragraph(
                _("Do you still come? Say so by %(time)s. Without an answer your place goes to who is waiting.")
                % {"time": deadline_in_words(facts.answer_by)}
            )
        ]
    if facts.must_confirm:
        told.append(Paragraph(_("Your registration isn't confirmed yet: do that behind the link too.")))
    return LetterText(
        subject=_("Moved: %(title)s") % _title(facts),
        blocks=(
            Paragraph(_("We had to move this gathering. Your registration stays, and your ticket holds.")),
            *was,
            *told,
            _link(facts, _("Say whether I come") if asks else _("Look at my registration")),
        ),
    )


def compose_still(facts: RegistrationLetter) -> LetterText:
    """Ask once more."""
    until = deadline_in_words(facts.answer_by) if facts.answer_by is not None else ""
    return LetterText(
        subject=_("Do you still come? %(title)s") % _title(facts),
        blocks=(
            Paragraph(
                _(
                    "This gathering was moved and we didn't hear from you. Say by %(time)s whether you "
                    "come; after that your place is free again."
                )
                % {"time": until}
            ),
            *_facts(facts),
            _link(facts, _("Say whether I come")),
        ),
    )


def compose_called_off(facts: RegistrationLetter) -> LetterText:
    """Say that it was called off."""
    return LetterText(
        subject=_("Called off: %(title)s") % _title(facts),
        blocks=(
            Paragraph(_("This gathering doesn't take place. We are sorry. There is nothing you need to do.")),
            *_facts(facts),
        ),
    )


def compose_withdrawn(facts: RegistrationLetter) -> LetterText:
    """Say that the registration was cancelled."""
    return LetterText(
        subject=_("Your registration is cancelled: %(title)s") % _title(facts),
        blocks=(
            Paragraph(_("Your registration was cancelled, and your place is free for somebody else.")),
            *_facts(facts),
        ),
    )


ANNOUNCED = "events.announced"
GATHERINGS = "gatherings"
"""What followers of gatherings follow."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncedLetter:
    """A gathering that was announced: its titles and first sentences by language, when, where, and its page."""

    coop: str
    titles: Texts
    leads: Texts
    now: Meeting
    url: str


def compose_announced(facts: AnnouncedLetter) -> LetterText:
    """Tell followers of a gathering."""
    return LetterText(
        subject=_("%(coop)s invites you: %(title)s") % {"coop": facts.coop, "title": in_language(facts.titles)},
        blocks=(
            Paragraph(in_language(facts.leads)),
            FactRows(((_("When"), span_in_words(facts.now.begins, facts.now.ends)), (_("Where"), _where(facts.now)))),
            Link(_("Read more and register"), facts.url),
        ),
    )


def _sample() -> RegistrationLetter:
    return RegistrationLetter(
        coop="Wolkenwerf",
        titles={"nl": "Debatdag over onze statuten", "fr": "Journée de débat sur nos statuts", "en": "Debate day"},
        state=RegistrationState.SEATED,
        now=Meeting(
            begins=dt.datetime(2027, 3, 13, 9, 30, tzinfo=dt.UTC),
            ends=dt.datetime(2027, 3, 13, 17, 0, tzinfo=dt.UTC),
            town="Gent",
            address="De Centrale, Kraankindersstraat 2",
        ),
        names=("Noor Vandamme", "Wim Vandamme"),
        codes=("CDF-HJK-LMN", "PRT-VWX-YCD"),
        sessions=(({"nl": "Wereldcafé: wie beslist?", "fr": "World café : qui décide ?", "en": "World café"}, True),),
        until=dt.datetime(2027, 3, 1, 20, 45, tzinfo=dt.UTC),
        answer_by=dt.datetime(2027, 3, 4, 0, 0, tzinfo=dt.UTC),
        before=Meeting(
            begins=dt.datetime(2027, 3, 6, 9, 30, tzinfo=dt.UTC),
            ends=dt.datetime(2027, 3, 6, 17, 0, tzinfo=dt.UTC),
            town="Brussel",
            address="Muntpunt",
        ),
        url="https://example.org/c/wolkenwerf/registration/a-secret/",
        asked_news=True,
    )


def _declare(
    told: Told, name: str | Promise, compose: Callable[[RegistrationLetter], LetterText]
) -> letters.LetterKind:
    return letters.declare(f"events.{told.value}", name=name, facts=RegistrationLetter, compose=compose, sample=_sample)


_declare(Told.CONFIRM, gettext_lazy("Confirm a registration"), compose_confirm)
_declare(Told.TICKET, gettext_lazy("Ticket for a gathering"), compose_ticket)
_declare(Told.WAITING, gettext_lazy("On the waiting list of a gathering"), compose_waiting)
_declare(Told.OFFERED, gettext_lazy("A place at a gathering"), compose_offered)
_declare(Told.LAPSED, gettext_lazy("A place at a gathering went"), compose_lapsed)
_declare(Told.SESSION, gettext_lazy("The programme of somebody changed"), compose_session)
_declare(Told.REMINDER, gettext_lazy("Reminder of a gathering"), compose_reminder)
_declare(Told.MOVED, gettext_lazy("A gathering was moved"), compose_moved)
_declare(Told.STILL, gettext_lazy("Whether somebody still comes"), compose_still)
_declare(Told.CALLED_OFF, gettext_lazy("A gathering was called off"), compose_called_off)
_declare(Told.WITHDRAWN, gettext_lazy("A registration was cancelled"), compose_withdrawn)
letters.declare(
    ANNOUNCED,
    name=gettext_lazy("A gathering was announced"),
    facts=AnnouncedLetter,
    compose=compose_announced,
    sample=lambda: AnnouncedLetter(
        coop="Wolkenwerf",
        titles=_sample().titles,
        leads={"nl": "Een dag lang praten.", "fr": "Une journée pour parler.", "en": "A day to talk."},
        now=_sample().now,
        url="https://example.org/c/wolkenwerf/gatherings/debatdag/",
    ),
)
