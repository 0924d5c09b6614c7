"""The letters of a subscription: how to pay, a gift, a reminder, the waiting list, a place, the end, money back."""

import dataclasses
import datetime as dt
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coopcalc.references import format_iban
from coopwerf.coops.states import ShareWord, Texts, in_language, share_words
from coopwerf.kernel.money import ZERO
from coopwerf.messages import letters
from coopwerf.messages.letters import Block, FactRows, LetterText, Link, Paragraph
from coopwerf.ui import formats

from .states import written_digits

SUBSCRIBED = "capital.subscribed"
GIFT = "capital.gift"
REMINDER = "capital.reminder"
WAITING = "capital.waiting"
MOVED_UP = "capital.moved_up"
LAPSED = "capital.lapsed"
GIVEN_BACK = "capital.given_back"
ASKED_BACK = "capital.asked_back"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Payable:
    """What has to be paid, in euro: to which account, under which communication (twelve digits), until when.

    Without a day where it has none: what was paid back in vain.
    """

    amount: Decimal
    iban: str
    holder: str
    digits: str
    due_on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLetter:
    """What letters about a subscription need.

    `pay` is None where nothing has to be paid (any more). `must_confirm` where the address isn't confirmed. `giver` is
    who gives the shares, `law` what has to stand on every document about the offer, in words by language;
    `back` what is paid back, in euro.
    """

    coop: str
    titles: Texts
    name: str
    share_class: str
    quantity: int
    amount_per_share: Decimal
    amount: Decimal
    share_word: ShareWord = ShareWord.ACTION
    pay: Payable | None
    must_confirm: bool
    giver: str = ""
    law: Texts
    url: str
    is_last: bool = False
    back: Decimal = ZERO


def _lang() -> str:
    return formats.language(get_language())


def _shares(facts: SubscriptionLetter) -> str:
    one, several = share_words(facts.share_word, _lang())
    return _("%(quantity)s %(word)s %(share_class)s") % {
        "quantity": formats.number(facts.quantity, _lang()),
        "word": one if facts.quantity == 1 else several,
        "share_class": facts.share_class,
    }


def _what(facts: SubscriptionLetter) -> FactRows:
    lang = _lang()
    return FactRows(
        (
            (_("For"), facts.name),
            (_("Asked for"), _shares(facts)),
            (_("Each"), formats.money(facts.amount_per_share, lang)),
            (_("Together"), formats.money(facts.amount, lang)),
        )
    )


def _how(pay: Payable) -> FactRows:
    lang = _lang()
    return FactRows(
        (
            (_("Amount"), formats.money(pay.amount, lang)),
            (_("Account"), format_iban(pay.iban)),
            (_("In the name of"), pay.holder),
            (_("Structured communication"), written_digits(pay.digits)),
            *([(_("To be paid by"), formats.date_long(pay.due_on, lang))] if pay.due_on else ()),
        )
    )


def _until(pay: Payable) -> str:
    assert pay.due_on is not None
    return formats.date_long(pay.due_on, _lang())


def _law(facts: SubscriptionLetter) -> tuple[Block, ...]:
    said = in_language(facts.law)
    return (Paragraph(said),) if said else ()


def _nobody_yet() -> Paragraph:
    return Paragraph(
        _("Paying makes nobody a member: the board decides. If it doesn’t agree, you get everything back.")
    )


def compose_subscribed(facts: SubscriptionLetter) -> LetterText:
    """Say how to pay, and ask for the confirmation of the address."""
    steps: list[Block] = []
    if facts.giver:
        steps.append(
            Paragraph(
                _("%(giver)s wants to give you shares of %(coop)s. If you agree, you become a member.")
                % {"giver": facts.giver, "coop": facts.coop}
            )
        )
    steps.append(_what(facts))
    if facts.must_confirm:
        steps.append(
            Paragraph(
                _("One thing only you can do: confirm that this is your address. Nobody becomes a member without it.")
            )
        )
        steps.append(Link(_("Look, and confirm"), facts.url, is_secret=True))
    if facts.pay is not None and not facts.giver:
        steps.append(Paragraph(_("Pay by bank transfer. Copy the communication as it stands here.")))
        steps.append(_how(facts.pay))
    if not facts.must_confirm:
        steps.append(Link(_("See how far it has come"), facts.url, is_secret=True))
    steps.append(_nobody_yet())
    if facts.must_confirm:
        steps.append(Paragraph(_("Wasn’t it you? Then do nothing. Unpaid, it lapses by itself.")))
    subject = (
        _("%(giver)s gives you shares of %(coop)s") % {"giver": facts.giver, "coop": facts.coop}
        if facts.giver
        else _("Your shares in %(coop)s: confirm and pay") % {"coop": facts.coop}
        if facts.must_confirm
        else _("Your shares in %(coop)s: how to pay") % {"coop": facts.coop}
    )
    return LetterText(subject=subject, blocks=(*steps, *_law(facts)))


def compose_gift(facts: SubscriptionLetter) -> LetterText:
    """Tell the giver how to pay."""
    assert facts.pay is not None
    return LetterText(
        subject=_("Your gift of shares in %(coop)s: how to pay") % {"coop": facts.coop},
        blocks=(
            Paragraph(
                _("You give shares of %(coop)s to %(name)s. We wrote to them too: they have to agree.")
                % {"coop": facts.coop, "name": facts.name}
            ),
            _what(facts),
            Paragraph(_("Pay by bank transfer. Copy the communication as it stands here.")),
            _how(facts.pay),
            Paragraph(_("If they don’t agree, or the board doesn’t, you get everything back.")),
            *_law(facts),
        ),
    )


def compose_reminder(facts: SubscriptionLetter) -> LetterText:
    """Remind of what is still to be done: to pay, to confirm, or both."""
    blocks: list[Block] = []
    if facts.pay is not None:
        until = _until(facts.pay)
        blocks.append(
            Paragraph(
                _("We keep your shares until %(until)s. After that somebody else may have them.") % {"until": until}
                if facts.is_last
                else _("We haven’t seen your payment yet. Did you pay in the last two days? Then thank you.")
            )
        )
        blocks.append(_what(facts))
        blocks.append(_how(facts.pay))
    else:
        blocks.append(Paragraph(_("Your payment is here, thank you. One thing is missing: that you confirm.")))
        blocks.append(_what(facts))
    if facts.must_confirm:
        blocks.append(Paragraph(_("Confirm that this is your address: nobody becomes a member without it.")))
    label = _("Look, and confirm") if facts.must_confirm else _("See how far it has come")
    blocks.append(Link(label, facts.url, is_secret=True))
    blocks.append(Paragraph(_("Changed your mind? Withdraw it on that page, or do nothing.")))
    subject = (
        _("Confirm your shares in %(coop)s")
        if facts.pay is None
        else _("Your shares in %(coop)s: the last days to pay")
        if facts.is_last
        else _("Your shares in %(coop)s: a reminder")
    )
    return LetterText(subject=subject % {"coop": facts.coop}, blocks=(*blocks, *_law(facts)))


def compose_waiting(facts: SubscriptionLetter) -> LetterText:
    """Say that somebody is on the waiting list."""
    confirm = (
        (Paragraph(_("Confirm that this is your address: without it we can’t keep your place for long.")),)
        if facts.must_confirm
        else ()
    )
    label = _("Look, and confirm") if facts.must_confirm else _("See how far it has come")
    return LetterText(
        subject=_("You are on the waiting list of %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(
                _("There is no room at the moment. You have nothing to pay; when there is room, we write to you.")
            ),
            _what(facts),
            *confirm,
            Link(label, facts.url, is_secret=True),
            Paragraph(_("Who waits longest comes first. Changed your mind? Withdraw it on that page.")),
            *_law(facts),
        ),
    )


def compose_moved_up(facts: SubscriptionLetter) -> LetterText:
    """Say that there is room, and how to pay."""
    assert facts.pay is not None
    confirm = (
        (Paragraph(_("Confirm that this is your address: nobody becomes a member without it.")),)
        if facts.must_confirm
        else ()
    )
    until = _until(facts.pay)
    return LetterText(
        subject=_("There is room for you in %(coop)s") % {"coop": facts.coop},
        blocks=(
            Paragraph(
                _("You waited for shares, and now there is room. We keep them until %(until)s.") % {"until": until}
            ),
            _what(facts),
            _how(facts.pay),
            *confirm,
            Link(_("Open my page"), facts.url, is_secret=True),
            _nobody_yet(),
            *_law(facts),
        ),
    )


def compose_lapsed(facts: SubscriptionLetter) -> LetterText:
    """Say that a subscription lapsed, and what can be done."""
    return LetterText(
        subject=_("Your subscription in %(coop)s has lapsed") % {"coop": facts.coop},
        blocks=(
            Paragraph(_("We saw no payment within the term. Your shares are free for somebody else; you owe nothing.")),
            _what(facts),
            Paragraph(
                _(
                    "Did you pay after all? Then do nothing: while there is room you take part again, else you get "
                    "it back."
                )
            ),
            Link(_("Open my page"), facts.url, is_secret=True),
            *_law(facts),
        ),
    )


def compose_given_back(facts: SubscriptionLetter) -> LetterText:
    """Say that what came after the term is paid back, for others have the shares."""
    return LetterText(
        subject=_("Your payment to %(coop)s comes back") % {"coop": facts.coop},
        blocks=(
            Paragraph(
                _(
                    "Your payment of %(amount)s came after the term, and meanwhile there is no room for your shares "
                    "any more."
                )
                % {"amount": formats.money(facts.back, _lang())}
            ),
            _what(facts),
            Paragraph(_("You get all of it back, on the account from which it came. You don’t have to do anything.")),
            Link(_("Open my page"), facts.url, is_secret=True),
            *_law(facts),
        ),
    )


def compose_asked_back(facts: SubscriptionLetter) -> LetterText:
    """Ask for what was paid back although it never came in."""
    assert facts.pay is not None
    # Who gives the shares has no page: its address is of who would become a member.
    look = () if facts.giver else (Link(_("Open my page"), facts.url, is_secret=True),)
    return LetterText(
        subject=_("Please pay %(amount)s back to %(coop)s")
        % {"amount": formats.money(facts.pay.amount, _lang()), "coop": facts.coop},
        blocks=(
            Paragraph(
                _(
                    "We paid back a payment for these shares. Afterwards it turned out that it hadn’t come in for "
                    "them: the bank took it back, or it was meant for something else. So we ask you to return it."
                )
            ),
            _what(facts),
            Paragraph(_("Pay by bank transfer. Copy the communication as it stands here.")),
            _how(facts.pay),
            Paragraph(_("Does this surprise you? Then ask us before you pay.")),
            *look,
            *_law(facts),
        ),
    )


def _sample() -> SubscriptionLetter:
    return SubscriptionLetter(
        coop="Wolkenwerf",
        titles={"en": "A rack of our own", "nl": "Een eigen rek", "fr": "Notre propre baie"},
        name="Noor Vandamme",
        share_class="A",
        quantity=3,
        amount_per_share=Decimal("50.00"),
        amount=Decimal("150.00"),
        pay=Payable(
            amount=Decimal("150.00"),
            iban="BE68539007547034",
            holder="Wolkenwerf cv",
            digits="202600031215",
            due_on=dt.date(2026, 3, 26),
        ),
        must_confirm=True,
        law={
            "nl": "In twaalf maanden halen we hoogstens € 500.000 op, en niemand brengt meer in dan € 5.000.",
            "fr": "En douze mois nous récoltons au plus 500 000 €, et personne n’apporte plus de 5 000 €.",
            "en": "In any twelve months we raise at most €500,000, and nobody puts in more than €5,000.",
        },
        url="https://example.org/c/wolkenwerf/subscription/x/",
    )


def _late() -> SubscriptionLetter:
    return dataclasses.replace(_sample(), pay=None, back=Decimal("150.00"))


def _in_vain() -> SubscriptionLetter:
    found = _sample()
    assert found.pay is not None
    return dataclasses.replace(found, pay=dataclasses.replace(found.pay, due_on=None))


def _gift() -> SubscriptionLetter:
    return dataclasses.replace(_sample(), giver="Jan Peeters")


for _code, _name, _compose, _facts in (
    (SUBSCRIBED, gettext_lazy("Subscription: how to pay"), compose_subscribed, _sample),
    (GIFT, gettext_lazy("Gift of shares: how to pay"), compose_gift, _gift),
    (REMINDER, gettext_lazy("Subscription: reminder"), compose_reminder, _sample),
    (WAITING, gettext_lazy("Subscription: waiting list"), compose_waiting, _sample),
    (MOVED_UP, gettext_lazy("Subscription: there is room"), compose_moved_up, _sample),
    (LAPSED, gettext_lazy("Subscription: lapsed"), compose_lapsed, _sample),
    (GIVEN_BACK, gettext_lazy("Subscription: paid back"), compose_given_back, _late),
    (ASKED_BACK, gettext_lazy("Subscription: paid back in vain"), compose_asked_back, _in_vain),
):
    letters.declare(_code, name=_name, facts=SubscriptionLetter, compose=_compose, sample=_facts)
