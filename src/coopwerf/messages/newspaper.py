"""A newsletter as readers get it: its texts put together, with marks for what is each reader's own."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _

from coopwerf.coops.queries import CoopFacts
from coopwerf.documents.queries import letterhead_of
from coopwerf.ui.formats import LANGUAGES

from . import rendering
from .audiences import find
from .bulk_mime import LEAVE, MANAGE, BulkText, filled
from .queries import NewsletterFacts
from .states import NOTICE_REASONS, Notice


def texts_of(coop: CoopFacts, one: NewsletterFacts, on: dt.date) -> dict[str, BulkText]:
    """Return a newsletter in each language in which it is whole, the co-operative's own first: it is for all others."""
    letterhead = letterhead_of(coop.id, on)
    is_member = any(not found.is_public for found in map(find, one.audiences) if found is not None)
    texts = {}
    for language in sorted(LANGUAGES, key=lambda code: (code != coop.language, LANGUAGES.index(code))):
        words = one.texts.get(language)
        if words is not None and words.is_whole:
            with translation.override(coop.language_for(language)):
                texts[language] = rendering.bulk_text(
                    words.subject,
                    [rendering.markdown_block(words.text)],
                    letterhead=letterhead,
                    language=language,
                    ending=ending(coop, one.notice, is_member=is_member),
                )
    return texts


def ending(coop: CoopFacts, notice: Notice | None, *, is_member: bool) -> rendering.Ending:
    """Return what stands below a mail to many: why one gets it, and how one leaves, or why one can't."""
    if notice is not None:
        return rendering.Ending(
            why=_("You can’t unsubscribe from this mail: %(reason)s.") % {"reason": NOTICE_REASONS[notice]}
        )
    if is_member:
        why = _("You get this because you follow %(coop)s or take part in it.") % {"coop": coop.name}
    else:
        why = _("You get this because you follow %(coop)s.") % {"coop": coop.name}
    return rendering.Ending(why=why, manage_url=MANAGE, leave_url=LEAVE)


def sample(coop: CoopFacts, one: NewsletterFacts, language: str, on: dt.date) -> BulkText:
    """Return a newsletter in one language as somebody without a name gets it; what isn't written yet is empty."""
    words = one.texts[language]
    with translation.override(coop.language_for(language)):
        text = rendering.bulk_text(
            words.subject or "–",
            [rendering.markdown_block(words.text)],
            letterhead=letterhead_of(coop.id, on),
            language=language,
            ending=ending(coop, one.notice, is_member=not one.is_public),
        )
        fills = {"salutation": _("Hello,"), "manage": "#", "leave": "#"}
    return BulkText(language, text.subject, filled(text.text, fills), filled(text.html, fills))
