"""Plain words when a page can't be shown; wired as handlers by the urls of the installation."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from coopwerf.kernel.refusals import known_refusals, sentence


def _page(
    request: HttpRequest | None, status: int, title: str, text: str, *, act: str, url: str, reason: str = ""
) -> HttpResponse:
    context = {"title": title, "text": text, "act": act, "url": url, "reason": reason}
    return HttpResponse(render_to_string("ui/error.html", context, request=request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: what was sent can't be read."""
    title = _("We could not read what was sent")
    text = _("Go back, check what you filled in, and try again.")
    return _page(request, 400, title, text, act=_("To the start page"), url="/")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: not for this person, with the sentence of the refusal code that the exception carries."""
    code = str(exception or "")
    reason = sentence(code, getattr(exception, "facts", {})) if code in known_refusals() else ""
    title = _("This page is not open to you")
    text = _(
        "You are signed in, but what you hold here does not open this page. "
        "Ask the co-operative if you think it should."
    )
    return _page(request, 403, title, text, act=_("To the start page"), url="/", reason=reason)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 for a form whose safety mark doesn't match: too old, or not from our page."""
    title = _("This form has expired")
    text = _(
        "It was open for too long, or cookies are switched off. Nothing was changed. "
        "Open the page again and fill it in once more."
    )
    return _page(request, 403, title, text, act=_("Open the page again"), url=request.get_full_path())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404."""
    title = _("There is nothing at this address")
    text = _("Check the address for a typing mistake. The page may also have been moved or taken away.")
    return _page(request, 404, title, text, act=_("To the start page"), url="/")


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking anything of the request: it may be what broke."""
    title = _("Something went wrong on our side")
    text = _(
        "Nothing was changed half-way. Try again in a moment. If it happens again, tell whoever runs this installation."
    )
    return _page(None, 500, title, text, act=_("To the start page"), url="/")


def not_now(request: HttpRequest | None, seconds: int = 60) -> HttpResponse:
    """Answer 503: the installation is being looked after; `seconds` says when to come back."""
    title = _("We will be back in a moment")
    text = _("This installation is being looked after. Nothing is lost. Open the page again in a minute.")
    response = _page(None, 503, title, text, act=_("Try again"), url=request.get_full_path() if request else "/")
    response["Retry-After"] = str(seconds)
    return response


def too_often(request: HttpRequest, seconds: int = 60) -> HttpResponse:
    """Answer 429: too many questions from one place; `seconds` says when to come back."""
    title = _("That was a bit often")
    text = _("Too many pages of this kind were asked from where you are. Wait a minute, then open the page again.")
    response = _page(request, 429, title, text, act=_("Try again"), url=request.get_full_path())
    response["Retry-After"] = str(seconds)
    return response
