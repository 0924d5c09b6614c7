"""What a keeper of the register writes down about who a member is: name, domicile or seat, and how to reach them."""

import datetime as dt
import uuid
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coopwerf.kernel.refusals import Refused
from coopwerf.people import actions as people_actions
from coopwerf.people import queries as people
from coopwerf.people.states import Particulars, PartyKind
from coopwerf.ui import formats
from coopwerf.ui.fields import DateField

from ..states import countries
from .desk import Desk

Facts = list[tuple[str, str]]


class ChangeForm(forms.Form):
    """Ask what changed; a subclass says of what, and writes it down with the action of people."""

    code: ClassVar[str]
    title: ClassVar[str | Promise]
    lead: ClassVar[str | Promise]
    layout: ClassVar[tuple[tuple[str, ...], ...]] = ()
    dated: ClassVar[str | Promise] = ""

    def __init__(self, *args: Any, desk: Desk, known: Particulars, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desk, self.known = desk, known
        self.party_id: uuid.UUID = known.party_id
        self.add_fields()
        if self.dated:
            self.fields["valid_from"] = DateField(
                label=self.dated,
                help_text=_("A date in the past puts right what stood there. What was known before stays readable."),
            )

    def add_fields(self) -> None:
        """Add the fields of what changes."""
        raise NotImplementedError

    def act(self, seen: str | None = None) -> object:
        """Write it down; `seen` is what the keeper looked at before."""
        raise NotImplementedError

    def facts(self, on: dt.date) -> Facts:
        """Return what stands there on a date, as label and text."""
        raise NotImplementedError

    def written(self) -> list[people.Dated]:
        """Return everything of this sort that was ever written down, the latest first."""
        return []

    def done(self) -> str:
        """Return what the next page says."""
        raise NotImplementedError

    @property
    def groups(self) -> list[list[forms.BoundField]]:
        """Return the fields in the rows in which they stand; the date comes last."""
        rows = [[self[name] for name in row if name in self.fields] for row in self.layout]
        return [row for row in rows if row]

    @property
    def on(self) -> dt.date:
        """Return from which date it holds; only after a clean form."""
        found: dt.date = self.cleaned_data.get("valid_from") or self.desk.today
        return found

    @property
    def later(self) -> people.Dated | None:
        """Return what stands there from the next later date on: it isn't touched."""
        after = [one for one in reversed(self.written()) if one.valid_from > self.on]
        if not after:
            return None
        first = min(one.valid_from for one in after)
        # Of those that hold from the same date the last recorded one counts.
        return max((one for one in after if one.valid_from == first), key=lambda one: one.recorded_at)

    def common(self, seen: str | None) -> dict[str, Any]:
        """Return the arguments that every action takes."""
        desk = self.desk
        return {
            "actor": desk.actor,
            "now": desk.now,
            "coop_id": desk.coop_id,
            "party_id": self.party_id,
            "seen": seen,
        }

    def _then(self, on: dt.date) -> Particulars:
        return people.particulars_of(self.party_id, on)

    @property
    def opens(self) -> bool:
        """Tell whether somebody can sign in with what is written down."""
        return False

    @property
    def day(self) -> str:
        """Return the date from which it holds, in words."""
        return formats.date_long(self.on, formats.language(get_language()))


class NameChange(ChangeForm):
    """Another name of a person, or of an organisation with its legal form and number."""

    code = "name"
    title = gettext_lazy("Record a changed name")
    lead = gettext_lazy("Somebody is called otherwise now, or the name was written wrongly.")
    layout = (("given", "family"), ("legal_form", "enterprise_no"))
    dated = gettext_lazy("From which date does the name hold?")

    def add_fields(self) -> None:
        """Ask for what a person or an organisation is called."""
        if self.known.kind is PartyKind.PERSON:
            self.fields["given"] = forms.CharField(label=_("Given name"), max_length=200, required=False)
            self.fields["family"] = forms.CharField(label=_("Family name"), max_length=500)
            return
        self.fields["family"] = forms.CharField(label=_("Name of the organisation"), max_length=500)
        self.fields["legal_form"] = forms.CharField(label=_("Legal form"), max_length=40, required=False)
        self.fields["enterprise_no"] = forms.CharField(label=_("Enterprise number"), max_length=30, required=False)

    def act(self, seen: str | None = None) -> object:
        """Record the name."""
        return people_actions.change_name(**self.common(seen), **self.cleaned_data)

    def facts(self, on: dt.date) -> Facts:
        """Return the name as it is written in the register, and what belongs to it."""
        then = self._then(on)
        if then.kind is PartyKind.PERSON:
            return [(_("Name"), then.display)]
        return [
            (_("Name"), then.display),
            (_("Legal form"), then.legal_form),
            (_("Enterprise number"), then.enterprise_no),
        ]

    def written(self) -> list[people.Dated]:
        """Return every name."""
        return people.names_of(self.party_id)

    def done(self) -> str:
        """Tell the name."""
        told = {"name": self._then(self.on).spoken, "day": self.day}
        return _("Recorded: from %(day)s on the name is %(name)s. The register follows.") % told


class AddressChange(ChangeForm):
    """Another domicile, or another seat."""

    code = "address"
    title = gettext_lazy("Record a changed address")
    lead = gettext_lazy("Somebody moved, or the address was written wrongly.")
    layout = (("street", "number"), ("box", "postcode"), ("town", "country"))
    dated = gettext_lazy("From which date does the address hold?")

    def add_fields(self) -> None:
        """Ask for the parts of an address."""
        self.fields["street"] = forms.CharField(label=_("Street"), max_length=200)
        self.fields["number"] = forms.CharField(label=_("Number"), max_length=20, required=False)
        self.fields["box"] = forms.CharField(label=_("Box"), max_length=20, required=False)
        self.fields["postcode"] = forms.CharField(label=_("Postcode"), max_length=20)
        self.fields["town"] = forms.CharField(label=_("Town"), max_length=100)
        choices = countries()
        here = self.initial.get("country", "")
        if here and here not in dict(choices):
            choices = [*choices, (here, here)]
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=choices)

    def act(self, seen: str | None = None) -> object:
        """Record the address."""
        return people_actions.change_address(**self.common(seen), **self.cleaned_data)

    def facts(self, on: dt.date) -> Facts:
        """Return the address on one line."""
        return [(_("Domicile or seat"), self._then(on).domicile)]

    def written(self) -> list[people.Dated]:
        """Return every address."""
        return people.addresses_of(self.party_id)

    def done(self) -> str:
        """Tell the address."""
        told = {"address": self._then(self.on).domicile, "day": self.day}
        return _("Recorded: from %(day)s on the address is %(address)s. The register follows.") % told


class ContactChange(ChangeForm):
    """Another e-mail address or telephone."""

    code = "contact"
    title = gettext_lazy("Record another e-mail address or phone")
    lead = gettext_lazy("How we reach somebody who doesn’t sign in here. It is never shown to other members.")
    layout = (("email",), ("phone",))

    def add_fields(self) -> None:
        """Ask how somebody is reached."""
        self.fields["email"] = forms.EmailField(
            label=_("E-mail address"),
            max_length=254,
            required=False,
            help_text=_("Whoever reads its mail can sign in and sees what the register says of this member.")
            if self.known.kind is PartyKind.PERSON
            else "",
        )
        self.fields["phone"] = forms.CharField(label=_("Phone"), max_length=40, required=False)

    def act(self, seen: str | None = None) -> object:
        """Record how they are reached; raises Refused when it is what stands there."""
        before = self.facts(self.desk.today)
        people_actions.change_contact(**self.common(seen), **self.cleaned_data)
        if self.facts(self.desk.today) == before:
            raise Refused("people.unchanged")
        return None

    def facts(self, on: dt.date) -> Facts:
        """Return e-mail address and phone."""
        contact = people.contact_of(self.party_id)
        return [(_("E-mail address"), contact.email), (_("Phone"), contact.phone)]

    @property
    def opens(self) -> bool:
        """Tell whether a person gets an e-mail address, and so a way to sign in."""
        return self.known.kind is PartyKind.PERSON and bool(self.cleaned_data["email"])

    def done(self) -> str:
        """Tell that it is written down."""
        return _("Recorded: this is how we reach them from now on.")


CHANGES: dict[str, type[ChangeForm]] = {form.code: form for form in (NameChange, AddressChange, ContactChange)}
