"""Names as spreadsheets have them: in capitals, turned round, with a legal form behind them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .cells import fold, words

# What stands between a given and a family name, or at the head of one.
PARTICLES: Final = words(
    """
    van von vom zu zum zur de der den des del della delle di da dal das do dos du la le les l d ter ten te tot 't t
    's op in aan het y e el al ben bin ibn abu uit over onder voor
    """
)
_HEAD: Final = words(
    """
    van von de der den des del della di da dos du le la les ter ten te el al ben bin ibn abu 't d'
    """
)
_MACS: Final = words(
    """
    macdonald macarthur mackenzie macleod macgregor macintosh macmillan macpherson maclean
    """
)
_ROMAN: Final = re.compile(r"(?=[IVX])(X{0,2})(IX|IV|V?I{0,3})")
_TITLES: Final = words(
    """
    dhr mevr mevrouw mw mme mlle madame monsieur mr mrs ms dr ir ing prof drs meneer heer
    """
)

# Legal forms that stay unmistakable anywhere in a name, and short ones that count at its beginning or end only.
_FORMS: Final = words(
    """
    bvba ebvba vzw ivzw cvba cvso cvbaso cvoa commv comm.v gcv asbl aisbl srl sprl scrl scrlfs scri sccrl vof gmbh ltd
    limited llc plc stichting fondation cooperatie cooperatief cooperative coop sarl sas eurl ua
    """
)
_SHORT_FORMS: Final = words(
    """
    bv nv cv sa sc snc scs se ug ev inc ag fv asbl
    """
)
_BODIES: Final = words(
    """
    vereniging verenigingen association federatie federation gemeente ocmw cpas gemeentebestuur maatschap
    universiteit universite hogeschool vennootschap societe intercommunale vakbond mutualiteit parochie
    """
)

# The given names that are met most, to tell which of two words is one.
GIVEN: Final = words(
    """
    adam ahmed ali amina an anja anke ann anna anne anneke annelies annick arne arthur bart bas benoit bernard bert
    bram bruno camille cecile cees chantal charlotte christian christine christophe claire daan daniel danielle
    david denis didier dirk dominique elisabeth elise elke ellen els emile emily emma eric erik erwin etienne eva
    fabienne fatima femke filip fleur florence francois francoise frank franky frans frederik geert gert gijs gilles
    guido guy hans hassan helene henk henri hilde hugo ilse ingrid isabelle jacques jan jana jasper jean jeanne
    jeannine jef jeroen jo johan johanna joke joris jos joseph jozef julie karel karen karim karin katrien kees koen
    kris kristof kurt lars laura laurent leen leila lena lien lies liesbeth lieve linda lotte louis louise luc lucas
    lucie luk lut maarten marc maria marie marijke mark marleen martin martine mia michel michele mila mohamed
    monique nadia nathalie nele nicolas nicole noah olivier omar pascal patrick paul paula pauline peter petra
    philip philippe pierre pieter ria rik rita rob robert roger roos ruben said sander sanne sara sarah saskia sofie
    sophie stefaan stefan stijn sven thijs thomas tim tine tom veerle vincent walter willem wim wouter youssef yves
    """
)


@dataclass(frozen=True, slots=True)
class PersonName:
    """A human being's family and given name."""

    family: str
    given: str = ""


def proper(text: str, *, lower_particles: bool = False, is_loud: bool | None = None) -> str:
    """Write a name that stands in capitals (or without any) as people write it; leave every other name alone.

    A particle at its head gets a capital, as in Belgium (Van den Berg), unless `lower_particles`, as in the
    Netherlands behind a given name (van den Berg). `is_loud` says whether the whole that this is a part of is in
    capitals.
    """
    if not (is_shouted(text) if is_loud is None else is_loud):
        return text
    words = text.split()
    return " ".join(_proper_word(word, is_first=place == 0 and not lower_particles) for place, word in enumerate(words))


def is_shouted(text: str) -> bool:
    """Tell whether a text stands in capitals only, or in none, so that its capitals say nothing."""
    letters = [character for character in text if character.isalpha()]
    # One or two letters may be initials.
    return len(letters) > 2 and (all(not c.islower() for c in letters) or all(not c.isupper() for c in letters))


def _proper_word(word: str, *, is_first: bool) -> str:
    if re.fullmatch(r"(\w\.-?)+", word):
        return word.upper()
    if word.isupper() and len(word) < 5 and _ROMAN.fullmatch(word) and not is_first:
        return word
    low = word.lower()
    if low in PARTICLES:
        return low[0].upper() + low[1:] if is_first and low[0].isalpha() else low
    return "-".join(_proper_part(part, is_first=is_first) for part in low.split("-"))


def _proper_part(part: str, *, is_first: bool) -> str:
    # D'Hondt, O'Brien, but Van 't Hof and 's-Gravenhage.
    if match := re.fullmatch(r"([a-z])(['’])(\w.*)", part):
        head = match[1] if match[1] in "st" else match[1].upper()
        return f"{head}{match[2]}{_proper_part(match[3], is_first=False)}"
    if re.fullmatch(r"['’][a-z]", part):
        return part
    if part in _MACS:
        return "Mac" + part[3:].capitalize()
    if part.startswith("mc") and len(part) > 4:
        return "Mc" + part[2:].capitalize()
    if part.startswith("ij") and len(part) > 3:
        return "IJ" + part[2:]
    place = next((index for index, character in enumerate(part) if character.isalpha()), 0)
    return part[:place] + part[place : place + 1].upper() + part[place + 1 :]


_STREET_SMALL: Final = words(
    """
    van de der den des du la le les l d te ten ter op aan in en et sur sous lez aux au het 't à
    """
)


def proper_place(text: str) -> str:
    """Write a street or town that stands in capitals as people write it: Rue de la Loi, Sint-Niklaas."""
    if not is_shouted(text):
        return text
    words = text.lower().split()
    shown: list[str] = []
    for place, word in enumerate(words):
        parts = word.split("-")
        shown.append(
            "-".join(
                part
                if (part in _STREET_SMALL and (place or inner)) or re.fullmatch(r"['’]\w", part)
                else _proper_part(part, is_first=place == 0)
                for inner, part in enumerate(parts)
            )
        )
    return " ".join(shown)


def without_title(text: str) -> str:
    """Leave out a form of address before a name (Mevr., M., Dr.)."""
    words = text.split()
    while len(words) > 2 and (fold(words[0]) in _TITLES or words[0] in ("M.", "Mr.", "Ms.")):
        words = words[1:]
    return " ".join(words)


def legal_form(name: str) -> str:
    """Return the legal form that a name carries, as it is written there; nothing for a human being."""
    words = name.replace(",", " ").split()
    for place, word in enumerate(words):
        bare = fold(re.sub(r"[^\w]", "", word))
        if bare in _FORMS:
            return word
        if (
            bare in _SHORT_FORMS
            and len(words) > 1
            and place in (0, len(words) - 1)
            and not (bare == "sa" and word == "Sa")
        ):
            return word
    return ""


def looks_like_organisation(name: str) -> bool:
    """Tell whether a name is one of an organisation: it carries a legal form, or calls itself one."""
    return bool(legal_form(name)) or any(fold(word) in _BODIES for word in name.split())


def names_two(name: str) -> bool:
    """Tell whether a name seems to be that of two people together."""
    return bool(re.search(r"\S\s+(&|\+|en|et|and)\s+\S|\S\s*/\s*\S", name)) and not looks_like_organisation(name)


def family_first(names: Iterable[str]) -> bool:
    """Tell whether most of these names have the family name first, judged by the given names that are met most."""
    votes = 0
    for name in names:
        words = fold(name).split()
        if len(words) >= 2 and "," not in name:
            votes += (words[-1] in GIVEN) - (words[0] in GIVEN)
    return votes > 0


def split_person(text: str, *, is_family_first: bool, lower_particles: bool = False) -> PersonName:
    """Part the name of a human being into family and given name.

    A comma decides (Last, First), then capitals (PEETERS Jan), then the order that its column has.
    """
    text = without_title(" ".join(unicodedata.normalize("NFC", text).split()))
    is_loud = is_shouted(text)
    if "," in text:
        family, _, given = (part.strip() for part in text.partition(","))
        if family:
            return PersonName(
                proper(family, is_loud=is_loud or _is_capital(family)),
                proper(given, is_loud=is_loud or _is_capital(given)),
            )
    words = text.split()
    if len(words) < 2:
        return PersonName(proper(text))
    if found := _by_capitals(words):
        family, given = (" ".join(part) for part in found)
        return PersonName(proper(family, is_loud=True), proper(given, is_loud=False))
    # No given name begins with one of these.
    is_family_first = is_family_first or words[0].lower() in _HEAD - {"ben", "al", "la", "el"}
    parts = _family_ahead(words) if is_family_first else _family_behind(words)
    family, given = (" ".join(part) for part in parts)
    is_small = lower_particles and not is_family_first
    return PersonName(proper(family, lower_particles=is_small, is_loud=is_loud), proper(given, is_loud=is_loud))


def _is_capital(text: str) -> bool:
    return len(text) > 1 and text.isupper() and not re.fullmatch(r"(\w\.[- ]?)+", text)


def _by_capitals(words: list[str]) -> tuple[list[str], list[str]] | None:
    loud = [len(re.sub(r"[^\w]", "", word)) > 1 and word.isupper() for word in words]
    if all(loud) or not any(loud):
        return None
    first, last = loud.index(True), len(loud) - 1 - loud[::-1].index(True)
    # Particles written small belong to the loud word behind them.
    while first and fold(words[first - 1]) in PARTICLES:
        first -= 1
    if not all(loud[place] or fold(words[place]) in PARTICLES for place in range(first, last + 1)):
        return None
    given = words[:first] + words[last + 1 :]
    return (words[first : last + 1], given) if given else None


def _family_ahead(words: list[str]) -> tuple[list[str], list[str]]:
    end = 0
    while end < len(words) - 2 and fold(words[end]) in PARTICLES:
        end += 1
    end += 1
    # More than two words left: a double family name, unless the next one is known as a given name.
    while end < len(words) - 1 and fold(words[end]) not in GIVEN and fold(words[-1]) in GIVEN:
        end += 1
    return words[:end], words[end:]


def _family_behind(words: list[str]) -> tuple[list[str], list[str]]:
    start = next((place for place, word in enumerate(words) if place and word.lower() in _HEAD), 0)
    if not start:
        start = 1
        while start < len(words) - 1 and (fold(words[start]) in GIVEN or re.fullmatch(r"(\w\.)+", words[start])):
            start += 1
    return words[start:], words[:start]


def name_key(*names: str) -> str:
    """Fold names so that the same person has the same key, whichever way round and however it is written."""
    return " ".join(sorted(fold(" ".join(names)).split()))
