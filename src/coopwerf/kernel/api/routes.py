"""Routes for programs: who comes in with which token, in which co-operative, and what is done once only."""

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import inspect
import uuid
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Final, Protocol, TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import parse_etags, parse_header_parameters
from ninja import Header, Router
from ninja.security import HttpBearer
from pydantic import BaseModel, StringConstraints

from .. import clock, limits
from ..actor import Actor
from ..memo import forget
from ..refusals import Refused
from ..tenancy import parties, tenant
from .problems import of_refusal, problem, why
from .schemas import Problem

V = TypeVar("V", bound=Callable[..., Any])

A_MINUTE = 600
"""Requests with one token."""
UNKNOWN_A_MINUTE = 60
"""Requests without a valid token from one place on the network."""
LARGEST_BODY: Final = 1024 * 1024
LARGEST_FILE: Final = 256 * 1024 * 1024
JSON: Final = ("application/json",)
REPLAYED: Final = "Idempotency-Replayed"

IdempotencyKey = Annotated[
    str,
    StringConstraints(pattern=r"^[!-~]+$", min_length=8, max_length=100),
    Header(
        alias="Idempotency-Key",
        description="A new one for each thing to be done, such as a UUID. The same again does nothing again.",
    ),
]


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """Who a token stands for, and what it opens."""

    token_id: uuid.UUID
    actor: Actor
    scopes: frozenset[str]
    language: str


class Coop(Protocol):
    """What is needed of a co-operative."""

    @property
    def id(self) -> uuid.UUID:
        """Return its id."""

    @property
    def slug(self) -> str:
        """Return its name in addresses."""

    @property
    def name(self) -> str:
        """Return its name."""

    def language_for(self, language: str) -> str:
        """Return the language in which to address somebody who reads this one, with its own word for shares."""


@dataclasses.dataclass(frozen=True, slots=True)
class Wiring:
    """What the packages above give: who a token stands for, which co-operative has a name, what was answered before.

    `known(secret, now)` returns None for a token that isn't valid; `hold(token_id, key, digest, now)` waits for whoever
    uses the same key, and returns status and body of its answer; `keep(…, status, body)` keeps an answer.
    """

    known: Callable[[str, dt.datetime], Known | None]
    coop: Callable[[str], Coop | None]
    hold: Callable[..., tuple[int, str] | None]
    keep: Callable[..., None]


_wiring: list[Wiring] = []


def wire(wiring: Wiring) -> None:
    """Say what the packages above give; the assembly does it, once."""
    _wiring[:] = [wiring]


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    """A request with a valid token: who acts, when, and in which co-operative, whose rows are open."""

    request: HttpRequest
    known: Known
    now: dt.datetime
    place: Coop | None

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        return self.known.actor

    @property
    def today(self) -> dt.date:
        """Return the day of this request."""
        return clock.civil_date(self.now)

    @property
    def coop(self) -> Coop:
        """Return the co-operative that the address names."""
        assert self.place is not None
        return self.place

    def once(self, key: str, act: Callable[[], BaseModel], *, status: int = 201, told: bytes = b"") -> HttpResponse:
        """Do something once for a key, and answer the same to whoever asks the same again; two at once wait.

        `told` is what was sent, where that isn't the body. Raises Refused kernel.api_key_reused for another request.
        """
        path = f"{self.request.method} {self.request.get_full_path()}".encode()
        digest = hashlib.sha256(path + b"\n" + (told or self.request.body)).hexdigest()
        named: dict[str, Any] = {"token_id": self.known.token_id, "key": key, "digest": digest, "now": self.now}
        with transaction.atomic():
            before = _wiring[0].hold(**named)
            answer = before
            if answer is None:
                # What was remembered for this request may have changed while it waited.
                forget()
                answer = status, act().model_dump_json(by_alias=True)
                _wiring[0].keep(**named, actor=self.actor, status=answer[0], body=answer[1])
        response = HttpResponse(answer[1], status=answer[0], content_type="application/json")
        response[REPLAYED] = "false" if before is None else "true"
        return response


@dataclasses.dataclass(frozen=True, slots=True)
class Route:
    """An address for programs: its method, its scope, and whether it changes something."""

    method: str
    path: str
    scope: str
    view: Callable[..., Any]
    answers: Any


class Token(HttpBearer):
    """Let in whoever has a personal token with the scope of the address."""

    def __init__(self, scope: str, media: tuple[str, ...]) -> None:
        super().__init__()
        self.scope = scope
        self.media = media

    def __call__(self, request: HttpRequest) -> Known:
        """Check what can be checked before anything is read; raises Refused."""
        if settings.IS_HTTPS and not request.is_secure():
            raise Refused("kernel.api_https")
        known = self.authenticate(request, request.headers.get("Authorization", ""))
        # From here on we know in which language to say no.
        request.auth = known  # type: ignore[attr-defined]
        if self.scope not in known.scopes:
            raise Refused("kernel.api_scope_missing", scope=self.scope)
        if not any(request.accepts(kind) for kind in ("application/json", "application/problem+json")):
            raise Refused("kernel.api_not_acceptable")
        if request.method not in ("GET", "HEAD"):
            self._check_body(request)
        return known

    def authenticate(self, request: HttpRequest, token: str) -> Known:
        """Return who stands behind a header `Authorization`; raises Refused."""
        scheme, _space, secret = token.strip().partition(" ")
        if not secret.strip():
            count("visitor", limits.visitor(request), UNKNOWN_A_MINUTE)
            raise Refused("kernel.api_token_missing")
        known = _wiring[0].known(secret.strip(), clock.now()) if scheme.lower() == "bearer" else None
        if known is None:
            count("visitor", limits.visitor(request), UNKNOWN_A_MINUTE)
            raise Refused("kernel.api_token_bad")
        count("token", str(known.token_id), A_MINUTE)
        return known

    def _check_body(self, request: HttpRequest) -> None:
        kind = parse_header_parameters(request.headers.get("Content-Type", ""))[0]
        if kind not in self.media:
            raise Refused("kernel.api_media_type", wanted=" / ".join(self.media))
        most = LARGEST_BODY if self.media == JSON else LARGEST_FILE
        length = request.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Refused("kernel.api_length")
        if len(length) > 12 or int(length) > most:
            raise Refused("kernel.api_too_large", most=most)


def count(what: str, who: str, most: int) -> None:
    """Count a request of this minute, in all processes together; raises Refused kernel.api_too_often."""
    if limits.count(f"api {what}", who, clock.now()) > most:
        raise Refused("kernel.api_too_often")


PROBLEMS: Final = (400, 401, 403, 404, 405, 406, 422, 429, 500, 503)
OF_BODIES: Final = (409, 411, 413, 415)


class Routes:
    """The addresses of one package; `tag` names their part in the document."""

    known: Final[list[Route]] = []

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.router = Router(tags=[tag])

    def get(self, path: str, *, scope: str, answers: Any, etag: bool = False) -> Callable[[V], V]:
        """Declare an address that is read; with `etag` whoever has its answer already is told that it still holds."""
        return self._route("GET", path, scope, answers, JSON, 200, etag=etag)

    def post(
        self,
        path: str,
        *,
        scope: str,
        answers: Any,
        media: tuple[str, ...] = JSON,
        body: dict[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """Declare an address where something is done; `body` tells of one that the view reads itself."""
        return self._route("POST", path, scope, answers, media, 201, body=body)

    def _route(
        self,
        method: str,
        path: str,
        scope: str,
        answers: Any,
        media: tuple[str, ...],
        status: int,
        *,
        etag: bool = False,
        body: dict[str, Any] | None = None,
    ) -> Callable[[V], V]:
        def declare(view: V) -> V:
            run = _runner(view, path, etag=etag)
            same = {304: None} if etag else {}
            failing = PROBLEMS if method == "GET" else (*PROBLEMS, *OF_BODIES)
            self.router.api_operation(
                [method],
                path,
                auth=Token(scope, media),
                response={status: answers, **same, **dict.fromkeys(failing, Problem)},
                by_alias=True,
                operation_id=f"{self.tag}_{view.__name__}",
                summary=(view.__doc__ or "").strip().partition("\n")[0],
                description=inspect.getdoc(view) or "",
                openapi_extra={"x-scope": scope, **({} if body is None else {"requestBody": body})},
            )(run)
            Routes.known.append(Route(method, path, scope, view, answers))
            return view

        return declare


def _runner(view: Callable[..., Any], path: str, *, etag: bool) -> Callable[..., Any]:
    """Return what the framework calls for a view: it opens the rows that are the caller's, and answers refusals."""
    signature = inspect.signature(view)
    asks = [one for one in signature.parameters.values() if one.name != "call"]
    in_coop = "{slug:slug}" in path
    in_query = {one.name for one in asks if _is_in_query(one, path)}

    @functools.wraps(view)
    def run(request: HttpRequest, **values: Any) -> Any:
        unknown = sorted(set(request.GET) - in_query)
        if unknown:
            with speaking(request):
                return unfit([{"type": "extra_forbidden", "loc": ("query", unknown[0])}])
        twice = [name for name, values in request.GET.lists() if len(values) > 1]
        if twice:
            with speaking(request):
                return unfit([{"type": "told_twice", "loc": ("query", twice[0])}])
        known: Known = request.auth  # type: ignore[attr-defined]
        with speaking(request), parties(known.actor.parties):
            try:
                with _inside(values["slug"] if in_coop else None) as coop:
                    answer = view(Call(request, known, clock.now(), coop), **values)
                response = _answered(request, answer, etag=etag)
            except Refused as refusal:
                response = of_refusal(refusal, "query" if request.method == "GET" else "body")
            response["Content-Language"] = (translation.get_language() or "en")[:2]
        return response

    first = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    run.__signature__ = signature.replace(parameters=[first, *asks])  # type: ignore[attr-defined]
    return run


def _answered(request: HttpRequest, answer: Any, *, etag: bool) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    assert isinstance(answer, BaseModel)
    body = answer.model_dump_json(by_alias=True)
    return _tagged(request, body) if etag else HttpResponse(body, content_type="application/json")


def _tagged(request: HttpRequest, body: str) -> HttpResponse:
    """Answer with a mark of what is said, or say that whoever asks with that mark has it already."""
    mark = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    given = [one.removeprefix("W/") for one in parse_etags(request.headers.get("If-None-Match", ""))]
    if mark in given:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = mark
    # Kept by the program alone, and asked for again each time: names may have been erased meanwhile.
    response["Cache-Control"] = "private, no-cache"
    return response


def _is_in_query(one: inspect.Parameter, path: str) -> bool:
    kind = one.annotation
    is_body = isinstance(kind, type) and issubclass(kind, BaseModel)
    return not (is_body or kind == IdempotencyKey or f"{{{one.name}}}" in path or f":{one.name}}}" in path)


@contextlib.contextmanager
def speaking(request: HttpRequest) -> Iterator[None]:
    """Speak the language that a program asks for, else that of the token's owner, as soon as we know who it is."""
    known: Known | None = getattr(request, "auth", None)
    if known is None or request.headers.get("Accept-Language"):
        yield
    else:
        with translation.override(known.language):
            yield


@contextlib.contextmanager
def _inside(slug: str | None) -> Iterator[Coop | None]:
    """Open the rows of the co-operative that an address names, and speak with its word for shares."""
    if slug is None:
        yield None
        return
    coop = _wiring[0].coop(slug)
    if coop is None:
        raise Refused("kernel.api_not_found")
    with tenant(coop.id):
        # The caller answers a refusal in this language too; the middleware that chose it ends it.
        translation.activate(coop.language_for(translation.get_language() or "en"))
        yield coop


def unfit(errors: list[Any]) -> HttpResponse:
    """Answer that what was sent has another shape than it should: each place with its reason."""
    told = []
    for one in errors:
        at = ".".join(str(part) for part in one["loc"])
        kind = str(one["type"])
        told.append({"at": at, "code": f"kernel.api_{kind.partition('.')[0]}", "detail": why(kind, one.get("ctx", {}))})
    return problem("kernel.api_invalid", errors=told)


__all__ = ["Call", "Coop", "IdempotencyKey", "Known", "Route", "Routes", "Wiring", "count", "speaking", "unfit", "wire"]
