"""Forms of the profile, of partners, and of who looks for a project."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from coopwerf.coops.states import in_language
from coopwerf.ui import formats
from coopwerf.ui.fields import CountField, DateField, WebField
from coopwerf.ui.formats import LANGUAGE_NAMES

from .. import policies
from ..actions import PartnerTerms, Profile
from ..queries import PartnerFacts, ProjectFacts, ProjectWords, Search
from ..states import (
    CONSENT_NAMES,
    MOST_THEMES,
    PARTNER_KIND_NAMES,
    REGIONS,
    STAGE_GROUP_NAMES,
    THEMES,
    ConsentWay,
    PartnerKind,
    StageGroup,
)
from .folding import Folded
from .selects import QuickSelect


def _by_name(one: tuple[str, str]) -> str:
    return formats.alphabetical(one[1])


def theme_choices() -> list[tuple[str, str]]:
    """Return the themes in the active language, by name."""
    return sorted(((code, in_language(names)) for code, names in THEMES.items()), key=_by_name)


def region_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the regions in the active language, by country and name."""
    found = sorted(((code, in_language(names)) for code, names in REGIONS.items()), key=_by_name)
    return [
        (name, [one for one in found if one[0].startswith(country)])
        for country, name in (("BE", _("Belgium")), ("NL", _("The Netherlands")))
    ]


class SearchForm(forms.Form):
    """Ask what somebody looks for among the projects."""

    q = forms.CharField(label=_lazy("Search"), max_length=100, required=False)
    theme = forms.ChoiceField(label=_lazy("Theme"), required=False, widget=QuickSelect)
    region = forms.ChoiceField(label=_lazy("Region"), required=False, widget=QuickSelect)
    stage = forms.ChoiceField(label=_lazy("Stage"), required=False, widget=QuickSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = [
            ("BE", _("All of Belgium")),
            ("NL", _("All of the Netherlands")),
        ]
        fields: dict[str, list[Any]] = {
            "theme": [("", _("All themes")), *theme_choices()],
            "region": [("", _("Everywhere")), *countries, *region_choices()],
            "stage": [("", _("All stages")), *STAGE_GROUP_NAMES.items()],
        }
        for name, choices in fields.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def search(self) -> Search:
        """Return what is looked for; what can't be meant isn't asked."""
        self.is_valid()
        told = self.cleaned_data
        return Search(
            text=told.get("q", ""),
            theme=told.get("theme", ""),
            region=told.get("region", ""),
            group=StageGroup(told["stage"]) if told.get("stage") else None,
        )


class ProfileForm(Folded):
    """Ask who a project is: the same questions for all, so that they can be compared."""

    themes = forms.MultipleChoiceField(
        label=_lazy("Themes"), widget=forms.CheckboxSelectMultiple, help_text=_lazy("One to three."), required=False
    )
    region = forms.ChoiceField(label=_lazy("Region"), required=False)
    people = CountField(
        label=_lazy("How many people work on it now?"),
        minimum=1,
        maximum=policies.MOST_PEOPLE,
        required=False,
        help_text=_lazy("Volunteers too. Count who did something this month."),
    )
    since = DateField(label=_lazy("Since when?"), required=False)
    website = WebField(label=_lazy("Website"), max_length=policies.LONGEST_URL, required=False)
    shows_members = forms.BooleanField(
        label=_lazy("Show how many members there are"), required=False, help_text=_lazy("From five on.")
    )
    shows_capital = forms.BooleanField(
        label=_lazy("Show how much capital they put in"), required=False, help_text=_lazy("From five members on.")
    )

    def __init__(self, *args: Any, languages: Sequence[str], known: ProjectFacts | None, **kwargs: Any) -> None:
        initial = {}
        if known is not None:
            initial = {name: getattr(known, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.languages = languages
        self.fields["themes"].choices = theme_choices()  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("Choose")), *region_choices()]  # type: ignore[attr-defined]
        # Without these nobody finds it in the directory, but a profile can be kept before all is known.
        for name in ("themes", "region"):
            self.fields[name].is_wanted = True  # type: ignore[attr-defined]
        for code in languages:
            words = ProjectWords() if known is None else known.texts.get(code, ProjectWords())
            self.fields[f"about_{code}"] = forms.CharField(
                label=_("What is it? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=policies.LONGEST_ABOUT,
                required=False,
                initial=words.about,
                help_text=_("Two sentences that your neighbour understands."),
            )
            self.fields[f"about_{code}"].is_wanted = code == languages[0]  # type: ignore[attr-defined]
            self.fields[f"needs_{code}"] = forms.CharField(
                label=_("What do you need? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                widget=forms.Textarea(attrs={"rows": 2}),
                max_length=policies.LONGEST_NEEDS,
                required=False,
                initial=words.needs,
            )

    def clean_themes(self) -> list[str]:
        """Refuse more themes than help to find something."""
        chosen: list[str] = self.cleaned_data["themes"]
        if len(chosen) > MOST_THEMES:
            raise forms.ValidationError(_("Choose at most %(most)s themes.") % {"most": MOST_THEMES})
        return chosen

    def rows(self) -> Iterator[tuple[str, forms.BoundField, forms.BoundField]]:
        """Yield both texts of each language."""
        for code in self.languages:
            yield code, self[f"about_{code}"], self[f"needs_{code}"]

    def profile(self) -> Profile:
        """Return what was written."""
        told = self.cleaned_data
        return Profile(
            texts={code: ProjectWords(told[f"about_{code}"], told[f"needs_{code}"]) for code in self.languages},
            **{name: told[name] for name in self.base_fields},
        )


class PartnerForm(Folded):
    """Ask who supports the project, and how they agreed to be named."""

    name = forms.CharField(label=_lazy("Name of the organisation"), max_length=policies.LONGEST_NAME)
    kind = forms.ChoiceField(label=_lazy("What sort of organisation?"), choices=list(PARTNER_KIND_NAMES.items()))
    url = WebField(label=_lazy("Website"), max_length=policies.LONGEST_URL, required=False)
    since = DateField(label=_lazy("Since when?"))
    until = DateField(label=_lazy("Until when?"), required=False, help_text=_lazy("Empty: it still does."))
    agreed_on = DateField(
        label=_lazy("On which day did they agree to be named?"),
        required=False,
        help_text=_lazy("Nobody reads their name before you fill this in."),
    )
    agreed_how = forms.ChoiceField(label=_lazy("How?"), required=False, choices=[("", "–"), *CONSENT_NAMES.items()])
    agreed_by = forms.CharField(
        label=_lazy("Who said so there?"),
        max_length=policies.LONGEST_NAME,
        required=False,
        help_text=_lazy("Only you read this."),
    )

    def __init__(self, *args: Any, languages: Sequence[str], known: PartnerFacts | None, **kwargs: Any) -> None:
        initial = {} if known is None else {name: getattr(known, name) for name in self.base_fields}
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.languages = languages
        for code in languages:
            self.fields[f"role_{code}"] = forms.CharField(
                label=_("What do they do? (%(language)s)") % {"language": LANGUAGE_NAMES[code]},
                max_length=policies.LONGEST_NEEDS,
                required=False,
                initial="" if known is None else known.role.get(code, ""),
            )

    def roles(self) -> Iterator[tuple[str, forms.BoundField]]:
        """Yield the field of each language."""
        for code in self.languages:
            yield code, self[f"role_{code}"]

    def terms(self) -> PartnerTerms:
        """Return what was written."""
        told = self.cleaned_data
        same = {name: told[name] for name in ("name", "url", "since", "until", "agreed_on", "agreed_by")}
        return PartnerTerms(
            kind=PartnerKind(told["kind"]),
            agreed_how=ConsentWay(told["agreed_how"]) if told["agreed_how"] else None,
            role={code: told[f"role_{code}"] for code in self.languages},
            **same,
        )
