"""In which language a page speaks to whoever follows a link that asks for one."""

from django.http import HttpRequest
from django.utils import translation

from .formats import LANGUAGE_NAMES


def speak(request: HttpRequest) -> None:
    """Take the language that a link asks for with `?lang=`; the middleware that chose another ends the request."""
    wanted = request.GET.get("lang", "")
    if wanted in LANGUAGE_NAMES:
        # A co-operative may have words of its own in a language.
        coop = getattr(request, "coop", None)
        translation.activate(coop.language_for(wanted) if coop is not None else wanted)
