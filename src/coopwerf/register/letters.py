"""What a co-operative writes about requests for membership: to whoever asked, to new members, to who was refused."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from coopwerf.coops.states import ShareWord, Texts, in_language, share_words
from coopwerf.messages import letters
from coopwerf.messages.letters import FactRows, LetterText, Link, Paragraph
from coopwerf.ui import formats

CONFIRM = "register.confirm_request"
NOTED = "register.request_noted"
WELCOME = "register.welcome"
MORE_SHARES = "register.more_shares"
REFUSAL = "register.refusal"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SharesTold:
    """Shares as a letter tells them: how many of which class, at which amount each, in euro."""

    share_class: str
    quantity: int
    amount_per_share: Decimal
    paid: Decimal
    share_word: ShareWord = ShareWord.ACTION


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RequestLetter:
    """What a letter to somebody who asks needs: the co-operative, who asks, for what, and the address of its page."""

    coop: str
    name: str
    shares: SharesTold | None
    url: str
    days: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeLetter:
    """What a letter to a new member, or one with more shares, needs; `url` is their own page."""

    coop: str
    number: int
    on: dt.date
    shares: SharesTold | None
    url: str


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLetter:
    """What a letter about a refusal needs: when and where it was decided, on which ground, what was paid."""

    coop: str
    asked_on: dt.date
    on: dt.date
    reference: str
    ground: Texts
    explanation: str
    paid: Decimal
    takes_more: bool


def _lang() -> str:
    return formats.language(get_language())


def shares_in_words(shares: SharesTold) -> str:
    """Return `3 shares A`, with the co-operative's own word for shares."""
    one, several = share_words(shares.share_word, _lang())
    return _("%(quantity)s %(word)s %(share_class)s") % {
        "quantity": formats.number(shares.quantity, _lang()),
        "word": one if shares.quantity == 1 else several,
        "share_class": shares.share_class,
    }


def _price_rows(shares: SharesTold | None) -> tuple[tuple[str, str], ...]:
    if shares is None:
        return ()
    lang = _lang()
    total = (shares.amount_per_share * shares.quantity).quantize(Decimal("0.01"))
    return (
        (_("Asked for"), shares_in_words(shares)),
        (_("Each"), formats.money(shares.amount_per_share, lang)),
        (_("Together"), formats.money(total, lang)),
    )


def compose_confirm(facts: RequestLetter) -> LetterText:
    """Ask whoever reads this mail whether they asked."""
    return LetterText(
        subject=_("Confirm your request to become a member of %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(
                _("Somebody, hopefully you, asked to become a member of %(coop)s with this e-mail address.")
                % {"coop": facts.coop}
            ),
            FactRows(((_("For"), facts.name), *_price_rows(facts.shares))),
            Paragraph(_("Open this page, read what you ask for, and confirm it there. Nothing happens before that.")),
            Link(_("Look at my request"), facts.url, is_secret=True),
            Paragraph(
                _(
                    "Keep this mail: the same address shows how far your request has come. It waits %(days)s days for "
                    "you. Wasn’t it you? Then do nothing, and what was typed is deleted."
                )
                % {"days": facts.days}
            ),
        ),
    )


def compose_noted(facts: RequestLetter) -> LetterText:
    """Tell somebody that their request on paper was noted."""
    return LetterText(
        subject=_("We noted your request to become a member of %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(_("Your request has arrived. The board decides on it; you hear from us either way.")),
            FactRows(((_("For"), facts.name), *_price_rows(facts.shares))),
            Link(_("See how far it has come"), facts.url, is_secret=True),
        ),
    )


def _held_rows(shares: SharesTold | None) -> tuple[tuple[str, str], ...]:
    if shares is None:
        return ()
    lang = _lang()
    return (
        (_("Shares issued"), shares_in_words(shares)),
        (_("Each"), formats.money(shares.amount_per_share, lang)),
        (_("Paid"), formats.money(shares.paid, lang)),
    )


def compose_welcome(facts: WelcomeLetter) -> LetterText:
    """Welcome a new member, with their number and shares."""
    lang = _lang()
    return LetterText(
        subject=_("Welcome: you are member %(number)s of %(coop)s") % {"number": facts.number, "coop": facts.coop},
        blocks=(
            Paragraph(_("The board admitted you. From now on %(coop)s is yours too.") % {"coop": facts.coop}),
            FactRows(
                (
                    (_("Member number"), str(facts.number)),
                    (_("Member since"), formats.date_long(facts.on, lang)),
                    *_held_rows(facts.shares),
                )
            ),
            Paragraph(_("Your certificate is enclosed. Its code shows anybody that it is genuine.")),
            Paragraph(_("What you own, your papers and what needs your voice stand on your own page.")),
            Link(_("Open my page"), facts.url),
        ),
    )


def compose_more_shares(facts: WelcomeLetter) -> LetterText:
    """Tell a member that their new shares stand in the register."""
    lang = _lang()
    return LetterText(
        subject=_("Your new shares in %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(_("The board agreed: your new shares stand in the register.")),
            FactRows(
                (
                    (_("Member number"), str(facts.number)),
                    (pgettext("a day", "From"), formats.date_long(facts.on, lang)),
                    *_held_rows(facts.shares),
                )
            ),
            Paragraph(_("Your new certificate is enclosed; it replaces the one you had.")),
            Link(_("Open my page"), facts.url),
        ),
    )


def compose_refusal(facts: RefusalLetter) -> LetterText:
    """Tell somebody that they were not admitted, and on which ground."""
    lang = _lang()
    explained = (Paragraph(facts.explanation),) if facts.explanation else ()
    paid_back = (
        (
            Paragraph(
                _("What you paid, %(amount)s, comes back to you. You need not do anything for that.")
                % {"amount": formats.money(facts.paid, lang)}
            ),
        )
        if facts.paid
        else ()
    )
    opening = (
        _("The board looked at the request for more shares that you made on %(asked)s. It did not agree to it.")
        if facts.takes_more
        else _("The board looked at the request to become a member that you made on %(asked)s. It did not admit you.")
    )
    return LetterText(
        subject=_("Your request to %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(opening % {"asked": formats.date_long(facts.asked_on, lang)}),
            FactRows(
                (
                    (_("Decided on"), formats.date_long(facts.on, lang)),
                    (_("Decision"), facts.reference),
                    (_("Ground"), in_language(facts.ground)),
                )
            ),
            *explained,
            *paid_back,
            Paragraph(
                _(
                    "The statutes name the grounds on which a request can be refused. Is this a mistake, or has "
                    "something changed? Write to the board; you may ask again at any time."
                )
            ),
        ),
    )


_SHARES = SharesTold(share_class="A", quantity=3, amount_per_share=Decimal("50.00"), paid=Decimal("150.00"))


def _request() -> RequestLetter:
    return RequestLetter(
        coop="Wolkenwerf", name="Noor Vandamme", shares=_SHARES, url="https://example.org/c/wolkenwerf/join/x/", days=14
    )


def _welcome() -> WelcomeLetter:
    return WelcomeLetter(
        coop="Wolkenwerf",
        number=642,
        on=dt.date(2026, 3, 12),
        shares=_SHARES,
        url="https://example.org/c/wolkenwerf/today/",
    )


def _refusal() -> RefusalLetter:
    return RefusalLetter(
        coop="Wolkenwerf",
        asked_on=dt.date(2026, 2, 26),
        on=dt.date(2026, 3, 12),
        reference="2026-03-12, item 4",
        ground={
            "nl": "De aanvraag voldoet niet aan de toetredingsvoorwaarden van de statuten.",
            "fr": "La demande ne remplit pas les conditions d'admission des statuts.",
            "en": "The request doesn't meet the conditions of admission in the statutes.",
        },
        explanation="",
        paid=Decimal("150.00"),
        takes_more=False,
    )


letters.declare(
    CONFIRM,
    name=gettext_lazy("Confirmation of a request"),
    facts=RequestLetter,
    compose=compose_confirm,
    sample=_request,
)
letters.declare(NOTED, name=gettext_lazy("Request noted"), facts=RequestLetter, compose=compose_noted, sample=_request)
letters.declare(
    WELCOME, name=gettext_lazy("Welcome to a new member"), facts=WelcomeLetter, compose=compose_welcome, sample=_welcome
)
letters.declare(
    MORE_SHARES,
    name=gettext_lazy("New shares of a member"),
    facts=WelcomeLetter,
    compose=compose_more_shares,
    sample=_welcome,
)
letters.declare(
    REFUSAL, name=gettext_lazy("Refusal of a request"), facts=RefusalLetter, compose=compose_refusal, sample=_refusal
)
