"""A picture as it stands in a text: what is seen, its words, its maker and its licence."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from coopwerf.coops.queries import CoopFacts

from .queries import PictureFacts

SIZES = "(min-width: 60em) 46rem, 100vw"


def picture_url(coop: CoopFacts, picture: PictureFacts, name: str) -> str:
    """Return the address of a picture in one of its sizes."""
    return reverse("documents:picture", kwargs={"slug": coop.slug, "picture_id": picture.id, "name": name})


def figure(
    coop: CoopFacts, picture: PictureFacts, caption: str, language: str, original: str, *, is_first: bool = False
) -> SafeString:
    """Return the HTML of a picture with what is seen, its caption, its maker and licence."""
    alt, alt_language = picture.alt(language, original)
    context = {
        "picture": picture,
        "alt": alt,
        "alt_language": alt_language if alt_language != language else "",
        "caption": caption,
        "src": picture_url(coop, picture, f"{_middle(picture)}.webp"),
        "srcset": ", ".join(f"{picture_url(coop, picture, f'{width}.webp')} {width}w" for width in picture.widths),
        "sizes": SIZES,
        "is_first": is_first,
    }
    with translation.override(coop.language_for(language)):
        return SafeString(render_to_string("documents/parts/figure.html", context).strip())


def _middle(picture: PictureFacts) -> int:
    return next((width for width in picture.widths if width >= 800), picture.widths[-1])
