"""E-mail addresses: which can be one, when two writings are the same, and how often strangers have one mailed."""

import dataclasses
import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from coopwerf.kernel.limits import once_more
from coopwerf.kernel.refusals import Refused

LONGEST = 254
TO_ONE_MAILBOX = 12
"""Mails a day for which forms without an account may ask to one mailbox, whatever they are for and wherever here."""
FROM_ONE_PLACE = 60
"""The same, an hour, from one place on the network."""
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# RFC 5321, quoted string: printable characters, those that would end it behind a backslash.
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_DOMAIN = EmailValidator()


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """An address as it was typed, and by which two writings of it are the same."""

    typed: str
    key: str

    @property
    def domain(self) -> str:
        """Return the domain as mail servers know it."""
        return self.key.rpartition("@")[2]


def parse(text: str) -> Address:
    """Read an address; raises Refused messages.address_wrong.

    Spaces around it are dropped. The domain may hold any letters (it is known to servers in IDNA form); the part
    before it is ASCII, since few servers take anything else, and may be quoted.
    """
    typed = unicodedata.normalize("NFC", text.strip())
    local, at, domain = typed.rpartition("@")
    if not at or len(typed) > LONGEST or len(local) > 64 or not (_PLAIN.fullmatch(local) or _QUOTED.fullmatch(local)):
        raise Refused("messages.address_wrong", address=_shown(text))
    # What stands between brackets is a machine, and no mailbox of a person.
    if domain.startswith("["):
        raise Refused("messages.address_wrong", address=_shown(text))
    try:
        _DOMAIN(f"x@{domain}")
        known = domain.encode("idna").decode("ascii").lower()
    except (ValidationError, UnicodeError):
        raise Refused("messages.address_wrong", address=_shown(text)) from None
    return Address(typed, f"{_bare(local).lower()}@{known}")


def key_of(text: str) -> str:
    """Return by which two writings of an address are the same; empty for what is no address."""
    try:
        return parse(text).key
    except Refused:
        return ""


def mailbox(text: str) -> str:
    """Return to which mailbox an address leads: what stands behind a plus makes no other one at most servers."""
    local, _at, domain = key_of(text).rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def once_more_to(text: str, *, place: str = "") -> bool:
    """Count that somebody who typed an address asks for a mail to it, and tell whether one more may leave.

    Who types it may be anybody: a form must not be a way to fill a stranger's mailbox, in however many co-operatives.
    `place` is where on the network it was typed. Call it outside a transaction.
    """
    if place and not once_more("messages.mail_from", place, most=FROM_ONE_PLACE, seconds=3600):
        return False
    return once_more("messages.mail_to", mailbox(text), most=TO_ONE_MAILBOX, seconds=86_400)


def envelope(text: str) -> str:
    """Return an address as mail servers take it: its domain in IDNA form, the rest as it was typed."""
    local, _at, domain = text.rpartition("@")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


class AddressField(forms.CharField):
    """Ask for an e-mail address, whatever may be one: browsers refuse some of those that they check themselves."""

    widget = forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST, **options})

    def clean(self, value: Any) -> str:
        """Return the address as it was typed; raises ValidationError."""
        text = str(super().clean(value))
        if not text:
            return text
        try:
            return parse(text).typed
        except Refused as refusal:
            raise ValidationError(refusal.message) from None


def _bare(local: str) -> str:
    """Return a quoted part without quotes that change nothing."""
    if not local.startswith('"'):
        return local
    inner = re.sub(r"\\(.)", r"\1", local[1:-1])
    return inner if _PLAIN.fullmatch(inner) else '"' + re.sub(r'(["\\])', r"\\\1", inner) + '"'


def _shown(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
