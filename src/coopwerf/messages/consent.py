"""The words with which somebody agrees to be written to: kept for ever, each wording under its number.

Whoever changes them adds a new number. What somebody agreed to can be shown in these words later, in their language.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[int, str | Promise]] = {
    1: _(
        "Write to me about what I ticked, until I say stop. I can change it or leave with a link in each mail. "
        "You keep my address for this alone, you give it to nobody, and you don’t track what I open."
    ),
}
NOW: Final = max(WORDS)
"""The wording that is shown today."""
ELSEWHERE: Final = 0
"""Somebody agreed elsewhere, in words that we don't know: the list they came with says where and when."""
