"""People: accounts that sign in, parties (persons and organisations), their dated names and addresses."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from coopwerf.kernel.ids import uuid7

from .states import Language, PartyKind


class Party(models.Model):
    """A human being or an organisation, as an opaque id: names and addresses stand beside it, dated."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in PartyKind])
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PartyKind]), name="people_party_kind"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AccountManager(BaseUserManager["Account"]):
    """Find accounts by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account with this e-mail address; raises Account.DoesNotExist."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who can sign in, by a mail or a passkey; there are no passwords."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254)
    party = models.OneToOneField(Party, on_delete=models.PROTECT, null=True, related_name="account")
    language = models.CharField(max_length=2, choices=[(lang.value, lang.value) for lang in Language])
    is_administrator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="people_account_email")]

    def __str__(self) -> str:
        return self.email


class _Particulars(models.Model):
    """A dated fact about a party: it holds from `valid_from`, until the next one; corrections are later rows.

    Never changed; deleted by erasure only, together with its salt.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        triggers: ClassVar[list[Any]] = [pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update)]


class PartyName(_Particulars):
    """A party's name from a date on: given and family name of a person, the registered name of an organisation."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="names")
    given = models.CharField(max_length=200, blank=True)
    family = models.CharField(max_length=500, help_text="Or the registered name of an organisation.")
    legal_form = models.CharField(max_length=40, blank=True)
    enterprise_no = models.CharField(max_length=20, blank=True, help_text="With its country: BE0123456749.")

    class Meta(_Particulars.Meta):
        indexes = [models.Index(fields=["party", "valid_from"], name="people_partyname_from")]

    def __str__(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


class PartyAddress(_Particulars):
    """A party's domicile or seat from a date on, in its parts."""

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="addresses")
    street = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=20, blank=True)
    box = models.CharField(max_length=20, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    town = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1, two letters.")

    class Meta(_Particulars.Meta):
        indexes = [models.Index(fields=["party", "valid_from"], name="people_partyaddress_from")]

    def __str__(self) -> str:
        return f"{self.postcode} {self.town}"
