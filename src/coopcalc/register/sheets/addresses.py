"""Addresses: from one cell, or from parts that were put together wrongly."""

import re
from dataclasses import asdict, dataclass, replace
from typing import Final

from ..table import domicile_text
from .cells import fold
from .names import proper_place

COUNTRIES: Final = {
    name: code
    for code, names in {
        "BE": "be|bel|belgie|belgique|belgium|belgien|b",
        "NL": "nl|nld|nederland|pays bas|netherlands|the netherlands|holland|niederlande",
        "FR": "fr|fra|frankrijk|france",
        "DE": "de|deu|duitsland|allemagne|germany|deutschland|d",
        "LU": "lu|lux|luxemburg|luxembourg",
        "GB": "gb|uk|verenigd koninkrijk|royaume uni|united kingdom|great britain|engeland|england",
        "ES": "es|esp|spanje|espagne|spain",
        "IT": "it|ita|italie|italy",
        "PT": "pt|prt|portugal",
        "CH": "ch|che|zwitserland|suisse|switzerland",
        "AT": "at|aut|oostenrijk|autriche|austria",
        "IE": "ie|irl|ierland|irlande|ireland",
        "PL": "pl|pol|polen|pologne|poland",
        "RO": "ro|rou|roemenie|roumanie|romania",
        "GR": "gr|el|griekenland|grece|greece",
        "SE": "se|swe|zweden|suede|sweden",
        "DK": "dk|dnk|denemarken|danemark|denmark",
        "US": "us|usa|verenigde staten|etats unis|united states",
        "CA": "ca|can|canada",
        "MA": "ma|mar|marokko|maroc|morocco",
    }.items()
    for name in names.split("|")
}

_POSTCODES: Final = (
    ("NL", re.compile(r"\b(?:NL[- ]?)?([1-9]\d{3}) ?([A-Z]{2})\b(?=\s+\S|\s*$)")),
    ("BE", re.compile(r"\b(?:BE?[- ]?)([1-9]\d{3})\b")),
    ("LU", re.compile(r"\bL(?:U?)[- ]([1-9]\d{3})\b")),
    ("FR", re.compile(r"\bF(?:R?)[- ](\d{5})\b")),
    ("DE", re.compile(r"\bDE?[- ](\d{5})\b")),
    ("", re.compile(r"\b(\d{5})\b(?=\s+\D)")),
    ("", re.compile(r"\b([1-9]\d{3})\b(?=\s+\D)")),
)
_BOX: Final = r"(?:bus|bte\.?|boite|boîte|box|b\.|/|app\.?|apt\.?|appartement|#)"
_NUMBER: Final = r"\d+(?:\s?[a-zA-Z](?![a-zA-Z])|\s?(?:bis|ter))?(?:\s?-\s?\d+[a-zA-Z]?)?"


@dataclass(frozen=True, slots=True)
class AddressParts:
    """A domicile or seat in its parts; `country` is two letters, or nothing where none is told."""

    street: str = ""
    number: str = ""
    box: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing but a country is known."""
        return not any((self.street, self.number, self.box, self.postcode, self.town))


def read_country(text: str) -> str:
    """Return the two letters of a country's name in our languages; nothing where it isn't known."""
    return COUNTRIES.get(fold(text), "")


def read_address(text: str, *, country: str = "BE") -> AddressParts:
    """Part an address that stands in one cell; what can't be parted stays whole in `street`."""
    lines = [part.strip() for part in re.split(r"[\n;]|,(?=\s|$)|\s[-–]\s|,", text) if part.strip()]
    told = ""
    if len(lines) > 1 and (told := read_country(lines[-1])):
        lines = lines[:-1]
    whole = ", ".join(lines)
    match = guessed = None
    for code, pattern in _POSTCODES:
        found = list(pattern.finditer(whole))
        # A house number of four digits comes before the postcode, so the last one is it.
        if found and not (code == "" and country == "NL" and len(found[-1][1]) == 4 and found[-1].start() == 0):
            match, guessed = found[-1], code
            break
    if match is None:
        street = read_street(whole)
        return replace(street, country=told or country)
    before, after = whole[: match.start()].strip(" ,"), whole[match.end() :].strip(" ,")
    postcode = " ".join(match.groups())
    town, _, rest = after.partition(",")
    if not before and rest.strip():
        before = rest.strip()
    elif rest.strip() and not told:
        told = read_country(rest)
    if town and not told and " " in town and read_country(town.split()[-1].strip("()")) and len(town.split()[-1]) > 2:
        told = read_country(town.split()[-1].strip("()"))
        town = " ".join(town.split()[:-1])
    parts = read_street(before)
    return replace(
        parts,
        postcode=postcode,
        town=proper_place(town.strip()),
        country=told or guessed or country,
    )


def read_street(text: str) -> AddressParts:
    """Part street, house number and box: `Kerkstraat 12 bus 3`, `12 rue Haute`, `Rue Haute, 12/3`."""
    text = " ".join(text.replace(",", " ").split())
    match = re.fullmatch(
        rf"(?P<street>.*?\D)\s*(?:nr\.?|n°|no\.?)?\s*(?P<number>{_NUMBER})\s*(?:{_BOX}\s*(?P<box>[\w./-]{{1,12}}))?",
        text,
        re.I,
    )
    if match is None:
        match = re.fullmatch(
            rf"(?P<number>{_NUMBER})\s*(?:{_BOX}\s*(?P<box>\d[\w.-]{{0,11}}))?\s+(?P<street>\D.*)", text, re.I
        )
    if match is None:
        return AddressParts(street=proper_place(text))
    return AddressParts(
        street=proper_place(match["street"].strip()),
        number=match["number"].replace(" ", "") if match["number"] else "",
        box=match["box"] or "",
    )


_LONGEST: Final = {"street": 200, "number": 20, "box": 20, "postcode": 20, "town": 100}


def read_own_domicile(text: str) -> AddressParts:
    """Part a domicile that our own table wrote, so that writing it again gives the same text to the letter."""
    match = re.fullmatch(r"(?:(.*), )?([A-Z]{2})", text)
    head, country = (match[1] or "", match[2]) if match else (text, "BE")
    streets, _, place = head.rpartition(", ")
    for parts in (
        _own_parts(streets, place, country),
        _own_parts(head, "", country),
        _own_parts("", head, country),
        AddressParts(street=streets, town=place, country=country),
        AddressParts(street=head, country=country),
        AddressParts(street=head[:200], town=head[200:], country=country),
    ):
        fits = all(len(value) <= _LONGEST.get(key, 2) for key, value in asdict(parts).items())
        clean = all(value == value.strip() for value in asdict(parts).values())
        if fits and clean and domicile_text(asdict(parts)) == text:
            return parts
    return AddressParts(street=head[:200], country=country)


def _own_parts(street_line: str, place: str, country: str) -> AddressParts:
    line, mark, box = street_line.rpartition(" / ")
    if not mark:
        line, box = street_line, ""
    street, _, number = line.rpartition(" ")
    if not street or not re.match(r"\d", number):
        street, number = line, ""
    match = re.fullmatch(r"(\d{4} [A-Z]{2}|[A-Z]{0,2}-?\d{4,6}) (.+)", place)
    postcode, town = (match[1], match[2]) if match else ("", place)
    return AddressParts(street, number, box, postcode, town, country)
