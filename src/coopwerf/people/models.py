"""People: accounts that sign in, parties (persons and organisations), their dated names and addresses."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Concat, Lower, Trim
from django.utils.crypto import salted_hmac

from coopwerf.kernel.ids import uuid7
from coopwerf.kernel.models import AppendOnlyModel

from .states import Language, PartyKind, Proof, RepresentationKind, RequestKind, RequestState, TicketPurpose

ERASING = "coopwerf.erasing"
"""The transaction's setting that names the party being erased; without it names and addresses can't be deleted."""


def _one_of(field: str, states: type, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": [state.value for state in states]}),  # type: ignore[attr-defined]
        name=name,
    )


class Fold(models.Func):
    """Fold text for order and look-up: without accents, without capitals, with one sort of apostrophe."""

    template = (
        "translate(casefold(regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g')"
        " COLLATE pg_unicode_fast), 'øłđıæœ’‘ʼ', 'oldiao''''''')"
    )
    output_field = models.TextField(db_collation="C")
    arity = 1


class Party(models.Model):
    """A human being or an organisation, as an opaque id: names and addresses stand beside it, dated."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=2, help_text="In which we write to them.")
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _one_of("kind", PartyKind, "people_party_kind"),
            _one_of("language", Language, "people_party_language"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AccountManager(BaseUserManager["Account"]):
    """Find accounts by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this e-mail address; raises Account.DoesNotExist."""
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who can sign in, by a mail or a passkey; there are no passwords."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, related_name="account")
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    proven_at = models.DateTimeField(null=True, help_text="When its holder first showed to read its mail.")

    # Django's own columns: nothing here has a password, and the last visit is known per session.
    password = None  # type: ignore[assignment]
    last_login = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="people_account_email_lower"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_session_auth_hash(self) -> str:
        """Return what binds a session to this account; it never changes, for sessions are ended by removing them."""
        return salted_hmac("coopwerf.people.session", str(self.pk), algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Yield nothing: a session of another secret key is no session."""
        yield from ()


class _Dated(models.Model):
    """A dated fact about a party: it holds from `valid_from`, until the next one; corrections are later rows.

    Never changed; deleted by erasure only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="erased_only",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=(
                    f"IF coalesce(current_setting('{ERASING}', true), '') <> OLD.party_id::text THEN"
                    " RAISE EXCEPTION 'rows of % are deleted by erasure only', TG_TABLE_NAME USING ERRCODE = '23514';"
                    " END IF; RETURN OLD;"
                ),
            ),
        ]


class PartyName(_Dated):
    """A party's name from a date on: given and family name of a person, the registered name of an organisation."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="names")
    given = models.CharField(max_length=200, blank=True)
    family = models.CharField(max_length=500, help_text="Or the registered name of an organisation.")
    legal_form = models.CharField(max_length=40, blank=True)
    enterprise_no = models.CharField(max_length=20, blank=True, help_text="With its country: BE0123456749.")
    sort_key = models.GeneratedField(
        expression=Fold(Trim(Concat("family", models.Value(" "), "given"))),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    class Meta(_Dated.Meta):
        constraints = [
            models.CheckConstraint(condition=~models.Q(family=""), name="people_partyname_family"),
        ]
        indexes = [
            models.Index(fields=["party", "valid_from"], name="people_partyname_from"),
            models.Index(fields=["sort_key"], name="people_partyname_sort"),
            models.Index(
                fields=["enterprise_no"], name="people_partyname_number", condition=~models.Q(enterprise_no="")
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PartyAddress(_Dated):
    """A party's domicile or seat from a date on, in its parts."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=20, blank=True)
    box = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters.")

    class Meta(_Dated.Meta):
        indexes = [models.Index(fields=["party", "valid_from"], name="people_partyaddress_from")]

    def __str__(self) -> str:
        return str(self.pk)


class PartyContact(models.Model):
    """How to reach a party: changed in place, never shown to other members."""

    party = models.OneToOneField(Party, on_delete=models.PROTECT, primary_key=True, related_name="contact")
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["email"], name="people_contact_email", condition=~models.Q(email=""))]

    def __str__(self) -> str:
        return str(self.pk)


class Representation(models.Model):
    """The agent may act for the principal, an organisation or a minor, from a date on and until a date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12)
    agent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="acts_for")
    principal = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="represented_by")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="The last day; empty while no end is known.")
    proof = models.CharField(max_length=20)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            _one_of("kind", RepresentationKind, "people_representation_kind"),
            _one_of("proof", Proof, "people_representation_proof"),
            models.CheckConstraint(
                condition=~models.Q(agent=models.F("principal")), name="people_representation_of_another"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
                name="people_representation_until",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=RepresentationKind.GUARDIAN.value) | models.Q(valid_until__isnull=False),
                name="people_representation_majority",
            ),
            models.UniqueConstraint(
                fields=["agent", "principal"],
                name="people_representation_open",
                condition=models.Q(valid_until__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SignInTicket(models.Model):
    """A mailed link and code, each kept as a hash only; used once, within minutes, with few attempts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=20)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True)
    email = models.EmailField(max_length=254, blank=True, help_text="The address to be proven, where it is a new one.")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    next_path = models.CharField(max_length=500, blank=True)
    attempts_left = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _one_of("purpose", TicketPurpose, "people_ticket_purpose"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="people_ticket_expires"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="people_ticket_expires")]

    def __str__(self) -> str:
        return str(self.pk)


class ApiToken(models.Model):
    """With what a program acts in somebody's name: the hash of a secret, what it opens, and until which day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(help_text="Codes of what it opens, in their order.")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField(help_text="The last day on which it opens anything.")
    used_on = models.DateField(null=True, help_text="The last day on which it was used.")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="people_apitoken_scopes"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ApiAnswer(models.Model):
    """What a program was answered for a key of its own, kept for a day: the same again does nothing again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="answers")
    key = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, help_text="Of what was asked.")
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="people_apianswer_key")]
        indexes = [models.Index(fields=["made_at"], name="people_apianswer_made")]

    def __str__(self) -> str:
        return str(self.pk)


class DataRequest(models.Model):
    """Somebody asked for their data, or for their erasure: asked, then done or withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="data_requests")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="When an erasure is carried out unless it is withdrawn.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            _one_of("kind", RequestKind, "people_datarequest_kind"),
            _one_of("state", RequestState, "people_datarequest_state"),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.ASKED.value, ended_at__isnull=True)
                | (~models.Q(state=RequestState.ASKED.value) & models.Q(ended_at__isnull=False)),
                name="people_datarequest_ended",
            ),
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=models.Q(state=RequestState.ASKED.value),
                name="people_datarequest_one_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Erasure(AppendOnlyModel):
    """A party was erased: its id and when, nothing else; a restored backup is erased again from this list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    party_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        indexes = [models.Index(fields=["party_id"], name="people_erasure_party")]

    def __str__(self) -> str:
        return str(self.pk)
