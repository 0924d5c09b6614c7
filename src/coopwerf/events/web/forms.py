"""Forms of gatherings: registering, planning one, its texts and sessions, desks, and what was heard."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coopwerf.documents.bringing import ImageForm
from coopwerf.messages.addresses import AddressField
from coopwerf.ui.fields import LANGUAGES, CountField, DateField, TimeField
from coopwerf.ui.formats import LANGUAGE_NAMES

from ..actions import GatheringPlan
from ..queries import GatheringFacts, SeriesFacts, SessionFacts
from ..states import (
    FATE_NAMES,
    FORMAT_NAMES,
    KIND_NAMES,
    LONGEST_NAME,
    LONGEST_NEED,
    ZONES,
    Fate,
    Format,
    Kind,
    Needs,
    SessionPlan,
    SessionWords,
    When,
    Where,
    Wish,
    comes_twice,
)

TITLE, LEAD = 120, 300


class WishForm(forms.Form):
    """Ask who comes, to which sessions, and what they need; for registering and for changing it."""

    name = forms.CharField(label=_("Your name"), max_length=LONGEST_NAME)
    others = forms.CharField(
        label=_("Who comes with you?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=_("One name on each line. Each gets a ticket; leave it empty if you come alone."),
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"), choices=LANGUAGES, widget=forms.RadioSelect
    )
    languages = forms.CharField(
        label=_("Which languages do you follow best?"),
        required=False,
        max_length=LONGEST_NEED,
        help_text=_("So that we know whether somebody has to interpret, also into sign language."),
    )
    children = CountField(
        label=_("For how many children do you need care?"),
        minimum=0,
        maximum=20,
        required=False,
        help_text=_("We write to you about times and ages."),
    )
    access = forms.CharField(
        label=_("What else do you need to take part?"),
        required=False,
        max_length=LONGEST_NEED,
        help_text=_("A wheelchair, a seat near the front, a hearing loop: whatever helps."),
    )

    def __init__(self, *args: Any, found: GatheringFacts, slots: Sequence[Sequence[SessionFacts]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.slot_names: list[str] = []
        if not found.asks_children:
            del self.fields["children"]
        for number, slot in enumerate(slots):
            name = f"slot{number}"
            self.fields[name] = forms.ChoiceField(
                label=_("Which session?"),
                choices=[("", _("I don’t know yet")), *((str(one.id), one.words.title) for one in slot)],
                widget=forms.RadioSelect,
                required=False,
            )
            self.slot_names.append(name)

    def wish(self) -> Wish:
        """Return what was filled in."""
        told = self.cleaned_data
        chosen = tuple(uuid.UUID(told[name]) for name in self.slot_names if told.get(name))
        return Wish(
            people=(told["name"], *told["others"].splitlines()),
            sessions=chosen,
            needs=Needs(languages=told["languages"], children=told.get("children") or 0, access=told["access"]),
        )


class RegisterForm(WishForm):
    """Ask for an address too, where the ticket goes."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("Here we send your ticket. You need no password."),
    )
    news = forms.BooleanField(label=_("Write to me when there is another gathering"), required=False)
    website = forms.CharField(label=_("Leave this empty"), required=False, max_length=500)


class NewsForm(forms.Form):
    """Ask once more, where somebody confirms, whether they want to hear of other gatherings, as they ticked."""

    news = forms.BooleanField(label=_("Write to me when there is another gathering"), required=False, initial=True)


class WhenForm(forms.Form):
    """Ask when and where; the hour that clocks show twice is asked for only in that night."""

    day = DateField(label=_("Day"))
    begins = TimeField(label=pgettext_lazy("time of day", "From"))
    ends = TimeField(label=pgettext_lazy("time of day", "Until"))
    last_day = DateField(
        label=_("Last day"), required=False, help_text=_("Only where it ends on another day than it begins.")
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(one, one) for one in ZONES])
    which = forms.ChoiceField(
        label=_("That night clocks show this hour twice. Which do you mean?"),
        choices=[("first", _("The first time, before clocks are put back")), ("second", _("The second time"))],
        widget=forms.RadioSelect,
        required=False,
    )
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    address = forms.CharField(
        label=_("Address"), max_length=300, required=False, help_text=_("Name of the place, street and number.")
    )
    online = forms.CharField(
        label=_("Link to take part online"),
        max_length=500,
        required=False,
        help_text=_("Shown only to those who have a place. Leave it empty if people come in person only."),
    )

    def __init__(self, *args: Any, found: GatheringFacts | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"zone": ZONES[0]}
        if found is not None:
            initial |= {
                "day": found.begins.date(),
                "begins": found.begins.time(),
                "ends": found.ends.time(),
                "last_day": None if found.lasts_a_day else found.ends.date(),
                "zone": found.zone,
                "which": "second" if found.begins.fold or found.ends.fold else "first",
                "town": found.town,
                "address": found.address,
                "online": found.online,
            }
        super().__init__(*args, **{**kwargs, "initial": {**initial, **kwargs.get("initial", {})}})
        if found is not None and found.zone not in ZONES:
            self.fields["zone"].choices = [(found.zone, found.zone), *self.fields["zone"].choices]  # type: ignore[attr-defined]
        self.asks_which = False

    def clean(self) -> dict[str, Any]:
        """Ask which hour is meant where clocks show it twice."""
        told: dict[str, Any] = super().clean() or {}
        if all(told.get(name) for name in ("day", "begins", "ends", "zone")):
            walls = [dt.datetime.combine(told["day"], told["begins"]), self._ends(told)]
            self.asks_which = any(comes_twice(wall, told["zone"]) for wall in walls)
            if self.asks_which and not told.get("which"):
                self.add_error("which", _("Choose one of the two."))
        return told

    @staticmethod
    def _ends(told: Mapping[str, Any]) -> dt.datetime:
        """Return when it ends: a time before its begin, without a last day, is that of the next day."""
        last = told.get("last_day")
        if last is None:
            last = told["day"] + dt.timedelta(days=told["ends"] < told["begins"])
        return dt.datetime.combine(last, told["ends"])

    def when(self) -> When:
        """Return when it is, as clocks on the wall show it."""
        told = self.cleaned_data
        fold = int(told.get("which") == "second")
        begins, ends = dt.datetime.combine(told["day"], told["begins"]), self._ends(told)
        return When(
            begins=begins.replace(fold=fold if comes_twice(begins, told["zone"]) else 0),
            ends=ends.replace(fold=fold if comes_twice(ends, told["zone"]) else 0),
            zone=told["zone"],
        )

    def where(self) -> Where:
        """Return where it is."""
        told = self.cleaned_data
        return Where(town=told["town"], address=told["address"], online=told["online"])


class PlanForm(WhenForm):
    """Ask for everything that organisers decide of a gathering, but its texts."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(one.value, name) for one, name in KIND_NAMES.items()],
        widget=forms.RadioSelect,
    )
    capacity = CountField(
        label=_("How many people fit in?"),
        minimum=1,
        maximum=100_000,
        required=False,
        help_text=_("Who comes after that is put on a waiting list. Leave it empty where everybody fits in."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of its page"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    series = forms.ChoiceField(label=_("Series"), required=False)
    new_series = forms.CharField(
        label=_("Or begin a series"),
        max_length=120,
        required=False,
        help_text=_("Such as “Spring round 2027”. People are counted once over a series."),
    )
    programme = forms.CharField(
        label=_("Id of its programme"),
        max_length=60,
        required=False,
        help_text=_("By which a funder knows the new series."),
    )
    asks_children = forms.BooleanField(label=_("We have care for children: ask who needs it."), required=False)
    forget_days = CountField(label=_("Days after which we forget what people need"), minimum=1, maximum=365, initial=30)

    def __init__(
        self,
        *args: Any,
        series: Sequence[SeriesFacts],
        language: str,
        found: GatheringFacts | None = None,
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"languages": [language], "kind": Kind.EVENING.value}
        if found is not None:
            initial = {
                "kind": found.kind.value,
                "capacity": found.capacity,
                "languages": list(found.languages),
                "series": str(found.series.id) if found.series is not None else "",
                "asks_children": found.asks_children,
                "forget_days": found.forget_days,
            }
        super().__init__(*args, **{**kwargs, "found": found, "initial": initial})
        self.fields["series"].choices = [  # type: ignore[attr-defined]
            ("", _("None")),
            *((str(one.id), one.name) for one in series),
        ]

    def plan(self, series_id: uuid.UUID | None = None) -> GatheringPlan:
        """Return what was decided; a series that was just begun goes before the chosen one."""
        told = self.cleaned_data
        chosen = uuid.UUID(told["series"]) if told["series"] else None
        return GatheringPlan(
            kind=Kind(told["kind"]),
            when=self.when(),
            where=self.where(),
            capacity=told["capacity"],
            languages=tuple(told["languages"]),
            series_id=series_id or chosen,
            asks_children=told["asks_children"],
            forget_days=told["forget_days"],
        )


class DraftForm(PlanForm):
    """Ask for the title of a new gathering too."""

    title = forms.CharField(label=_("Title"), max_length=TITLE)
    field_order = ("title", "kind")


class MoveForm(WhenForm):
    """Ask to when and where a gathering moves, and until when people answer."""

    answer_by = DateField(
        label=_("Until which day may people answer?"),
        required=False,
        help_text=_("Where day or town change, everybody is asked whether they still come. Without a day: three days."),
    )


class TextsForm(forms.Form):
    """Ask for the texts of a gathering in one language."""

    title = forms.CharField(label=_("Title"), max_length=TITLE)
    lead = forms.CharField(
        label=_("First sentences"),
        max_length=LEAD,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is it about, and for whom? They stand beside shared links too."),
    )
    description = forms.CharField(
        label=pgettext_lazy("gathering", "Description"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    access = forms.CharField(
        label=_("How to get there and in"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stops nearby, parking, stairs, a lift, a hearing loop, a quiet room."),
    )


class SessionForm(forms.Form):
    """Ask for a session of a programme, with its title in each language of the gathering."""

    format = forms.ChoiceField(label=_("Form"), choices=[(one.value, name) for one, name in FORMAT_NAMES.items()])
    day = DateField(label=_("Day"))
    begins = TimeField(label=pgettext_lazy("time of day", "From"))
    ends = TimeField(label=pgettext_lazy("time of day", "Until"))
    is_for_all = forms.BooleanField(label=_("For everybody: nobody has to choose it."), required=False)
    room = forms.CharField(label=_("Room"), max_length=120, required=False)
    speakers = forms.CharField(label=_("Speakers"), max_length=300, required=False)
    language = forms.ChoiceField(label=_("Language spoken"), choices=[("", _("several")), *LANGUAGES], required=False)
    capacity = CountField(
        label=_("How many fit in?"), minimum=1, maximum=100_000, required=False, help_text=_("Empty: as many as come.")
    )

    def __init__(self, *args: Any, found: GatheringFacts, session: SessionFacts | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {"day": found.begins.date(), "format": Format.WORKSHOP.value}
        if session is not None:
            initial = {
                "format": session.format.value,
                "day": session.begins.date(),
                "begins": session.begins.time(),
                "ends": session.ends.time(),
                "is_for_all": session.is_for_all,
                "room": session.room,
                "speakers": session.speakers,
                "language": session.language,
                "capacity": session.capacity,
            }
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.languages = found.languages
        for code in found.languages:
            known = session.texts.get(code) if session is not None else None
            named = {"language": LANGUAGE_NAMES[code]} if len(found.languages) > 1 else None
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title in %(language)s") % named if named else _("Title"),
                max_length=TITLE,
                required=code == found.languages[0],
                initial=known.title if known else "",
            )
            self.fields[f"description_{code}"] = forms.CharField(
                label=_("What happens there, in %(language)s") % named if named else _("What happens there"),
                max_length=10_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=known.description if known else "",
            )
        self.pairs = [(f"title_{code}", f"description_{code}") for code in found.languages]

    def clean(self) -> dict[str, Any]:
        """Ask for a title where something is told without one: else it would be lost."""
        told: dict[str, Any] = super().clean() or {}
        for title, description in self.pairs:
            if told.get(description) and not told.get(title) and title not in self.errors:
                self.add_error(title, _("Give it a title."))
        return told

    def text_fields(self) -> list[forms.BoundField]:
        """Return the fields of texts, language by language."""
        return [self[name] for pair in self.pairs for name in pair]

    def plan(self) -> SessionPlan:
        """Return the session as it was planned."""
        told = self.cleaned_data
        return SessionPlan(
            texts={
                code: SessionWords(title=told[f"title_{code}"], description=told[f"description_{code}"])
                for code in self.languages
                if told[f"title_{code}"]
            },
            format=Format(told["format"]),
            room=told["room"],
            speakers=told["speakers"],
            language=told["language"],
            capacity=told["capacity"],
            begins=dt.datetime.combine(told["day"], told["begins"]),
            ends=dt.datetime.combine(told["day"], told["ends"]),
            is_for_all=told["is_for_all"],
        )


class DeskForm(forms.Form):
    """Ask for the name of a desk, and at which door it stands."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("Such as “Left door” or “Café upstairs”."))
    gate = forms.ChoiceField(label=_("At which door?"), required=False)

    def __init__(self, *args: Any, programme: Sequence[SessionFacts], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gate"].choices = [  # type: ignore[attr-defined]
            ("", _("The entrance, for everybody")),
            *((str(one.id), one.words.title) for one in programme),
        ]


class WalkInForm(forms.Form):
    """Ask who comes without a registration."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only if they want: then they count once, however often they come."),
    )


class HeadsForm(forms.Form):
    """Ask how many heads were counted."""

    heads = CountField(label=_("How many people are in the room?"), minimum=0, maximum=100_000)


class CatchUpForm(forms.Form):
    """Ask for what was written on paper."""

    day = DateField(label=_("Day"))
    lines = forms.CharField(
        label=_("Codes and times"),
        widget=forms.Textarea(attrs={"rows": 12, "autocapitalize": "characters", "spellcheck": "false"}),
        max_length=30_000,
        help_text=_(
            "One on each line: CDF-HJK-LMN 19:05. Without a time it is that of the line above. Write “out” for who "
            "left."
        ),
    )


class ContributionForm(forms.Form):
    """Ask what people said, under which theme, and what became of it."""

    theme = forms.CharField(label=_("Theme"), max_length=60)
    session = forms.ChoiceField(label=_("Said in"), required=False)
    voices = CountField(label=_("How many said so?"), minimum=1, maximum=100_000, initial=1)
    fate = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[(one.value, name) for one, name in FATE_NAMES.items()],
        widget=forms.RadioSelect,
        initial=Fate.OPEN.value,
    )

    def __init__(
        self,
        *args: Any,
        found: GatheringFacts,
        programme: Sequence[SessionFacts],
        known: Any = None,
        **kwargs: Any,
    ) -> None:
        initial = {} if known is None else {"theme": known.theme, "voices": known.voices, "fate": known.fate.value}
        if known is not None and known.session_id is not None:
            initial["session"] = str(known.session_id)
        super().__init__(*args, **{**kwargs, "initial": initial})
        self.fields["session"].choices = [  # type: ignore[attr-defined]
            ("", _("the gathering as a whole")),
            *((str(one.id), one.words.title) for one in programme),
        ]
        self.languages = found.languages
        for code in found.languages:
            named = {"language": LANGUAGE_NAMES[code]} if len(found.languages) > 1 else None
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("What was said, in %(language)s") % named if named else _("What was said"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=known.texts.get(code, "") if known is not None else "",
                help_text=_("Without names: everybody reads it."),
            )
            self.fields[f"answer_{code}"] = forms.CharField(
                label=_("Taken up in what, or why not, in %(language)s") % named
                if named
                else _("Taken up in what, or why not"),
                max_length=1000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=known.answers.get(code, "") if known is not None else "",
            )

    def said_fields(self) -> list[forms.BoundField]:
        """Return the fields for what was said."""
        return [self[f"text_{code}"] for code in self.languages]

    def answer_fields(self) -> list[forms.BoundField]:
        """Return the fields for what became of it."""
        return [self[f"answer_{code}"] for code in self.languages]

    def texts(self) -> dict[str, str]:
        """Return what was said, by language."""
        return {code: self.cleaned_data[f"text_{code}"] for code in self.languages}

    def answers(self) -> dict[str, str]:
        """Return what became of it, by language."""
        return {code: self.cleaned_data[f"answer_{code}"] for code in self.languages}


class ReportForm(forms.Form):
    """Ask for the report in one language."""

    text = forms.CharField(
        label=_("What we heard"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Empty, and the report in this language is taken away."),
    )


class PictureForm(ImageForm):
    """Ask for a picture of a gathering, and what stands below it."""

    seen = _("For who can’t see it: “Twenty people sit in a circle in a gym.”")

    caption = forms.CharField(label=_("Words below it"), max_length=300, required=False)
