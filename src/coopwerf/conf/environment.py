"""What the settings read: keys, passwords and addresses of one installation, put into the environment."""

import contextlib
import json
import os
import secrets
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass
from typing import Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from .embedded import OWNER_ROLE, WEB_ROLE, EmbeddedServer, LaunchRefused, Places

SETTINGS_MODULE = "coopwerf.conf.settings"


@dataclass(frozen=True)
class Secrets:
    """Keep what only this installation knows, in `secrets.json` (mode 0600).

    `secret_key` signs sessions and links; `web_password` is the web role's on a PostgreSQL server of one's own.
    """

    secret_key: str
    web_password: str


def read_secrets(places: Places) -> Secrets:
    """Return this installation's secrets, made at the first call; two at once get the same.

    Without a data directory they are made up for this process alone. Raises `LaunchRefused("launch.secrets")`.
    """
    if not places.data_dir.is_dir():
        return _LOOSE
    if not places.secrets.exists():
        _write_secrets(places)
    try:
        kept = json.loads(places.secrets.read_text(encoding="utf-8"))
        return Secrets(str(kept["secret_key"]), str(kept["web_password"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LaunchRefused(
            "launch.secrets",
            f"{places.secrets} can't be read ({type(error).__name__}). Put it back from a copy, or move it away: a new "
            "one is made, and everybody signs in again.",
            str(places.secrets),
        ) from None


def _write_secrets(places: Places) -> None:
    draft = places.secrets.with_name(f"secrets.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(_make_secrets()), file)
        file.flush()
        os.fsync(file.fileno())
    # A link refuses to replace what another process was quicker to write.
    with contextlib.suppress(FileExistsError):
        os.link(draft, places.secrets)
    draft.unlink()


def _make_secrets() -> Secrets:
    return Secrets(secrets.token_urlsafe(48), secrets.token_urlsafe(24))


_LOOSE = _make_secrets()


def owner_url(places: Places) -> str:
    """Return the connection URL of the role that owns the tables."""
    return external_url() or EmbeddedServer(places.data_dir).dsn(OWNER_ROLE)


def web_url(places: Places) -> str:
    """Return the connection URL of the role that the web and the worker use."""
    outside = external_url()
    if outside is None:
        return EmbeddedServer(places.data_dir).dsn(WEB_ROLE)
    named = os.environ.get("DATABASE_WEB_URL")
    if named:
        if unquote(urlsplit(named).username or "") != WEB_ROLE:
            raise LaunchRefused("launch.web_role", f"DATABASE_WEB_URL has to name the role {WEB_ROLE}.")
        return named
    parts = urlsplit(outside)
    host = parts.netloc.rpartition("@")[2]
    password = read_secrets(places).web_password
    return urlunsplit(parts._replace(netloc=f"{WEB_ROLE}:{quote(password)}@{host}"))


def external_url() -> str | None:
    """Return DATABASE_URL, or None where the embedded PostgreSQL serves. Raises `LaunchRefused` on another database."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise LaunchRefused(
            "launch.database_url",
            "DATABASE_URL isn't the address of a PostgreSQL database. It looks like "
            "postgresql://owner:password@host:5432/coopwerf; leave it out to use the PostgreSQL that comes along.",
        )
    return url


def prepare_environment(
    places: Places, *, role: Literal["web", "owner"], target: MutableMapping[str, str] = os.environ
) -> None:
    """Put into `target` what `conf.settings` reads; what the operator set stays. Touches nothing else."""
    target["DJANGO_SETTINGS_MODULE"] = SETTINGS_MODULE
    target["COOPWERF_DATA_DIR"] = str(places.data_dir)
    target["COOPWERF_AS"] = role
    target["COOPWERF_OWNER_DSN"] = owner_url(places)
    target["COOPWERF_WEB_DSN"] = web_url(places)
    if not target.get("COOPWERF_SECRET_KEY"):
        target["COOPWERF_SECRET_KEY"] = read_secrets(places).secret_key
    base = target.setdefault("COOPWERF_BASE_URL", last_base_url(places))
    if not target.get("COOPWERF_HOSTS"):
        host = urlsplit(base).hostname
        names = dict.fromkeys(["localhost", "127.0.0.1", "[::1]", *([host] if host else [])])
        target["COOPWERF_HOSTS"] = ",".join(names)


def last_base_url(places: Places) -> str:
    """Return the address at which `coopwerf up` last served this data, so that commands write the same links."""
    try:
        return str(json.loads(places.up_state.read_text(encoding="utf-8"))["base_url"])
    except (OSError, ValueError, KeyError, TypeError):
        return "http://localhost:8000"
