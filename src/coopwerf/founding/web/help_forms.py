"""Forms of calls for help: for whoever helps or asks, and for those who call."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from coopwerf.coops.states import in_language
from coopwerf.kernel.ids import uuid7
from coopwerf.ui import formats
from coopwerf.ui.fields import LANGUAGES, CountField, DateField, MoneyField
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies
from ..actions import CallTerms
from ..queries import CallFacts, CallWords, HelpSearch
from ..states import HELP_KIND_NAMES, LONGEST_TASK, SKILLS, HelpKind
from .folding import Folded
from .selects import QuickSelect

MINUTES = (5, 15, 30, 60, 120, 240)


def minutes_in_words(minutes: int) -> str:
    """Return how long something takes: in hours where it is whole hours."""
    if minutes >= 60 and minutes % 60 == 0:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def skill_choices() -> list[tuple[str, str]]:
    """Return the skills in the active language, by name, nothing special first."""
    found = [(code, in_language(names)) for code, names in SKILLS.items()]
    return sorted(found, key=lambda one: (one[0] != "any", formats.alphabetical(one[1])))


class HelpSearchForm(forms.Form):
    """Ask what somebody can give."""

    minutes = forms.ChoiceField(label=_lazy("I have"), required=False, widget=QuickSelect)
    kind = forms.ChoiceField(label=_lazy("What I give"), required=False, widget=QuickSelect)
    skill = forms.ChoiceField(label=_lazy("I am good at"), required=False, widget=QuickSelect)
    language = forms.ChoiceField(label=_lazy("I speak"), required=False, widget=QuickSelect)

    def __init__(self, *args: Any, tasks_only: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, list[Any]] = {
            "minutes": [("", _("Any time")), *((str(one), minutes_in_words(one)) for one in MINUTES)],
            "kind": [("", _("Anything")), *HELP_KIND_NAMES.items()],
            "skill": [("", _("Anything")), *skill_choices()],
            "language": [("", _("All languages")), *LANGUAGES],
        }
        for name, choices in fields.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if tasks_only:
            del self.fields["kind"]

    def search(self) -> HelpSearch:
        """Return what is looked for; what can't be meant isn't asked."""
        self.is_valid()
        told = self.cleaned_data
        return HelpSearch(
            kind=HelpKind(told["kind"]) if told.get("kind") else None,
            minutes=int(told["minutes"]) if told.get("minutes") else None,
            skill=told.get("skill", ""),
            language=told.get("language", ""),
        )


class _FromOutside(forms.Form):
    """Ask who writes, without an account; a machine that fills in every field is told by the last one."""

    name = forms.CharField(
        label=_lazy("What may we call you?"), max_length=120, required=False, help_text=_lazy("A first name is enough.")
    )
    email = forms.EmailField(
        label=_lazy("Your e-mail address"),
        max_length=254,
        help_text=_lazy("We pass messages on. The people of the project don’t see it."),
    )
    website = forms.CharField(label=_lazy("Leave this empty"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"key": uuid7()}, **kwargs})

    def whose(self, language: str) -> dict[str, Any]:
        """Return who writes, in which language, and the key of this form."""
        told = self.cleaned_data
        return {"name": told["name"], "email": told["email"], "language": language, "key": told["key"]}


class OfferForm(_FromOutside):
    """Ask what somebody offers."""

    how = forms.ChoiceField(
        label=_lazy("What do you give?"),
        choices=[("money", _lazy("Money")), ("kind", _lazy("Something that saves us money"))],
        widget=forms.RadioSelect,
        initial="money",
    )
    amount = MoneyField(label=_lazy("How much?"), maximum=policies.MOST_MONEY, required=False)
    words = forms.CharField(
        label=_lazy("What do you want to say about it?"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": policies.LONGEST_MESSAGE}),
        max_length=policies.LONGEST_MESSAGE,
        required=False,
        help_text=_lazy("When you can, what you know of it, what you would like to know."),
    )
    may_name = forms.BooleanField(
        label=_lazy("You may thank me by name on your page"),
        required=False,
        help_text=_lazy("You can change this later on your own page."),
    )

    field_order = ("how", "amount", "words", "name", "email", "may_name", "website", "key")

    def __init__(self, *args: Any, call: CallFacts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not call.is_money:
            del self.fields["how"], self.fields["amount"]

    def offer(self) -> dict[str, Any]:
        """Return what is offered."""
        told = self.cleaned_data
        return {
            "words": told["words"],
            "amount": told.get("amount"),
            "is_in_kind": told.get("how") == "kind",
            "may_name": told["may_name"],
        }


class AskForm(_FromOutside):
    """Ask for a question."""

    words = forms.CharField(
        label=_lazy("Your question"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": policies.LONGEST_MESSAGE}),
        max_length=policies.LONGEST_MESSAGE,
    )

    field_order = ("words", "name", "email", "website", "key")


class WordsForm(forms.Form):
    """Ask for a message of somebody who is known."""

    words = forms.CharField(
        label=_lazy("Your message"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": policies.LONGEST_MESSAGE}),
        max_length=policies.LONGEST_MESSAGE,
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"key": uuid7()}, **kwargs})


class DecideForm(forms.Form):
    """Ask for the answer to an offer, and what help in kind is worth."""

    value = MoneyField(
        label=_lazy("What is it worth to you?"),
        maximum=policies.MOST_MONEY,
        required=False,
        help_text=_lazy("What you need comes down by so much. The page says that you valued it."),
    )
    answer = forms.CharField(
        label=_lazy("Your answer"),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": policies.LONGEST_ANSWER}),
        max_length=policies.LONGEST_ANSWER,
        required=False,
        help_text=_lazy("When and where, or why not. They read it in a mail."),
    )

    def __init__(self, *args: Any, in_kind: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_kind:
            del self.fields["value"]


_NOT_FOR: dict[HelpKind, tuple[str, ...]] = {
    HelpKind.TASK: ("lent_from", "lent_until", "amount"),
    HelpKind.THING: ("minutes", "skill", "languages", "amount"),
    HelpKind.MONEY: (
        *("minutes", "skill", "languages", "lent_from", "lent_until"),
        *("places", "is_direct", "lowers", "worth", "where"),
    ),
}
"""What isn't asked of a call of each kind."""


class CallForm(Folded):
    """Ask what is asked for: of a task, a thing and money each what belongs to it."""

    minutes = CountField(
        label=_lazy("How many minutes does it take?"),
        minimum=1,
        maximum=LONGEST_TASK,
        required=False,
        help_text=_lazy("Cut it into pieces of 15 minutes where you can: many people have those."),
    )
    skill = forms.ChoiceField(label=_lazy("What must one be good at?"), required=False)
    languages = forms.MultipleChoiceField(
        label=_lazy("Which languages does it take?"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_lazy("None: every language is fine."),
    )
    places = CountField(
        label=_lazy("How many people, or things?"), minimum=1, maximum=policies.MOST_PLACES, initial=1, required=False
    )
    is_direct = forms.BooleanField(
        label=_lazy("Whoever comes first has the place"),
        required=False,
        help_text=_lazy("Else you say yes or no to each."),
    )
    lent_from = DateField(label=_lazy("To borrow from"), required=False)
    lent_until = DateField(label=_lazy("Until and including"), required=False)
    amount = MoneyField(label=_lazy("How much money do you need?"), maximum=policies.MOST_MONEY, required=False)
    where = forms.CharField(
        label=_lazy("Where?"),
        max_length=policies.LONGEST_WHERE,
        required=False,
        help_text=_lazy("A town, or empty when it can be done at home."),
    )
    due_on = DateField(label=_lazy("Before which day?"), required=False)
    lowers = forms.ChoiceField(
        label=_lazy("Does this lower what you ask in money?"),
        required=False,
        help_text=_lazy("Then say below what one of them is worth to you."),
    )
    worth = MoneyField(label=_lazy("Worth to us, for each"), maximum=policies.MOST_MONEY, required=False)

    def __init__(
        self,
        *args: Any,
        languages: Sequence[str],
        call: CallFacts | None,
        kind: HelpKind,
        money: Sequence[CallFacts],
        reading: tuple[str, str],
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"minutes": 15, "places": 1}
        if call is not None:
            initial = {name: getattr(call, name) for name in self.base_fields if name != "lowers"}
            initial |= {"lowers": str(call.lowers_id or "")}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.text_languages = languages
        self.kind = kind
        self.fields["skill"].choices = [("", _("Nothing said")), *skill_choices()]  # type: ignore[attr-defined]
        self.fields["lowers"].choices = [  # type: ignore[attr-defined]
            ("", _("No")),
            *((str(one.id), one.words(*reading)[1].title) for one in money if call is None or one.id != call.id),
        ]
        for name in ("minutes", "places", "amount"):
            self.fields[name].is_wanted = True  # type: ignore[attr-defined]
        for name in _NOT_FOR[kind]:
            del self.fields[name]
        for code in languages:
            words = CallWords() if call is None else call.texts.get(code, CallWords())
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("In one line (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                max_length=policies.LONGEST_LINE,
                required=False,
                initial=words.title,
            )
            self.fields[f"title_{code}"].is_wanted = code == languages[0]  # type: ignore[attr-defined]
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("What is to be done, and why (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=policies.LONGEST_TEXT,
                required=False,
                initial=words.text,
            )

    def at(self, code: str) -> tuple[str, ...]:
        """Return the field beside which a refusal stands: what says nothing in any language, in the first one."""
        return (f"title_{self.text_languages[0]}",) if code == "founding.call_empty" else ()

    def rows(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """Yield title and text of each language."""
        for code in self.text_languages:
            yield code, self[f"title_{code}"], self[f"text_{code}"]

    def terms(self) -> CallTerms:
        """Return what was written."""
        told = self.cleaned_data
        names = ("minutes", "skill", "languages", "where", "due_on", "lent_from", "lent_until", "amount", "is_direct")
        return CallTerms(
            kind=self.kind,
            texts={code: CallWords(told[f"title_{code}"], told[f"text_{code}"]) for code in self.text_languages},
            places=told.get("places") or 1,
            lowers_id=uuid.UUID(told["lowers"]) if told.get("lowers") else None,
            worth=told["worth"] if told.get("lowers") else None,
            **{name: told[name] for name in names if name in told},
        )


class ClosingForm(Folded):
    """Ask what became of it."""

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for number, code in enumerate(languages):
            self.fields[f"closing_{code}"] = forms.CharField(
                label=_("What became of it? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 4}),
                max_length=policies.LONGEST_TEXT,
                required=number == 0,
            )

    def rows(self) -> Iterator[tuple[str, forms.BoundField]]:
        """Yield the field of each language."""
        for code in self.languages:
            yield code, self[f"closing_{code}"]

    def closing(self) -> dict[str, str]:
        """Return what was written, by language."""
        return {code: self.cleaned_data[f"closing_{code}"] for code in self.languages}
