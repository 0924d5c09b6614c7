"""Which column is which: the header's line, the spellings of three languages, and what stands below."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ..table import COLUMNS
from .cells import Unreadable, fold, read_communication
from .grid import LOOKED_AT, Cell, Row, Sheet, is_blank, text_of


class Field(StrEnum):
    """Say what a column holds."""

    MEMBER_NO = "member_no"
    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    ORGANISATION = "organisation"
    KIND = "kind"
    LEGAL_FORM = "legal_form"
    ENTERPRISE_NO = "enterprise_no"
    DOMICILE = "domicile"
    STREET = "street"
    NUMBER = "number"
    BOX = "box"
    POSTCODE = "postcode"
    TOWN = "town"
    COUNTRY = "country"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    CLASS = "class"
    SHARES = "shares"
    AMOUNT = "amount_per_share"
    TOTAL = "total"
    PAID = "paid"
    ADMITTED = "admitted_on"
    ASKED = "asked_on"
    PAID_ON = "paid_on"
    ENDED = "ended_on"
    ENDING = "ending"
    COMMUNICATION = "communication"
    MOVEMENT = "movement"
    ON = "on"
    OTHER = "other_no"
    VALUE = "value"
    REFERENCE = "reference"


class Shape(StrEnum):
    """Say what a row of the sheet is: what somebody holds on a day, or something that happened."""

    OPENING = "opening"
    HISTORY = "history"


OPENING_ONLY: Final = frozenset({Field.TOTAL})
HISTORY_ONLY: Final = frozenset({Field.MOVEMENT, Field.ON, Field.OTHER, Field.VALUE, Field.REFERENCE})

# Folded spellings, the likelier ones first; a header is compared whole, then by its beginning and end.
SPELLINGS: Final[Mapping[Field, tuple[str, ...]]] = {
    field: tuple(text.split("|"))
    for field, text in {
        Field.MEMBER_NO: "member no|lidnummer|lidnr|lid nr|lidnr|lid n|lid no|vennootnummer|vennootnr|vennoot nr|vennoten nr|ledennummer"
        "|aandeelhoudersnummer|aandeelhouder nr|registernummer|volgnummer|volgnr|nr lid|nummer lid|numero|numero de membre"
        "|n de membre|no de membre|n membre|no membre|nr membre|numero cooperateur|n cooperateur|no cooperateur|numero d ordre"
        "|numero d actionnaire|n actionnaire|member number|member id|membership number|membership no|member|nr|no|n|nummer|num|id",
        Field.NAME: "naam en voornaam|voornaam en naam|naam voornaam|naam lid|naam vennoot|volledige naam|nom et prenom|nom prenom"
        "|prenom et nom|prenom nom|nom complet|nom du membre|nom du cooperateur|full name|member name|name|naam|nom|vennoot|aandeelhouder"
        "|lid|cooperateur|cooperateurs|cooperatrice|actionnaire|membre|houder|titulaire|denomination|naam of organisatie|naam organisatie"
        "|benaming",
        Field.FAMILY: "familienaam|achternaam|nom de famille|family name|last name|lastname|surname|familie naam",
        Field.GIVEN: "voornaam|voornamen|prenom|prenoms|first name|firstname|given name|given names",
        Field.ORGANISATION: "organisatie|organisation|organization|bedrijf|bedrijfsnaam|firma|firmanaam|rechtspersoon|societe"
        "|raison sociale|company|company name|vereniging|association|nom de l organisation",
        Field.KIND: "kind|type|soort lid|type lid|aard|hoedanigheid|natuurlijk rechtspersoon|np rp|type de membre|personne physique morale"
        "|pp pm|qualite|type of member|member type|soort persoon",
        Field.LEGAL_FORM: "rechtsvorm|forme juridique|legal form",
        Field.ENTERPRISE_NO: "enterprise no|ondernemingsnummer|ondernemingsnr|kbo|kbo nummer|kbo nr|bce|n bce|no bce|numero bce|numero d entreprise"
        "|n d entreprise|no d entreprise|n entreprise|enterprise number|company number|kvk|kvk nummer|kvk nr|btw|btw nummer|btw nr|tva|n tva"
        "|no tva|numero de tva|vat|vat number|vat no|rsin",
        Field.DOMICILE: "domicile|domicilie|volledig adres|adres|adresse|adresse complete|address|full address|adresse postale|postadres|zetel"
        "|siege|siege social|seat|adresgegevens",
        Field.STREET: "straat|straatnaam|straat en nummer|straat en nr|straat en huisnummer|straat nr|straat nummer|rue|rue et numero|rue et n"
        "|rue n|street|street address|adresregel 1|address line 1|adresse 1",
        Field.NUMBER: "huisnummer|huisnr|house number|house no|street number|numero de maison|numero de rue",
        Field.BOX: "bus|busnummer|bus nr|bte|boite|box|toevoeging|huisnummertoevoeging|appartement",
        Field.POSTCODE: "postcode|postnummer|post code|code postal|cp|zip|zip code|postal code|pc",
        Field.TOWN: "gemeente|stad|plaats|woonplaats|localite|ville|commune|city|town|place",
        Field.COUNTRY: "land|landcode|pays|country|country code",
        Field.EMAIL: "e mail|email|mail|e mailadres|emailadres|mailadres|e mail adres|courriel|adresse e mail|adresse email|adresse mail"
        "|email address|e mail address|adresse electronique",
        Field.PHONE: "telefoon|telefoonnummer|tel|tel nr|gsm|gsm nummer|mobiel|telephone|n de telephone|phone|phone number|mobile|portable",
        Field.LANGUAGE: "taal|taalcode|langue|language",
        Field.CLASS: "class|klasse|soort aandeel|soort aandelen|soort van aandelen|type aandeel|type aandelen|aandelenklasse|klasse aandelen"
        "|categorie aandeel|categorie aandelen|reeks|serie|share class|class of shares|classe|classe d actions|classe de parts|type de part"
        "|type de parts|type d action|categorie d actions|categorie de parts|soort|categorie",
        Field.SHARES: "shares|aandelen|aantal aandelen|aand|aantal aand|aantal|aantal stuks|stuks|parts|nombre de parts|nbre de parts|nb de parts"
        "|nb parts|nbr de parts|nombre parts|actions|nombre d actions|nb actions|nbre d actions|parts sociales|nombre de parts sociales|number of shares"
        "|no of shares|share count|quantity|qty|hoeveelheid|quantite|nombre",
        Field.AMOUNT: "amount per share|bedrag per aandeel|waarde per aandeel|waarde aandeel|prijs per aandeel|prijs aandeel|inbreng per aandeel"
        "|nominale waarde|nominaal|uitgifteprijs|eenheidsprijs|valeur nominale|valeur par part|valeur par action|valeur de la part"
        "|prix par part|prix par action|prix de la part|prix unitaire|price per share|share price|nominal value|nominal|prijs|prix|price"
        "|per aandeel|par part|per share",
        Field.TOTAL: "totaal|totaal bedrag|totaalbedrag|bedrag|ingeschreven bedrag|inbreng|kapitaal|onderschreven bedrag|montant|montant total|total"
        "|apport|capital|montant souscrit|capital souscrit|amount|total amount|subscribed|subscribed amount|waarde|valeur|value",
        Field.PAID: "paid|betaald|betaald bedrag|gestort|volgestort|gestort bedrag|reeds gestort|storting|libere|montant libere|paye|montant paye"
        "|verse|montant verse|paid amount|paid up|paid in|amount paid|volstort|bedrag gestort|bedrag betaald",
        Field.ADMITTED: "admitted on|toetreding|toetredingsdatum|datum toetreding|datum van toetreding|toegetreden op|toegetreden|lid sinds|vennoot sinds"
        "|datum aanvaarding|aanvaard op|aanvaarding|instapdatum|ingangsdatum|inschrijvingsdatum|datum inschrijving|lid vanaf|datum lidmaatschap"
        "|date d admission|admission|admis le|date d adhesion|adhesion|date d entree|entree|membre depuis|date d inscription|date de souscription"
        "|souscription|admission date|date of admission|admitted|member since|joined|joined on|join date|start|startdatum|begin|since|sinds|depuis"
        "|datum|date",
        Field.ASKED: "asked on|aanvraag|datum aanvraag|aanvraagdatum|aangevraagd op|date de la demande|date de demande|demande|demande le"
        "|application date|requested|requested on|applied on",
        Field.PAID_ON: "paid on|betaaldatum|datum betaling|betaald op|betaling op|gestort op|datum storting|date de paiement|date du paiement|paye le"
        "|date de versement|verse le|payment date|date paid|date of payment",
        Field.ENDED: "ended on|uittreding|datum uittreding|uittredingsdatum|uitgetreden|uitgetreden op|uitgestapt op|uit op|uit|einde|einddatum"
        "|einde lidmaatschap|lid tot|date de sortie|sortie|sorti le|demission|date de demission|fin|date de fin|left|left on|ended|end|end date"
        "|exit|exit date|exited on",
        Field.ENDING: "reden uittreding|reden|reden vertrek|motif|motif de sortie|raison|reason|reason for leaving",
        Field.COMMUNICATION: "communication|mededeling|gestructureerde mededeling|ogm|ogm code|vaste mededeling|communicatie|communication structuree"
        "|vcs|comm structuree|structured communication|payment reference|betalingskenmerk|reference de paiement|betaalreferentie",
        Field.MOVEMENT: "movement|beweging|soort beweging|type beweging|verrichting|soort verrichting|type verrichting|transactie|type transactie"
        "|mouvement|type de mouvement|nature|nature du mouvement|operation|type d operation|transaction|transaction type|event|gebeurtenis"
        "|evenement",
        Field.ON: "on|datum beweging|datum verrichting|datum transactie|date du mouvement|date de l operation|date d operation|movement date"
        "|effective date|transaction date",
        Field.OTHER: "other no|tegenpartij|nr tegenpartij|aan lid|aan lidnr|naar lid|overgedragen aan|overnemer|begunstigde|contrepartie|cessionnaire"
        "|vers membre|beneficiaire|counterparty|to member|transferred to|aan|naar|vers",
        Field.VALUE: "uitbetaald|terugbetaald|terugbetaling|scheidingsaandeel|waarde uittreding|rembourse|remboursement|montant rembourse|paid out"
        "|refunded|refund|exit value",
        Field.REFERENCE: "reference|referentie|besluit|beslissing|datum besluit|decision|decision de l oa|pv|notulen|verslag|ref",
    }.items()
}
_KNOWN: Final[Mapping[str, Field]] = {
    spelling: field for field, spellings in reversed(SPELLINGS.items()) for spelling in reversed(spellings)
}
_BARE_NUMBERS: Final = frozenset({"nr", "no", "n", "numero", "num", "nummer", "number"})

OWN_HEADER: Final = COLUMNS
"""The header of our own table; a sheet that has it is read to the letter, without guessing."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sheet seems to be: where its header stands, what each column holds, what a row is."""

    header: int
    columns: Mapping[int, Field]
    shape: Shape
    is_own: bool = False


def header_key(cell: Cell) -> str:
    """Fold a header for comparing: `Lidnr.` and `LIDNR` are the same."""
    # "N°" would fold to "no" on some machines' keyboards and to "n" on others.
    return fold(text_of(cell).replace("°", " ").replace("º", " ").replace("#", " nr "))


def known_field(cell: Cell) -> Field | None:
    """Return what a header of this spelling holds, or None where no spelling fits."""
    key = header_key(re.sub(r"\(.*?\)", " ", text_of(cell))) or header_key(cell)
    if not key or len(key) > 60:
        return None
    if key in _KNOWN:
        return _KNOWN[key]
    # “Aantal aandelen klasse A”, “Date de sortie éventuelle”: the longest spelling at its beginning or end decides.
    best = ""
    for spelling in _KNOWN:
        if len(spelling) > max(3, len(best)) and (key.startswith(spelling + " ") or key.endswith(" " + spelling)):
            best = spelling
    return _KNOWN.get(best)


def find_header(sheet: Sheet) -> int:
    """Return the line of the header: of the first rows the one that most known column names stand in; 0 for none."""
    best, most = 0, 1
    for row in sheet.rows[:LOOKED_AT]:
        texts = [cell for cell in row.cells if isinstance(cell, str) and cell.strip()]
        known = len({field for cell in texts if (field := known_field(cell))})
        # A row of data may hold the words “class” or “lid” too, but dates and amounts beside them.
        others = sum(1 for cell in row.cells if not is_blank(cell) and not isinstance(cell, str))
        if known - others > most:
            best, most = row.line, known - others
    return best


def guess(sheet: Sheet, *, header: int | None = None, remembered: Mapping[str, str] | None = None) -> Guess:
    """Guess what a sheet holds; `remembered` maps folded headers to fields that somebody chose before."""
    line = find_header(sheet) if header is None else header
    row = sheet.row(line)
    heads = row.cells if row is not None else ()
    if tuple(text_of(cell) for cell in heads) == OWN_HEADER:
        return Guess(line, {place: Field(name) for place, name in enumerate(OWN_HEADER)}, Shape.OPENING, True)
    body = [row for row in sheet.rows if row.line > line][:200]
    found: dict[int, Field] = {}
    for place, cell in enumerate(heads):
        told = (remembered or {}).get(header_key(cell))
        if told is not None and not is_blank(cell):
            if told and told in Field and Field(told) not in found.values():
                found[place] = Field(told)
        elif (field := known_field(cell)) and field not in found.values():
            found[place] = field
        elif field is Field.MEMBER_NO and found.get(place - 1) is Field.STREET:
            found[place] = Field.NUMBER
    _settle(found, heads, body)
    _by_content(found, sheet.width, body)
    shape = Shape.HISTORY if Field.MOVEMENT in found.values() or Field.ON in found.values() else Shape.OPENING
    if shape is Shape.HISTORY:
        _as_history(found)
    return Guess(line, dict(sorted(found.items())), shape)


def _settle(found: dict[int, Field], heads: Sequence[Cell], body: Sequence[Row]) -> None:
    """Part what one word can mean: a family name beside a given one, a street beside a postcode."""
    fields = {field: place for place, field in found.items()}
    if Field.GIVEN in fields and Field.NAME in fields and Field.FAMILY not in fields:
        key = header_key(heads[fields[Field.NAME]])
        if key in ("naam", "nom", "name"):
            found[fields[Field.NAME]] = Field.FAMILY
    if Field.DOMICILE in fields and {Field.POSTCODE, Field.TOWN} & fields.keys() and Field.STREET not in fields:
        found[fields[Field.DOMICILE]] = Field.STREET
    # “Woonplaats” is a town, unless a whole address stands below it.
    if Field.TOWN in fields and not {Field.DOMICILE, Field.STREET, Field.POSTCODE} & fields.keys():
        texts = [text_of(row.at(fields[Field.TOWN])) for row in body]
        if sum(bool(re.search(r"\d", text)) for text in texts) * 2 > sum(map(bool, texts)):
            found[fields[Field.TOWN]] = Field.DOMICILE
    # A second “nr” beside a street is the house's.
    street = fields.get(Field.STREET, fields.get(Field.DOMICILE))
    if street is not None and Field.NUMBER not in found.values():
        place = street + 1
        if place < len(heads) and header_key(heads[place]) in _BARE_NUMBERS:
            found[place] = Field.NUMBER
            if Field.DOMICILE in found.values():
                found[street] = Field.STREET


def _by_content(found: dict[int, Field], width: int, body: Sequence[Row]) -> None:
    """Recognise columns without a known header by what stands in them."""
    for place in range(width):
        if place in found:
            continue
        texts = [text_of(row.at(place)) for row in body if not is_blank(row.at(place))]
        if not texts:
            continue
        if Field.EMAIL not in found.values() and _most(re.fullmatch(r"\S+@\S+\.\w+", text) for text in texts):
            found[place] = Field.EMAIL
        elif Field.COMMUNICATION not in found.values() and _most(
            re.search(r"[+*]{3}", text) and _reads_communication(text) for text in texts
        ):
            found[place] = Field.COMMUNICATION


def _most(answers: object) -> bool:
    told = [bool(answer) for answer in answers]  # type: ignore[attr-defined]
    return sum(told) * 2 > len(told)


def _reads_communication(text: str) -> bool:
    try:
        return bool(read_communication(text))
    except Unreadable:
        return False


def _as_history(found: dict[int, Field]) -> None:
    """In a history a bare date is the movement's."""
    fields = {field: place for place, field in found.items()}
    if Field.ON not in fields and Field.ADMITTED in fields:
        found[fields[Field.ADMITTED]] = Field.ON
    if Field.TOTAL in fields and Field.PAID not in fields:
        found[fields[Field.TOTAL]] = Field.PAID


def is_month_first(sheet: Sheet, header: int, columns: Mapping[int, Field]) -> bool:
    """Tell whether the dates written as text have the month first: some can only be that, and none the other way."""
    dated = {Field.ADMITTED, Field.ASKED, Field.PAID_ON, Field.ENDED, Field.ON}
    month = day = 0
    for row in sheet.rows:
        if row.line <= header:
            continue
        for place, field in columns.items():
            cell = row.at(place)
            if field in dated and isinstance(cell, str):
                match = re.match(r"\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*\d", cell)
                if match:
                    month += int(match[2]) > 12 >= int(match[1])
                    day += int(match[1]) > 12 >= int(match[2])
    return month > 0 and day == 0


def order_turned(on: dt.date) -> dt.date | None:
    """Return a date with day and month turned round, where that is another date; else None."""
    return None if on.day > 12 or on.day == on.month else on.replace(month=on.day, day=on.month)


def best_sheet(sheets: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet that looks most like a register: a header of known names, then many rows; hidden ones last."""

    def fitness(sheet: Sheet) -> tuple[int, int, int]:
        row = sheet.row(find_header(sheet))
        known = len({field for cell in row.cells if (field := known_field(cell))}) if row else 0
        return (0 if sheet.is_hidden else 1, known, len(sheet.rows))

    filled = [sheet for sheet in sheets if sheet.rows]
    return max(filled, key=fitness, default=None)
