"""Addresses for programs (`/api/v1/`), put together from each package's part; who comes in; the document of it all."""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from coopwerf.coops import queries as coop_queries
from coopwerf.kernel import clock
from coopwerf.kernel.api.problems import MEDIA_TYPE, RETRY_SECONDS, of_refusal, problem
from coopwerf.kernel.api.routes import LARGEST_BODY, Known, Routes, Wiring, speaking, unfit, wire
from coopwerf.kernel.refusals import Refused
from coopwerf.kernel.web import public, with_token
from coopwerf.people import actions as people_actions
from coopwerf.people import queries as people_queries
from coopwerf.people.states import SCOPE_NAMES

TITLE: Final = "Coopwerf"
VERSION: Final = "1"
PARTS: Final = ("people", "documents", "coops", "register", "capital", "payments", "ledger")
"""The packages that tell a part, or several, each in its room `api.py`."""
TAG_NAMES: Final = {
    "me": gettext_lazy("Yourself"),
    "documents": gettext_lazy("Papers about you"),
    "coops": gettext_lazy("Co-operatives"),
    "register": gettext_lazy("Register and requests"),
    "capital": gettext_lazy("Offers and subscriptions"),
    "bank": gettext_lazy("Bank"),
    "ledger": gettext_lazy("Books"),
}
"""What the parts are called on the page; their order is its order."""


def known(secret: str, now: dt.datetime) -> Known | None:
    """Return who stands behind a token, and note once a day that it was used; None where it isn't valid."""
    today = clock.civil_date(now)
    found = people_queries.bearer(secret, today)
    if found is None:
        return None
    if found.token.used_on != today:
        people_actions.note_token_use(actor=found.actor, now=now, token_id=found.token.id)
    scopes = frozenset(scope.value for scope in found.token.scopes)
    return Known(found.token.id, found.actor, scopes, found.language)


wire(
    Wiring(
        known=known,
        coop=coop_queries.coop_by_slug,
        hold=people_queries.hold_answer,
        keep=people_actions.keep_answer,
    )
)


class Api(NinjaAPI):
    """Our addresses, with a document that says what each really answers."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: Any = None) -> Any:
        """Return the document: problems in their own media type, what every answer carries, what each body is."""
        found = super().get_openapi_schema(path_prefix=path_prefix or "/api/v1/", path_params=path_params)
        for methods in found["paths"].values():
            for operation in methods.values():
                operation["responses"] = {
                    str(status): _described(str(status), dict(told)) for status, told in operation["responses"].items()
                }
                for one in operation["security"]:
                    for name in one:
                        one[name] = [operation["x-scope"]]
        return found


def _described(status: str, told: dict[str, Any]) -> dict[str, Any]:
    if int(status) >= 400:
        told["content"] = {MEDIA_TYPE: told["content"]["application/json"]}
    if status in ("429", "503"):
        wait = {"type": "integer", "const": RETRY_SECONDS} if status == "429" else {"type": "integer"}
        told["headers"] = {"Retry-After": {"schema": wait, "description": "Seconds to wait."}}
    return told


api = Api(
    title=TITLE,
    version=VERSION,
    description="What people and co-operatives do on this installation, for their programs.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
    servers=[{"url": settings.BASE_URL}],
)
for _part in PARTS:
    for _routes_of in vars(import_module(f"coopwerf.{_part}.api")).values():
        if isinstance(_routes_of, Routes):
            api.add_router("", _routes_of.router)


@api.exception_handler(ValidationError)
def _unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # The framework names the parameter of the view between “body” and the field; nobody outside knows it.
    errors = [
        {**one, "loc": (one["loc"][0], *one["loc"][2:]) if one["loc"][0] == "body" else one["loc"]}
        for one in error.errors
    ]
    with speaking(request):
        return unfit(errors)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem("kernel.api_token_missing")


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    with speaking(request):
        return of_refusal(refusal)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem("kernel.api_not_found")


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    with speaking(request):
        return problem("kernel.api_unreadable")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    with speaking(request):
        return problem("kernel.api_too_large", {"most": LARGEST_BODY})


@api.exception_handler(TooManyFieldsSent)
def _too_many(request: HttpRequest, error: TooManyFieldsSent) -> HttpResponse:
    with speaking(request):
        return problem("kernel.api_unreadable")


@functools.cache
def _document() -> Any:
    return api.get_openapi_schema()


@public("what programs can do here is no secret, and no program can do it without a token")
@require_GET
def document(request: HttpRequest) -> HttpResponse:
    """Hand over the OpenAPI document."""
    return HttpResponse(json.dumps(_document()), content_type="application/json")


@public("what programs can do here is no secret, and no program can do it without a token")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Tell people what programs can do here, from the same document."""
    schema = _document()
    parts: dict[str, list[dict[str, Any]]] = {tag: [] for tag in TAG_NAMES}
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            parts.setdefault(operation["tags"][0], []).append(_told(address, method, operation))
    context = {
        "parts": [{"name": TAG_NAMES.get(tag, tag), "tag": tag, "routes": routes} for tag, routes in parts.items()],
        "scopes": [{"code": code, "name": name} for code, name in SCOPE_NAMES.items()],
        "base": settings.BASE_URL,
    }
    return render(request, "site/api.html", context)


def _told(address: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "scope": operation["x-scope"],
        "what": operation["summary"].replace("`", ""),
        "asks": [
            {"name": one["name"], "needed": one["required"]} for one in operation["parameters"] if one["in"] != "path"
        ],
        "body": sorted(operation.get("requestBody", {}).get("content", {})),
    }


def _marked(pattern: URLPattern) -> URLPattern:
    scopes = {route.scope for route in Routes.known if _same(route.path, str(pattern.pattern))}
    pattern.callback = with_token(f"whoever has a token with {' or '.join(sorted(scopes))}")(pattern.callback)
    return pattern


def _same(told: str, route: str) -> bool:
    return told.lstrip("/").replace("{uuid:", "<uuidstr:").replace("{", "<").replace("}", ">") == route


_routes, _namespace, _name = api.urls
urlpatterns = [
    path("", page, name="api"),
    path("openapi.json", document, name="api-document"),
    *(_marked(pattern) for pattern in _routes if isinstance(pattern, URLPattern) and str(pattern.pattern)),
]

__all__ = ["api", "urlpatterns"]
