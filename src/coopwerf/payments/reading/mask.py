"""Texts changed into others of the same shape, by a key that nobody keeps."""

import hashlib
import hmac
import re
import secrets
import string
from typing import Final

from coopcalc.bank.communication import check_digits, is_communication, is_rf

_LETTERS: Final = (string.ascii_uppercase, string.ascii_lowercase, string.digits)
_CHECKED: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){4,30}"  # an account or a reference RF…
    r"|(?<!\d)\d{3}/?\d{4}/?\d{5}(?!\d)"
)
_CODES: Final = re.compile(
    r"\b(?:NOTPROVIDED|NONREF|[KEP]REF)\b|\b(?:A[CGM]\d\d|B[EF]\d\d|M[DS]\d\d|R[CR]\d\d|SL\d\d)\b"
)
_IBAN_SIGNS: Final = range(15, 35)


class Mask:
    """Change texts into others of the same shape, the same for the same text; amounts only where that is asked."""

    def __init__(self, key: bytes | None = None, *, amounts: bool = False) -> None:
        self._key = key or secrets.token_bytes(32)
        self.amounts = amounts

    def text(self, text: str) -> str:
        """Mask a text: accounts and communications in it stay possible ones, codes of reasons stay."""
        pieces: list[str] = []
        at = 0
        while (found := _CHECKED.search(text, at)) is not None:
            pieces.append(self._words(text[at : found.start()]))
            made = self._checked(found.group(0))
            if not made:
                # No account and no communication: the word goes, what follows is looked at again.
                end = re.compile(r"[A-Za-z0-9/]+").match(text, found.start()).end()  # type: ignore[union-attr]  # begins so
                made = self._words(text[found.start() : end])
            pieces.append(made)
            at = found.start() + len(made)
        return "".join([*pieces, self._words(text[at:])])

    def amount(self, text: str) -> str:
        """Change the figures of an amount, if amounts are to be changed: its length stays, and nought stays nought."""
        if not self.amounts or not re.search(r"[1-9]", text):
            return text
        first = re.search(r"[1-9]", text)
        assert first is not None
        noise = self._stream(f"amount {text.strip()}", len(text))
        made = [str(byte % 10) if sign.isdigit() else sign for sign, byte in zip(text, noise, strict=True)]
        made[: first.start()] = text[: first.start()]
        made[first.start()] = str(noise[first.start()] % 9 + 1)
        return "".join(made)

    def _checked(self, text: str) -> str:
        """Mask the account, reference or communication with which a text begins; empty where it is none."""
        if text[0].isdigit():
            digits = text.replace("/", "")
            if not is_communication(digits):
                return ""
            ten = int.from_bytes(self._stream(digits, 8), "big") % 10**10
            return _laid(f"{ten:010d}{check_digits(ten):02d}", text)
        plain = text.replace(" ", "")
        if plain.startswith("RF"):
            whole = next((n for n in range(len(plain), 4, -1) if is_rf(plain[:n])), 0)
        else:
            whole = next((n for n in _IBAN_SIGNS if n <= len(plain) and _remainder(plain[:n]) == 1), 0)
        if not whole:
            return ""
        body = self._word(plain[4:whole])
        made = f"{plain[:2]}{98 - _remainder(f'{plain[:2]}00{body}'):02d}{body}"
        return _laid(made, text)

    def _words(self, text: str) -> str:
        pieces: list[str] = []
        at = 0
        for found in _CODES.finditer(text):
            pieces += [self._plain(text[at : found.start()]), found.group(0)]
            at = found.end()
        return "".join([*pieces, self._plain(text[at:])])

    def _plain(self, text: str) -> str:
        return "".join(self._word(word) for word in re.split(r"(\s+)", text))

    def _word(self, word: str) -> str:
        made = []
        for sign, byte in zip(word, self._stream(word, len(word)), strict=True):
            for signs in _LETTERS:
                if sign in signs:
                    made.append(signs[byte % len(signs)])
                    break
            else:
                made.append(_other(sign))
        return "".join(made)

    def _stream(self, text: str, length: int) -> bytes:
        if not length:
            return b""
        seed = hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256")
        return hashlib.shake_256(seed).digest(length)


def _other(sign: str) -> str:
    """Return a letter that stands for all others which take as many bytes: no name is told by its accents."""
    if not (sign.isalpha() or sign.isnumeric()):
        return sign
    return {2: "é", 3: "ế", 4: "𝒳"}.get(len(sign.encode("utf-8", "surrogatepass")), "x")


def _remainder(account: str) -> int:
    turned = account[4:] + account[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97


def _laid(signs: str, over: str) -> str:
    """Lay these signs over a text that has spaces or strokes between its own, as far as they reach."""
    left = iter(signs)
    made: list[str] = []
    for sign in over:
        if sign in " /":
            made.append(sign)
            continue
        following = next(left, None)
        if following is None:
            break
        made.append(following)
    return "".join(made).rstrip(" ")
