"""Names of people and organisations, compared as banks write them: capitals, no accents, any order, cut short."""

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_MARK: Final = re.compile("[\u0300-\u036f]")
# D'Hondt, O'Brien, 't Hof: one letter with an apostrophe belongs to what follows; without one it is an initial.
_ELIDED: Final = re.compile(r"\b([a-z])['’`´] ?(?=\w)|['’`´]([a-z])[ -](?=\w)")
_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# They belong to the word behind them: Van den Berg is Vandenberg, D'Hondt is Dhondt.
_PARTICLES: Final = _words(
    """
    van von vom zu der den des de del della di da dal do dos du la le les ter ten te op het el al ben bin
    """
)
_AND: Final = _words("en et and und of ou or eo cj ep epse wed vve")
_TITLES: Final = _words("dhr mevr mevrouw mw mme mlle madame monsieur mr mrs ms dr ir ing prof meneer heer")
_FORMS: Final = _words(
    """
    bvba ebvba vzw ivzw cvba cvso cvbaso commv asbl aisbl srl sprl scrl scrlfs scri vof snc gmbh ltd plc coop
    cooperatie cooperatief cooperative stichting fondation bv nv cv sa sc sarl sas ua
    """
)
_CUT_FROM: Final = 24
"""How long a name is at least that a bank may have cut: CODA and MT940 keep 26 to 35 signs."""


@dataclass(frozen=True, slots=True)
class NameForm:
    """A name for comparing: its words in alphabetical order, and a bit for each first letter that they have."""

    words: tuple[str, ...]
    mask: int
    may_be_cut: bool


def plain(text: str) -> list[str]:
    """Return the words of a text without accents, capitals and signs."""
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text)).casefold().translate(_LETTERS)
    return _WORD.findall(_ELIDED.sub(r"\1\2", bare))


@functools.lru_cache(maxsize=65_536)
def name_form(name: str) -> NameForm:
    """Return a name as it is compared: without titles and legal forms, particles joined to what they belong to."""
    words = plain(name)
    # Monsieur et Madame: an M that is no initial.
    if words[:1] == ["m"] and {"mme", "mevr", "mevrouw", "mw"} & set(words[:3]):
        words = words[1:]
    kept = [word for word in words if word not in _TITLES and word not in _AND and word not in _FORMS]
    joined = tuple(sorted(_joined(kept or words)))
    mask = 0
    for word in joined:
        mask |= 1 << (ord(word[0]) % 61)
    return NameForm(joined, mask, len(name.strip()) >= _CUT_FROM)


def _joined(words: list[str]) -> list[str]:
    found: list[str] = []
    ahead = ""
    for word in words:
        if word in _PARTICLES:
            ahead += word
        else:
            found.append(ahead + word)
            ahead = ""
    if ahead and found:
        # Berg, Jan van den
        found[0] = ahead + found[0]
    elif ahead:
        found.append(ahead)
    return found


def is_same(one: NameForm, other: NameForm) -> bool:
    """Tell whether two names have the same words."""
    return bool(one.words) and one.words == other.words


def is_alike(paid: NameForm, known: NameForm) -> bool:
    """Tell whether the name on a payment may be this known name: a part of it, initials, one letter off, cut short.

    Every word of the shorter name has its own in the longer one, and at least one of three letters is the same in
    both. A single word is enough only where it is all of the known name.
    """
    short, long = (paid, known) if len(paid.words) <= len(known.words) else (known, paid)
    if short.mask & ~long.mask or not short.words or (len(short.words) == 1 and short is paid and short != known):
        return False
    left = list(long.words)
    open_words = []
    is_anchored = False
    for word in short.words:
        if word in left:
            left.remove(word)
            is_anchored = is_anchored or len(word) >= 3
        else:
            open_words.append(word)
    if not is_anchored:
        return False
    typos = 0
    # Initials last: they would take the word that a longer one needs.
    for word in sorted(open_words, key=len, reverse=True):
        partner = next((one for one in left if _is_initial(word, one)), None)
        if partner is None:
            partner = next((one for one in left if paid.may_be_cut and _is_cut(word, one)), None)
        if partner is None:
            partner = next((one for one in left if one_off(word, one)), None)
            typos += 1
        if partner is None or typos > 1:
            return False
        left.remove(partner)
    return True


def _is_initial(one: str, other: str) -> bool:
    return one[0] == other[0] and (len(one) == 1 or len(other) == 1)


def _is_cut(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and long.startswith(short)


def one_off(one: str, other: str) -> bool:
    """Tell whether two words of five letters or more differ in one letter behind the first."""
    short, long = sorted((one, other), key=len)
    if len(short) < 5 or len(long) - len(short) > 1 or short[0] != long[0]:
        return False
    at = next((place for place, sign in enumerate(short) if sign != long[place]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[:at] + short[at + 1 : at + 2] + short[at : at + 1] + short[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped == long
