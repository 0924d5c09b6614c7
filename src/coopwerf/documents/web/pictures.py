"""Pictures, served to whoever may see them."""

import re
import uuid

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from coopwerf.kernel import clock
from coopwerf.kernel.web import Request, public

from .. import files, policies, queries

_NAME = re.compile(r"([1-9][0-9]{1,4})\.webp|shared\.jpg")
AN_HOUR = 3600
"""What shows a picture can be taken back: nobody shows it longer without asking again."""


@public("a picture is shown to everybody once something that is published shows it, before that to who writes")
@require_safe
def picture(request: Request, picture_id: uuid.UUID, name: str) -> HttpResponse:
    """Serve a picture in one of its widths: what stands at an address is never another picture."""
    named = _NAME.fullmatch(name)
    found = queries.picture(request.coop.id, picture_id) if named else None
    if named is None or found is None or not found.is_there:
        raise Http404
    if named[1] and int(named[1]) not in found.widths:
        raise Http404
    is_public = policies.pictures_shown(request.coop.id, picture_id)
    if not is_public and not policies.may_bring_picture(request.actor, request.coop.id, clock.civil_date(clock.now())):
        raise Http404
    # Asked again, it is the same or it is nowhere: only the first time its file is read.
    etag = f'"{picture_id.hex}-{name}"'
    response = get_conditional_response(request, etag=etag) if is_public else None
    if response is None:
        try:
            content = files.read(queries.picture_place(request.coop.id, picture_id, name))
        except FileNotFoundError:
            raise Http404 from None
        response = HttpResponse(content, content_type="image/webp" if named[1] else "image/jpeg")
    if is_public:
        response.headers["ETag"] = etag
    shown = f"public, max-age={AN_HOUR}, must-revalidate"
    response.headers["Cache-Control"] = shown if is_public else "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Opened by itself a picture is a page of its own, and may do nothing either.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
