"""Names, addresses and numbers as people write them, and as we keep them."""

import dataclasses
import datetime as dt
import re
import unicodedata
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.be import vat as be_vat
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError as NumberError
from stdnum.nl import bsn as nl_elfproef

from coopwerf.kernel.refusals import Refused

from .kinds import Language, PartyKind

EARLIEST = dt.date(1850, 1, 1)
LATEST_AHEAD = dt.timedelta(days=2 * 366)

NAME_LENGTH = 500
GIVEN_LENGTH = 200

# Marks that turn the reading direction of what stands around them: in a name they could disguise a document.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])
_JOINERS = ("\u200c", "\u200d")


def clean_text(value: str, *, field: str, longest: int) -> str:
    """Return text as we keep it: composed (NFC), on one line, without control characters or doubled blanks.

    Joiners stay (emoji and some scripts need them). Raises Refused people.too_long.
    """
    composed = unicodedata.normalize("NFC", value).translate(_TURNING)
    kept = "".join(
        " " if character.isspace() else character
        for character in composed
        if character in _JOINERS or character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    text = " ".join(kept.split())
    if len(text) > longest:
        raise Refused("people.too_long", path=field, longest=longest, length=len(text))
    return text


def clean_email(value: str | None) -> str:
    """Return an e-mail address in lower case, or the empty string for none; raises Refused people.email_wrong."""
    text = unicodedata.normalize("NFC", value or "").strip().lower()
    if not text:
        return ""
    try:
        if len(text) > 254:
            raise ValidationError("")
        validate_email(text)
    except ValidationError:
        raise Refused("people.email_wrong", path="email") from None
    return text


def clean_phone(value: str | None) -> str:
    """Return a phone number as digits with blanks, or the empty string; raises Refused people.phone_wrong."""
    text = " ".join(re.sub(r"[./()-]", " ", value or "").split())
    if text and not re.fullmatch(r"\+?[0-9][0-9 ]{4,28}", text):
        raise Refused("people.phone_wrong", path="phone")
    return text


def clean_language(value: str) -> str:
    """Return nl, fr or en; raises Refused people.language_unknown."""
    if value not in {language.value for language in Language}:
        raise Refused("people.language_unknown", path="language")
    return str(value)


def birthday(born_on: dt.date, years: int) -> dt.date:
    """Return the day on which somebody turns so old; born on 29 February, on 1 March where there is none."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return dt.date(born_on.year + years, 3, 1)


def clean_valid_from(value: dt.date, now: dt.datetime) -> dt.date:
    """Return the date from which a name or address holds; raises Refused people.date_impossible."""
    if not EARLIEST <= value <= now.date() + LATEST_AHEAD:
        raise Refused("people.date_impossible", path="valid_from", earliest=EARLIEST, latest=now.date() + LATEST_AHEAD)
    return value


def clean_enterprise_no(value: str, country: str = "") -> str:
    """Return a checked enterprise number with its country, or the empty string for none.

    Belgium: `BE0123456749`. The Netherlands: `NLKVK12345678` (trade register) or `NLRSIN123456782`. Any VAT number
    of the European Union: with its prefix. `country` (two letters) decides where the number names none.
    Raises Refused people.enterprise_number_wrong.
    """
    text = re.sub(r"[\s./_-]", "", unicodedata.normalize("NFKC", value)).upper()
    if not text:
        return ""
    text = re.sub(r"^(TVA|BTW|VAT|ONDERNEMINGSNUMMER|RPR|RPM|KBO|BCE)+", "", text)
    try:
        return _numbered(text, country.upper())
    except NumberError:
        raise Refused("people.enterprise_number_wrong", path="enterprise_no") from None


def written_enterprise_no(value: str) -> str:
    """Return a checked enterprise number as people of its country write it: `0123.456.749`, `12345678`."""
    if len(value) == 12 and value.startswith("BE"):
        return f"{value[2:6]}.{value[6:9]}.{value[9:]}"
    return value.removeprefix("NLKVK")


def _numbered(text: str, country: str) -> str:
    dutch = re.fullmatch(r"(?:NL)?(KVK|RSIN)([0-9]+)", text)
    if dutch:
        return _dutch(dutch[1], dutch[2])
    if text.startswith("BE"):
        return "BE" + be_vat.validate(text)
    if re.match(r"[A-Z]{2}", text):
        return str(eu_vat.validate(text))
    if country == "BE" or (not country and len(text) == 10):
        return "BE" + be_vat.validate(text)
    if country == "NL" or (not country and len(text) == 8):
        return _dutch({8: "KVK", 9: "RSIN"}.get(len(text), ""), text)
    if country:
        return str(eu_vat.validate(("EL" if country == "GR" else country) + text))
    raise NumberError


def _dutch(register: str, digits: str) -> str:
    if register == "KVK" and re.fullmatch(r"[0-9]{8}", digits) and int(digits):
        return f"NLKVK{digits}"
    if register == "RSIN":
        return f"NLRSIN{nl_elfproef.validate(digits)}"
    raise NumberError


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """Name a person (given and family) or an organisation (its registered name stands in `family`)."""

    family: str
    given: str = ""
    legal_form: str = ""
    enterprise_no: str = ""

    def cleaned(self, kind: PartyKind, country: str = "") -> "Name":
        """Return the name as we keep it; raises Refused when it is empty, too long or has a wrong number."""
        family = clean_text(self.family, field="family", longest=NAME_LENGTH)
        if not family:
            raise Refused("people.name_missing", path="family")
        if kind is PartyKind.PERSON:
            return Name(family, clean_text(self.given, field="given", longest=GIVEN_LENGTH))
        return Name(
            family,
            "",
            clean_text(self.legal_form, field="legal_form", longest=40),
            clean_enterprise_no(self.enterprise_no, country),
        )

    @property
    def sorted_way(self) -> str:
        """Return `Family, Given`."""
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def spoken_way(self) -> str:
        """Return `Given Family`."""
        return f"{self.given} {self.family}" if self.given else self.family


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """Give a domicile or seat in its parts; `country` is ISO 3166-1, two letters."""

    street: str = ""
    number: str = ""
    box: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "BE"

    def cleaned(self) -> "Address":
        """Return the address as we keep it; raises Refused when a part is too long or the country is none."""
        longest = {"street": 200, "number": 20, "box": 20, "postcode": 20, "town": 100}
        parts = {field: clean_text(getattr(self, field), field=field, longest=most) for field, most in longest.items()}
        country = self.country.strip().upper()
        if not re.fullmatch(r"[A-Z]{2}", country):
            raise Refused("people.country_wrong", path="country")
        return Address(**parts, country=country)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing but a country is known."""
        return not any((self.street, self.number, self.box, self.postcode, self.town))

    @property
    def lines(self) -> tuple[str, str]:
        """Return the street line and the town line."""
        box = f" / {self.box}" if self.box else ""
        return f"{self.street} {self.number}{box}".strip(), f"{self.postcode} {self.town}".strip()

    @property
    def on_one_line(self) -> str:
        """Return the address on one line; the country only when it isn't Belgium or the Netherlands."""
        country = "" if self.country in ("BE", "NL") else self.country
        return ", ".join(part for part in (*self.lines, country) if part)

    def as_record(self) -> dict[str, str]:
        """Return the parts by name."""
        return dataclasses.asdict(self)


@dataclasses.dataclass(frozen=True, slots=True)
class NewParty:
    """Describe somebody to be registered: who, where, how to write to them.

    `is_erased` is for a register brought from elsewhere, where somebody was erased already: nothing of them is known.
    """

    kind: PartyKind
    name: Name
    address: Address | None = None
    email: str = ""
    phone: str = ""
    language: str = "nl"
    valid_from: dt.date | None = None
    is_erased: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Particulars:
    """Tell how a party is named and where it lives or sits, on a date.

    After an erasure `is_erased` is true, and name or address are None where nothing kept them.
    """

    party_id: uuid.UUID
    kind: PartyKind
    name_id: uuid.UUID | None
    name: Name | None
    address_id: uuid.UUID | None
    address: Address | None
    sort_key: str = ""
    is_erased: bool = False

    @property
    def display(self) -> str:
        """Return `Family, Given`, or the registered name; empty once erased."""
        return self.name.sorted_way if self.name else ""

    @property
    def spoken(self) -> str:
        """Return `Given Family`, or the registered name; empty once erased."""
        return self.name.spoken_way if self.name else ""

    @property
    def legal_form(self) -> str:
        """Return the legal form of an organisation."""
        return self.name.legal_form if self.name else ""

    @property
    def enterprise_no(self) -> str:
        """Return the enterprise number of an organisation, with its country."""
        return self.name.enterprise_no if self.name else ""

    @property
    def domicile(self) -> str:
        """Return domicile or seat on one line; empty when unknown."""
        return self.address.on_one_line if self.address else ""

    def record(self) -> dict[str, Any]:
        """Return the private record to which a register commits itself (`coopcalc.chain`)."""
        return private_record(self.kind, self.name, self.address)


def private_record(kind: PartyKind, name: Name | None, address: Address | None) -> dict[str, Any]:
    """Return name, kind, domicile and enterprise number as the record behind a commitment."""
    return {
        "name": name.sorted_way if name else "",
        "kind": kind.value,
        "domicile": address.as_record() if address else None,
        "enterprise_no": (name.enterprise_no or None) if name else None,
    }
