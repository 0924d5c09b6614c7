"""The plain form for a decided admission: somebody new, or somebody whom the co-operative knows already."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coopwerf.coops import queries as coops
from coopwerf.people import actions as people_actions
from coopwerf.people import queries as people
from coopwerf.people.states import Address, PartyKind
from coopwerf.ui.fields import LANGUAGES, CountField, DateField

from .. import actions, policies, queries
from ..actions import SharesInput
from ..queries import Line
from .desk import Desk
from .record_forms import RecordForm, class_field, money_field, per_share_field

COUNTRIES = [
    ("BE", gettext_lazy("Belgium")),
    ("NL", gettext_lazy("The Netherlands")),
    ("LU", gettext_lazy("Luxembourg")),
    ("FR", gettext_lazy("France")),
    ("DE", gettext_lazy("Germany")),
]
NEW = "new"


class AdmissionForm(RecordForm):
    """Somebody becomes a member, with shares or without."""

    code = "admission"
    title = gettext_lazy("Record an admission")
    lead = gettext_lazy("The board decided that somebody becomes a member.")
    needs_shares = False
    is_of_member = False
    pickers = ()
    dated = gettext_lazy("Member from which date on?")
    layout = (
        ("known",),
        ("kind",),
        ("family", "given"),
        ("legal_form", "enterprise_no"),
        ("street",),
        ("number", "box"),
        ("postcode", "town"),
        ("country",),
        ("email",),
        ("language",),
        ("share_class", "quantity"),
        ("amount_per_share", "paid"),
        ("member_no",),
        ("asked_on", "paid_on"),
    )

    def add_fields(self, desk: Desk) -> None:
        """Add who it is, where they live, and what they take."""
        fields = self.fields
        fields["kind"] = forms.ChoiceField(
            label=_("Who is it?"),
            choices=[(PartyKind.PERSON.value, _("A person")), (PartyKind.ORGANISATION.value, _("An organisation"))],
            widget=forms.RadioSelect,
        )
        fields["family"] = forms.CharField(label=_("Family name, or name of the organisation"), max_length=500)
        fields["given"] = forms.CharField(label=_("First name"), max_length=200, required=False)
        fields["legal_form"] = forms.CharField(
            label=_("Legal form"), max_length=40, required=False, help_text=_("Of an organisation.")
        )
        fields["enterprise_no"] = forms.CharField(
            label=_("Enterprise number"), max_length=30, required=False, help_text=_("Of an organisation.")
        )
        fields["street"] = forms.CharField(label=_("Street"), max_length=200)
        fields["number"] = forms.CharField(label=_("Number"), max_length=20, required=False)
        fields["box"] = forms.CharField(label=_("Box"), max_length=20, required=False)
        fields["postcode"] = forms.CharField(label=_("Postcode"), max_length=20)
        fields["town"] = forms.CharField(label=_("Town"), max_length=100)
        fields["country"] = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
        fields["email"] = forms.EmailField(
            label=_("E-mail address"), max_length=254, required=False, help_text=_("Never shown to other members.")
        )
        fields["language"] = forms.ChoiceField(
            label=_("In which language do we write to them?"), choices=LANGUAGES, widget=forms.RadioSelect
        )
        if desk.terms:
            fields["share_class"] = class_field(desk, _("Class"))
            fields["share_class"].required = False
            fields["quantity"] = CountField(
                label=_("How many %(shares)s?") % {"shares": desk.words.many},
                minimum=1,
                maximum=policies.MOST_SHARES,
                required=False,
            )
            fields["amount_per_share"] = per_share_field(desk, _("Empty: the issue price of the class."))
            fields["paid"] = money_field(_("Paid so far"), _("On all of them together. Empty: in full."))
        fields["member_no"] = CountField(
            label=_("Member number"),
            minimum=1,
            maximum=2_000_000_000,
            required=False,
            help_text=_("Empty: the next one."),
        )
        fields["asked_on"] = DateField(label=_("Asked on"), required=False)
        fields["paid_on"] = DateField(label=_("Paid on"), required=False)
        self.initial.setdefault("kind", PartyKind.PERSON.value)
        self.initial.setdefault("language", desk.coop.language)
        self.initial.setdefault(
            "country", "NL" if coops.stage(desk.coop_id, desk.today).value.startswith("nl_") else "BE"
        )
        if self.is_bound:
            self._offer_known()

    def _offer_known(self) -> None:
        """Ask whether it is one of those whom the co-operative knows already."""
        given = {name: str(self.data.get(name, "")).strip() for name in ("family", "given", "email", "enterprise_no")}
        if not given["family"]:
            return
        found = people.duplicates([people.Candidate(**given)])[0]
        near = coops.mandate_parties(self.desk.coop_id)
        ours = [one for one in found if one in near or queries.members_of_party(self.desk.coop_id, one)]
        if not ours:
            return
        names = people.particulars(ours, self.desk.today)
        choices = [
            (str(one), " · ".join(part for part in (names[one].display, names[one].domicile) if part))
            for one in sorted(ours, key=lambda one: (names[one].sort_key, one))
            if not names[one].is_erased
        ]
        self.fields["known"] = forms.ChoiceField(
            label=_("Is it somebody whom you know already?"),
            choices=[*choices, (NEW, _("No, this is somebody else"))],
            widget=forms.RadioSelect,
            help_text=_("Who comes back keeps one entry among your people, and gets a new number."),
        )

    def clean(self) -> dict[str, Any]:
        """See that a class comes with a number of shares."""
        told = super().clean()
        if self.desk.terms and told.get("share_class") and not told.get("quantity") and "quantity" not in self.errors:
            if len(self.desk.terms) > 1:
                self.add_error("quantity", _("Say how many, or choose no class."))
        elif told.get("quantity") and not told.get("share_class"):
            self.add_error("share_class", _("Say of which class."))
        return told

    def act(self) -> Line | None:
        """Register who is new, and book the admission."""
        told = self.cleaned_data
        if told.get("known", NEW) != NEW:
            party_id = uuid.UUID(told["known"])
        else:
            party_id = people_actions.register_party(
                actor=self.desk.actor,
                now=self.desk.now,
                kind=PartyKind(told["kind"]),
                family=told["family"],
                given=told["given"],
                legal_form=told["legal_form"],
                enterprise_no=told["enterprise_no"],
                address=Address(
                    told["street"], told["number"], told["box"], told["postcode"], told["town"], told["country"]
                ),
                email=told["email"],
                language=told["language"],
                valid_from=told["on"],
                coop_id=self.desk.coop_id,
            )
        shares = []
        if told.get("quantity"):
            shares.append(
                SharesInput(
                    share_class=told["share_class"],
                    quantity=told["quantity"],
                    amount_per_share=told["amount_per_share"],
                    paid=told["paid"],
                )
            )
        admitted = actions.record_admission(
            **self.common(),
            party_id=party_id,
            shares=shares,
            number=told["member_no"],
            **self.told("on", "asked_on", "paid_on"),
        )
        return queries.holdings_of(self.desk.coop_id, admitted.id, max(told["on"], self.desk.today))

    def done(self) -> str:
        """Tell who is a member now."""
        told = self.cleaned_data
        name = f"{told['given']} {told['family']}".strip()
        return _("Recorded: %(name)s is a member.") % {"name": name}
