"""Pages that bring packages together."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coopwerf.kernel.web import public


@public("who hosts which co-operatives is no secret")
def hub(request: HttpRequest) -> HttpResponse:
    """Show the co-operatives of this installation."""
    return render(request, "site/hub.html")
