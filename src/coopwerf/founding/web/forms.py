"""The forms with which a report is written."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopwerf.documents.bringing import ImageForm
from coopwerf.ui.fields import LANGUAGES, MARKS

from ..actions import LONGEST, LONGEST_WHY
from ..actions.pictures import ON_TOP
from ..queries import ReportFacts
from ..states import SECTION_NAMES, SECTIONS, Words


class DraftForm(forms.Form):
    """Ask for the title of a new report and the language in which it is written."""

    title = forms.CharField(
        label=_("What is it about?"),
        max_length=LONGEST["title"],
        help_text=_("A sentence that tells the news: “The servers stand upright.” You can change it later."),
    )
    language = forms.ChoiceField(
        label=_("In which language do you write it?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Into the others it can be translated afterwards."),
    )


class WordsForm(forms.Form):
    """Ask for what a report tells in a language."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST["title"])
    lead = forms.CharField(
        label=_("First sentences"),
        max_length=LONGEST["lead"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What somebody reads in a list, in a mail, or beside a shared link."),
    )
    done = forms.CharField(
        label=SECTION_NAMES["done"],
        max_length=LONGEST["done"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=MARKS,
    )
    standing = forms.CharField(
        label=SECTION_NAMES["standing"],
        max_length=LONGEST["standing"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Also what didn’t work. People who know that trust the rest."),
    )
    next = forms.CharField(
        label=SECTION_NAMES["next"],
        max_length=LONGEST["next"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Until when, and who can lend a hand?"),
    )
    caption = forms.CharField(label=_("Words below the picture on top"), max_length=LONGEST["caption"], required=False)

    def words(self) -> Words:
        """Return what was typed."""
        return Words(**{name: self.cleaned_data.get(name, "") for name in Words.__dataclass_fields__})


class ReportForm(WordsForm):
    """Ask for everything of a report in its own language."""

    cover = forms.TypedChoiceField(
        label=_("Picture on top"), required=False, coerce=int, empty_value=None, widget=forms.Select
    )
    takes_comments = forms.BooleanField(label=_("Readers can leave comments"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: ReportFacts, **kwargs: Any) -> None:
        """Take the report whose pictures can be chosen."""
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str | Promise]] = [("", _("None"))]
        choices += [
            (str(place), f"{place}. {one.alt(report.language)[0][:60]}")
            for place, one in report.pictures.items()
            if one.is_there
        ]
        field = self.fields["cover"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        if len(choices) == 1:
            del self.fields["cover"], self.fields["caption"]


class TranslationForm(WordsForm):
    """Ask for a report in another language, with what is seen on its pictures."""

    translator = forms.CharField(
        label=_("Translated by"),
        max_length=120,
        required=False,
        help_text=_("How whoever translated it wants to be named. Empty: your own name."),
    )
    of_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: ReportFacts, language: str, **kwargs: Any) -> None:
        """Take the report, and the language into which it is translated."""
        super().__init__(*args, **kwargs)
        self.original = report.version.words
        for name in (*SECTIONS, "lead", "caption"):
            if not getattr(self.original, name):
                del self.fields[name]
            else:
                self.fields[name].help_text = ""
        for place in sorted(report.version.places):
            picture = report.pictures.get(place)
            if picture is None or not picture.is_there:
                continue
            self.fields[f"alt{place}"] = forms.CharField(
                label=_("What is seen on picture %(place)s") % {"place": place},
                max_length=300,
                initial=picture.texts.get(language, ""),
                help_text=picture.alt(report.language)[0],
            )

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Return the fields of its words in the order in which they are read, each with the original."""
        return [
            {"field": self[name], "original": getattr(self.original, name), "is_long": name in SECTIONS}
            for name in ("title", "lead", *SECTIONS, "caption")
            if name in self.fields
        ]

    @property
    def seen(self) -> list[forms.BoundField]:
        """Return the fields for what is seen on its pictures."""
        return [self[name] for name in self.fields if name.startswith("alt")]

    def alts(self) -> dict[int, str]:
        """Return what is seen on each picture, by its number."""
        return {
            int(name.removeprefix("alt")): said
            for name, said in self.cleaned_data.items()
            if name.startswith("alt") and said
        }


class PictureForm(ImageForm):
    """Ask for a picture of a report, and where it goes."""

    seen = _("For who can’t see it: “Two volunteers lift a server into a rack.”")

    where = forms.ChoiceField(
        label=_("Where does it go?"),
        choices=[(ON_TOP, _("On top of the report")), *((code, SECTION_NAMES[code]) for code in SECTIONS)],
        widget=forms.RadioSelect,
        initial=ON_TOP,
        help_text=_("At the end of that part; in the text you can move its line."),
    )
    caption = forms.CharField(label=_("Words below it"), max_length=300, required=False)


class LogoForm(ImageForm):
    """Ask for the logo of a partner."""

    seen = _("For who can’t see it: “Logo of the town of Aalst”.")


class InviteForm(forms.Form):
    """Ask whom to invite to write along."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES)


class WhyForm(forms.Form):
    """Ask why."""

    reason = forms.CharField(
        label=_("Why?"),
        max_length=LONGEST_WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Readers see this sentence."),
    )
