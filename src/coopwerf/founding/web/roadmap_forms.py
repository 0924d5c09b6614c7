"""Forms with which the roadmap is kept."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coopwerf.ui.fields import CountField, DateField, WebField
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies
from ..queries import StepFacts, StepWords
from ..states import EVIDENCE_NAMES, FIRST_YEAR, LAST_YEAR, SEASON_NAMES, EvidenceKind, Season
from .folding import Folded

PARTS = [(str(number), name) for number, name in enumerate(SEASON_NAMES)]


class YearField(CountField):
    """Read a year, and write it without a sign between its thousands."""

    def _write(self, value: Any) -> str:
        return str(value)


class _ForSeason(Folded):
    """Ask for which season something is promised, and perhaps for which day."""

    part = forms.ChoiceField(label=_lazy("Season"), choices=PARTS)
    year = YearField(label=_lazy("Year"), minimum=FIRST_YEAR, maximum=LAST_YEAR)
    day = DateField(
        label=_lazy("Or a day in it"),
        required=False,
        help_text=_lazy("Only if you are sure. A season is promise enough."),
    )

    def season(self) -> Season:
        """Return the chosen season."""
        return Season(self.cleaned_data["year"] * 4 + int(self.cleaned_data["part"]))


def _begin(season: Season, day: dt.date | None = None) -> dict[str, Any]:
    return {"part": str(season.part), "year": season.year, "day": day}


class StepForm(_ForSeason):
    """Ask what a step is, in each language; of one that was promised only its words."""

    def __init__(self, *args: Any, languages: Sequence[str], step: StepFacts | None, season: Season, **kwargs: Any):
        chosen = step.season if step is not None else season
        initial = _begin(chosen, step.due_on if step is not None and step.has_day else None)
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.languages = languages
        for code in languages:
            words = StepWords() if step is None else step.texts.get(code, StepWords())
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("What will be there? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                max_length=policies.LONGEST_LINE,
                required=False,
                initial=words.title,
            )
            self.fields[f"title_{code}"].is_wanted = code == languages[0]  # type: ignore[attr-defined]
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("More about it (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=policies.LONGEST_TEXT,
                required=False,
                initial=words.text,
            )

    def without_promise(self) -> None:
        """Leave out for when it is promised: that moves with a reason only."""
        for name in ("part", "year", "day"):
            del self.fields[name]

    def at(self, code: str) -> tuple[str, ...]:
        """Return the field beside which a refusal stands: what says nothing in any language, in the first one."""
        return (f"title_{self.languages[0]}",) if code == "founding.step_empty" else ()

    def rows(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """Yield title and text of each language."""
        for code in self.languages:
            yield code, self[f"title_{code}"], self[f"text_{code}"]

    def texts(self) -> dict[str, StepWords]:
        """Return what was written, by language."""
        told = self.cleaned_data
        return {code: StepWords(told[f"title_{code}"], told[f"text_{code}"]) for code in self.languages}


class _WithReason(Folded):
    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for number, code in enumerate(languages):
            self.fields[f"because_{code}"] = forms.CharField(
                label=_("Why? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=policies.LONGEST_WHY,
                required=number == 0,
            )

    def reasons(self) -> Iterator[tuple[str, forms.BoundField]]:
        """Yield the field of each language."""
        for code in self.languages:
            yield code, self[f"because_{code}"]

    def because(self) -> dict[str, str]:
        """Return the reason by language."""
        return {code: self.cleaned_data[f"because_{code}"] for code in self.languages}


class ReasonForm(_WithReason):
    """Ask why."""


class MoveForm(_WithReason, _ForSeason):
    """Ask for which time a step is promised now, and why."""

    def __init__(self, *args: Any, step: StepFacts, **kwargs: Any) -> None:
        initial = _begin(step.season, step.due_on if step.has_day else None)
        super().__init__(*args, **{"initial": initial, **kwargs})


class DayForm(forms.Form):
    """Ask on which day."""

    on = DateField(label=_lazy("On which day?"))


class EvidenceForm(forms.Form):
    """Ask by what one can see it."""

    kind = forms.ChoiceField(
        label=_lazy("What is it?"), choices=list(EVIDENCE_NAMES.items()), initial=EvidenceKind.LINK.value
    )
    title = forms.CharField(label=_lazy("How is it called?"), max_length=policies.LONGEST_LINE)
    url = WebField(
        label=_lazy("Its address"),
        max_length=policies.LONGEST_URL,
        help_text=_lazy("As it stands in your browser: https://…"),
    )


class DoneForm(DayForm):
    """Ask on which day a step was done, and by what one can see it, where there is something."""

    title = forms.CharField(
        label=_lazy("By what can one see it?"),
        max_length=policies.LONGEST_LINE,
        required=False,
        help_text=_lazy("The name of a page, a report or a document. Empty: you add it later."),
    )
    url = WebField(label=_lazy("Its address"), max_length=policies.LONGEST_URL, required=False)
    kind = forms.ChoiceField(
        label=_lazy("What is it?"), choices=list(EVIDENCE_NAMES.items()), initial=EvidenceKind.LINK.value
    )

    def evidence(self) -> tuple[EvidenceKind, str, str] | None:
        """Return what was given as evidence, or None."""
        told = self.cleaned_data
        if not told["title"] and not told["url"]:
            return None
        return EvidenceKind(told["kind"]), told["title"], told["url"]
