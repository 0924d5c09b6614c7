"""Pseudonyms as plain values: in which alphabet they stand, what can't be seen in them, and which look alike."""

import unicodedata
from typing import Final

_ALIKE: Final = str.maketrans(
    # Cyrillic, small: a v s e n i j k m o r ss t u kh shha palochka d q w g
    "\u0430\u0432\u0441\u0435\u043d\u0456\u0458\u043a\u043c\u043e\u0440\u0455\u0442\u0443\u0445\u04bb\u04cf\u0501\u051b\u051d\u0433"
    # Greek, small: alpha beta epsilon zeta eta iota kappa mu nu omicron rho tau upsilon chi omega
    "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03c9"
    # Latin of other languages: dotless i, alpha, script g
    "\u0131\u0251\u0261",
    "abcehijkmopstyxhldqwrabezhikmnoptyxwiag",
)
"""Letters of other alphabets, as the Latin letter that they are taken for, written large or small."""
_TOGETHER: Final = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}
_EUROPEAN: Final = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_EMPTY_SIGNS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Signs that count as letters or marks and show nothing."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_JOINERS: Final = frozenset("\u200c\u200d")


def alphabets(name: str) -> frozenset[str]:
    """Return the alphabets of the letters in a name; those that one language writes together count as one."""
    found = (
        unicodedata.name(sign, "").split(" ")[0].partition("-")[0]
        for sign in unicodedata.normalize("NFKD", name)
        if unicodedata.category(sign) in ("Lu", "Ll", "Lt", "Lo")
    )
    return frozenset(_TOGETHER.get(one, one) for one in found)


def hides_something(name: str) -> bool:
    """Tell whether a name has signs in it that nobody sees, or that turn the order in which it is read.

    A joiner is left where it is part of a sign: in emoji, and in scripts that need it.
    """
    return any(
        sign in _EMPTY_SIGNS or (unicodedata.category(sign) in _UNSEEN and not _joins(sign, before))
        for before, sign in zip(" " + name, name, strict=False)
    )


def _joins(sign: str, before: str) -> bool:
    if sign not in _JOINERS:
        return False
    kind = unicodedata.category(before)
    return kind in ("So", "Sk", "Mn", "Mc") or (kind == "Lo" and not alphabets(before) & _EUROPEAN)


def pseudonym_key(name: str) -> str:
    """Return by what two pseudonyms are the same to who reads them.

    Letters and digits, without accents; those of another alphabet as the Latin letter that they are taken for.
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_ALIKE)
    return "".join(sign for sign in plain if sign.isalnum())[:80]
