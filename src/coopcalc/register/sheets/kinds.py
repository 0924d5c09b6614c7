"""What the words in a column of movements mean, and what such a row says happened."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..records import MovementKind
from .cells import fold, words
from .reading import Draft

ADMISSION: Final = "admission"
ENDING: Final = "ending"
CONVERSION: Final = "conversion"
TRANSFER: Final = "transfer"

# At the end of “conversion out” or “omzetting in”: which of its two sides a row is.
_OUT: Final = words("uit out sortant sortante sortie oud oude ancien ancienne")
_IN: Final = words("in entrant entrante entree nieuw nieuwe nouveau nouvelle")

_SPLITS: Final = ("split", "aandelensplitsing", "fractionnement", "division", "gesplitst", "fractionne")

# The first beginning that fits a word of the cell decides, so the more telling ones come first.
_KINDS: Final = (
    (MovementKind.SPLIT, _SPLITS),
    (CONVERSION, ("omzetting", "omgezet", "conversie", "geconverteerd", "conversion", "convert", "omruil")),
    (
        MovementKind.TRANSFER_OUT,
        (
            "transfer out",
            "overdracht uit",
            "overgedragen",
            "cession sortante",
            "cede",
            "vente",
            "verkoop",
            "overdracht aan",
        ),
    ),
    (
        MovementKind.TRANSFER_IN,
        (
            "transfer in",
            "overdracht in",
            "overgenomen",
            "overname",
            "cession entrante",
            "reprise",
            "acquis",
            "achat",
            "overdracht van",
        ),
    ),
    (TRANSFER, ("overdracht", "cession", "transfer", "transfert")),
    (MovementKind.EXCLUSION, ("uitsluit", "uitgesloten", "exclu", "royement")),
    ("death", ("overlijd", "overleden", "deces", "death")),
    (
        MovementKind.EXIT,
        (
            "uittred",
            "uitgetreden",
            "terugbetal",
            "demission",
            "sortie",
            "exit",
            "retrait",
            "rembours",
            "uitkoop",
            "redemption",
            "withdraw",
            "uit",
            "out",
        ),
    ),
    (
        MovementKind.PAYMENT,
        ("betaling", "storting", "volstort", "paiement", "versement", "liberation", "payment", "paid"),
    ),
    (
        MovementKind.ISSUE,
        (
            "inschrijving",
            "intekening",
            "uitgifte",
            "bijkoop",
            "aankoop",
            "uitbreiding",
            "souscription",
            "emission",
            "issue",
            "subscription",
            "purchase",
            "bijstorting",
            "in",
        ),
    ),
    (ADMISSION, ("toetreding", "aanvaarding", "admission", "adhesion", "lid geworden", "entree", "join")),
    (ENDING, ("einde", "fin", "end", "left", "uitschrijving", "opzeg")),
)

# “1:5”, “1 wordt 5”, “5 voor 1”, “x5”, “in 5”, “par 5”.
_FACTORS: Final = (
    r"\b1\s*(?:[:/=>]|->|→|naar|in|op|wordt|devient|becomes|into|to|en)\s*(\d+)",
    r"(\d+)\s*(?:[:/]|voor|for|pour)\s*1\b",
    r"(?:[x×]|\bin|\bpar|\bdoor|\bby|\bmet|\bfactor|\bfacteur)\s*(\d+)",
)


@dataclass(frozen=True, slots=True)
class Event:
    """What a row of a history says happened."""

    kind: MovementKind | str
    on: dt.date
    other: int | None
    value: Decimal | None
    ending: str = ""
    to_class: str = ""
    factor: int | None = None


def kind_of(text: str, draft: Draft) -> tuple[MovementKind | str | None, str]:
    """Return what a word in the column of movements means, and the reason where somebody leaves; None for no idea."""
    told = fold(text)
    shares = draft.shares or 0
    own = told.replace(" ", "_")
    if own in MovementKind.__members__.values() and own not in (MovementKind.OPENING, MovementKind.CORRECTION):
        return MovementKind(own), ""
    for kind, beginnings in _KINDS:
        if _begins(told, beginnings):
            if kind == "death":
                return (MovementKind.EXIT if shares else ENDING), "death"
            if kind == TRANSFER:
                return (MovementKind.TRANSFER_OUT if shares < 0 else TRANSFER), ""
            if kind == CONVERSION:
                last = told.split()[-1]
                if last in _IN:
                    return MovementKind.CONVERSION_IN, ""
                return (MovementKind.CONVERSION_OUT if shares < 0 or last in _OUT else CONVERSION), ""
            if kind == ADMISSION and shares > 0:
                return MovementKind.ISSUE, ""
            return kind, ""
    if told:
        return None, ""
    # Without a word the sign tells: shares come, shares go, or only money moves.
    if shares > 0:
        return MovementKind.ISSUE, ""
    if shares < 0:
        return MovementKind.EXIT, ""
    return (MovementKind.PAYMENT, "") if draft.paid else (ADMISSION, "")


def _begins(told: str, beginnings: tuple[str, ...]) -> bool:
    return any(f" {one}" in f" {told}" for one in beginnings if told)


def is_split(text: str) -> bool:
    """Tell whether a word in the column of movements means a split."""
    return _begins(fold(text), _SPLITS)


def factor_of(text: str) -> int | None:
    """Return how many shares one share became, from the words of a split; None where they don't say it."""
    for pattern in _FACTORS:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            return int(match[1][:6])
    return None
