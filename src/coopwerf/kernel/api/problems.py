"""Problems as programs get them (RFC 9457): the same codes and sentences as on the pages."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..refusals import Refused, sentence

MEDIA_TYPE: Final = "application/problem+json"
URN: Final = "urn:coopwerf:"

TITLES: Final = {
    400: gettext_lazy("Unreadable"),
    401: gettext_lazy("Who are you?"),
    403: gettext_lazy("Not for you"),
    404: gettext_lazy("Not found"),
    405: gettext_lazy("Method not taken"),
    406: gettext_lazy("No such form of answer"),
    409: gettext_lazy("Not as things stand"),
    411: gettext_lazy("Length missing"),
    413: gettext_lazy("Too large"),
    415: gettext_lazy("Not this form of body"),
    422: gettext_lazy("Doesn't fit"),
    429: gettext_lazy("Too often"),
    500: gettext_lazy("Broken on our side"),
    503: gettext_lazy("Busy"),
}
"""What each status is called; `detail` says what is the matter."""

# What a page answers with its own sentence, as a status for programs. Whatever isn't here is 422, or 409 where the
# code says that it was done already.
STATUSES: Final = {
    "coops.lacks_power": 403,
    "kernel.changed_meanwhile": 409,
    "kernel.not_administrator": 403,
    "kernel.not_signed_in": 401,
    "kernel.api_broke": 500,
    "kernel.api_busy": 503,
    "kernel.api_https": 403,
    "kernel.api_length": 411,
    "kernel.api_media_type": 415,
    "kernel.api_method": 405,
    "kernel.api_not_acceptable": 406,
    "kernel.api_not_found": 404,
    "kernel.api_scope_missing": 403,
    "kernel.api_token_bad": 401,
    "kernel.api_token_missing": 401,
    "kernel.api_too_large": 413,
    "kernel.api_too_often": 429,
    "kernel.api_unreadable": 400,
    "people.not_yours": 403,
    "register.looked_often": 429,
    "register.looked_often_today": 429,
    "register.not_your_class": 403,
    "register.you_are_member": 409,
}
OF_STATUS: Final = {
    400: "kernel.api_unreadable",
    401: "kernel.api_token_missing",
    403: "kernel.api_not_found",
    404: "kernel.api_not_found",
    405: "kernel.api_method",
    413: "kernel.api_too_large",
    503: "kernel.api_busy",
}
"""What a status means that no refusal of ours led to."""
RETRY_SECONDS: Final = 60


def status_of(code: str) -> int:
    """Return the status with which a refusal is answered."""
    if code in STATUSES:
        return STATUSES[code]
    return 409 if code.endswith("_already") else 422


def problem(
    code: str,
    facts: Mapping[str, Any] | None = None,
    *,
    status: int | None = None,
    path: str | None = None,
    place: str = "body",
    errors: Sequence[Mapping[str, str]] = (),
) -> HttpResponse:
    """Answer with a problem in the active language; `path` says where in what was sent, within `place` or by itself."""
    number = status_of(code) if status is None else status
    detail = sentence(code, facts)
    told = [dict(one) for one in errors]
    if path and not told:
        told = [{"at": path if path.partition(".")[0] in PLACES else f"{place}.{path}", "code": code, "detail": detail}]
    content = {
        "type": f"{URN}{code}",
        "title": str(TITLES.get(number) or HTTPStatus(number).phrase),
        "status": number,
        "code": code,
        "detail": detail,
        "errors": told,
    }
    response = HttpResponse(json.dumps(content, ensure_ascii=False), status=number, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if number == 401:
        response["WWW-Authenticate"] = 'Bearer realm="coopwerf"'
    if number in (429, 503):
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


PLACES: Final = ("body", "query", "path", "header")


def of_refusal(refusal: Refused, place: str = "body") -> HttpResponse:
    """Answer with a refusal of an action, a policy or a check, about what stood in the body or in the query."""
    facts = {"path": refusal.path, "line": refusal.line, **refusal.facts}
    return problem(refusal.code, facts, path=refusal.path, place=place)


def why(kind: str, limits: Mapping[str, Any]) -> str:
    """Say in words why a value doesn't fit, from the kind of error that the check of its shape gave."""
    if kind == "missing":
        return _("This is missing.")
    if kind == "extra_forbidden":
        return _("There is no such field here. Check its name.")
    if kind == "told_twice":
        return _("This stands here more than once. Send it once.")
    if kind.startswith(("date", "datetime")):
        return _("This is no date. Write it as 2026-11-23.")
    if kind.startswith("uuid"):
        return _("This is no id. Take one that an earlier answer gave.")
    if kind.startswith(("int", "decimal", "float")):
        return _("This is no whole number, or none that fits.")
    if kind == "enum" or kind.startswith("literal"):
        return _("Choose one of: %(choices)s.") % {"choices": limits.get("expected", "")}
    if kind in ("greater_than_equal", "greater_than"):
        return _("This is too small: at least %(least)s.") % {"least": limits.get("ge", limits.get("gt", ""))}
    if kind in ("less_than_equal", "less_than"):
        return _("This is too large: at most %(most)s.") % {"most": limits.get("le", limits.get("lt", ""))}
    if kind.endswith("too_long"):
        return _("This is too long: at most %(most)s.") % {"most": limits.get("max_length", "")}
    if kind.endswith("too_short"):
        return _("This is too short: at least %(least)s.") % {"least": limits.get("min_length", "")}
    return _("This value doesn't fit here.")
