"""A member's own page: what waits, what they own, their papers, their data, who governs."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from coopwerf.kernel.web import Request


@require_GET
def today(request: Request) -> HttpResponse:
    """Show somebody within a co-operative what concerns them there."""
    return render(request, "site/today.html", {})
