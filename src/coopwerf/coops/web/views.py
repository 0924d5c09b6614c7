"""Pages of the coops package."""

from django.http import HttpRequest, HttpResponse

from coopwerf.kernel.web import public


@public("whoever was mailed the link may see what it offers")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation."""
    return HttpResponse(token)
