"""Forms of the coops package."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coopwerf.ui.fields import LANGUAGES, DateField

from ..presets import RuleKey
from ..states import POWERS, ROLE_NAMES, SHARE_WORDS, STAGE_NAMES, BodyKind, ShareWord, Stage
from .rules import field_for


class FoundForm(forms.Form):
    """Ask what an initiative needs: a name and a language."""

    name = forms.CharField(label=_("What is it called?"), max_length=200, help_text=_("You can change it later."))
    language = forms.ChoiceField(
        label=_("In which language do you work first?"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Everybody reads pages and mails in their own language; this one is for the rest."),
    )
    is_practice = forms.BooleanField(
        label=_("Only to practise"),
        required=False,
        help_text=_("Everything works, and nothing of it ever counts. That can't be undone."),
    )


class HostForm(forms.Form):
    """Ask what a co-operative for others needs: a name, a language, and whom to invite."""

    name = forms.CharField(label=_("What is it called?"), max_length=200)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("E-mail address of its coordinator"),
        max_length=254,
        help_text=_("They receive an invitation. You get no look inside."),
    )


class ProfileForm(forms.Form):
    """Ask who the co-operative is, from a date on."""

    legal_name = forms.CharField(
        label=_("Legal name"), max_length=300, required=False, help_text=_("As in the statutes, with its legal form.")
    )
    enterprise_no = forms.CharField(
        label=_("Enterprise number"),
        max_length=30,
        required=False,
        help_text=_("Belgium: 0123.456.749. The Netherlands: the eight digits of the KvK."),
    )
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    number = forms.CharField(label=_("Number"), max_length=20, required=False)
    box = forms.CharField(label=_("Box"), max_length=20, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    country = forms.ChoiceField(
        label=_("Country"),
        choices=[("BE", _("Belgium")), ("NL", _("The Netherlands")), ("LU", _("Luxembourg")), ("FR", _("France"))],
        required=False,
    )
    share_word = forms.ChoiceField(
        label=_("The French word for your shares"),
        choices=[(word.value, " · ".join(SHARE_WORDS["fr"][word])) for word in ShareWord],
        widget=forms.RadioSelect,
        help_text=_("In Dutch it is aandeel, in English share. Choose the word that your statutes use."),
    )
    public_nl = forms.CharField(label=_("About you, in Dutch"), widget=forms.Textarea, required=False)
    public_fr = forms.CharField(label=_("About you, in French"), widget=forms.Textarea, required=False)
    public_en = forms.CharField(label=_("About you, in English"), widget=forms.Textarea, required=False)
    valid_from = DateField(
        label=_("From which date does this hold?"),
        help_text=_("What held before stays readable, as of its own dates."),
    )

    SEAT = ("street", "number", "box", "postcode", "town", "country")

    def profile(self) -> dict[str, Any]:
        """Return the arguments of `change_profile`."""
        given = self.cleaned_data
        return {
            "legal_name": given["legal_name"],
            "enterprise_no": given["enterprise_no"],
            "seat": {part: given[part] for part in self.SEAT if given[part]},
            "share_word": given["share_word"],
            "public_text": {code: given[f"public_{code}"] for code, _name in LANGUAGES if given[f"public_{code}"]},
            "valid_from": given["valid_from"],
        }


class StageForm(forms.Form):
    """Ask which stage was reached, when, and by which deed."""

    stage = forms.ChoiceField(label=_("What has it become?"), widget=forms.RadioSelect)
    valid_from = DateField(
        label=_("From which date?"), help_text=_("The date of the deed or of the recognition; it may lie in the past.")
    )
    reference = forms.CharField(
        label=_("By which deed or decision?"),
        max_length=300,
        required=False,
        help_text=_("For example: deed of notary Claes in Brussels, published on 12 March."),
    )

    def __init__(self, *args: Any, stages: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(stage.value, STAGE_NAMES[stage]) for stage in stages]  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """Ask for one rule's value, from which date it holds, and where it stands."""

    valid_from = DateField(
        label=_("From which date does this hold?"), help_text=_("Before that date the earlier rule keeps holding.")
    )
    source = forms.CharField(
        label=_("Where does it stand?"),
        max_length=300,
        required=False,
        help_text=_("For example: article 12 of the statutes."),
    )
    is_confirmed = forms.BooleanField(label=_("We have checked that our statutes say this"), required=False)

    def __init__(self, *args: Any, key: RuleKey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = field_for(key)
        self.order_fields(["value", "valid_from", "source", "is_confirmed"])


class LookForm(forms.Form):
    """Ask for the name, first language, hue and mail footer."""

    name = forms.CharField(label=_("Name"), max_length=200)
    language = forms.ChoiceField(label=_("First language"), choices=LANGUAGES, widget=forms.RadioSelect)
    hue = forms.IntegerField(
        label=_("Colour"),
        min_value=0,
        max_value=359,
        widget=forms.NumberInput(attrs={"type": "range", "min": 0, "max": 359, "step": 1}),
        help_text=_("Slide; contrast stays good for every colour."),
    )
    mail_footer = forms.CharField(
        label=_("Footer of your mails"),
        widget=forms.Textarea,
        max_length=2000,
        required=False,
        help_text=_("Stands below every mail that goes out in your name: an address, a telephone number."),
    )


class BodyForm(forms.Form):
    """Ask for a body."""

    kind = forms.ChoiceField(label=_("What kind of body?"), widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Its name"),
        max_length=200,
        required=False,
        help_text=_("Needed for a working group; else leave it empty for the usual name."),
    )
    valid_from = DateField(label=_("Since when is it there?"))

    def __init__(self, *args: Any, kinds: Sequence[tuple[BodyKind, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, name) for kind, name in kinds]  # type: ignore[attr-defined]


class ChangeBodyForm(forms.Form):
    """Ask for another name, or a last day."""

    name = forms.CharField(label=_("Its name"), max_length=200, required=False)
    until = DateField(label=_("Last day"), required=False, help_text=_("Leave it empty as long as the body goes on."))


Bodies = Sequence[tuple[uuid.UUID, BodyKind, str]]


def seats(bodies: Bodies) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Return every role of every body as grouped choices; a value is `<body id>:<role>`."""
    return [
        (name, [(f"{body_id}:{role.value}", ROLE_NAMES[role]) for role in POWERS[kind]])
        for body_id, kind, name in bodies
    ]


def first_seat(bodies: Bodies, body_id: str) -> str:
    """Return the first seat of the body with this id, or nothing."""
    for known, kind, _name in bodies:
        if str(known) == body_id:
            return f"{known}:{next(iter(POWERS[kind])).value}"
    return ""


class _SeatForm(forms.Form):
    seat = forms.ChoiceField(label=_("Which role, in which body?"))

    def __init__(self, *args: Any, bodies: Bodies, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [("", "—"), *seats(bodies)]  # type: ignore[attr-defined]

    def body_and_role(self) -> dict[str, Any]:
        """Return the body's id and the role that were chosen."""
        body_id, role = self.cleaned_data["seat"].split(":")
        return {"body_id": uuid.UUID(body_id), "role": role}


class GrantForm(_SeatForm):
    """Ask who gets which role, from when, until when."""

    party = forms.ChoiceField(label=_("Who?"), widget=forms.RadioSelect)
    valid_from = DateField(label=_("First day"))
    until = DateField(label=_("Last day"), required=False, help_text=_("If it is known already."))
    reference = forms.CharField(
        label=_("By which decision?"),
        max_length=300,
        required=False,
        help_text=_("For example: general assembly of 3 May 2024, item 4."),
    )

    def __init__(self, *args: Any, people: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = [(str(party_id), name) for party_id, name in people]  # type: ignore[attr-defined]
        self.order_fields(["party", "seat", "valid_from", "until", "reference"])


class EndForm(forms.Form):
    """Ask for the last day of a mandate, or whether it was never held."""

    how = forms.ChoiceField(
        label=_("What happened?"),
        choices=[("ended", _("It ends")), ("never", _("It was written down by mistake: it was never held"))],
        widget=forms.RadioSelect,
        initial="ended",
    )
    until = DateField(label=_("Last day"), required=False, help_text=_("On that day it still holds."))
    reference = forms.CharField(label=_("By which decision or letter?"), max_length=300, required=False)


class InviteForm(_SeatForm):
    """Ask whom to invite to which role."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(label=_("Which language do they read?"), choices=LANGUAGES, widget=forms.RadioSelect)
    valid_from = DateField(label=_("First day of the mandate"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "language", "seat", "valid_from"])


class AcceptForm(forms.Form):
    """Ask somebody new for their name."""

    given = forms.CharField(label=_("Given name"), max_length=200)
    family = forms.CharField(label=_("Family name"), max_length=500)


class OnForm(forms.Form):
    """Ask as of which date a page should be read."""

    on = DateField(label=_("As of"), required=False)

    def date(self, today: dt.date) -> dt.date:
        """Return the date that was asked, today without one or with one that can't be read."""
        return (self.cleaned_data.get("on") if self.is_valid() else None) or today
