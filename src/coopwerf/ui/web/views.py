"""What the ui package serves itself: a co-operative's hue, the choice of a language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from coopwerf.kernel.web import public

LANGUAGE_COOKIE = "coopwerf_language"
A_YEAR = 60 * 60 * 24 * 365


@public("a colour is no secret, and the public pages wear it")
@require_GET
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def hue(request: HttpRequest, hue: int) -> HttpResponse:
    """Serve the stylesheet that turns everything into a co-operative's own hue: one number."""
    return HttpResponse(f":root{{--brand-h:{hue}}}\n", content_type="text/css; charset=utf-8")


@public("everybody chooses the language they read in")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language somebody chose and go back to the page they were on."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("nl, fr, en")
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response
