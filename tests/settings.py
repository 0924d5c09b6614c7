"""Settings of the tests: the real application on the embedded PostgreSQL, as the role that the web uses."""

import os
import secrets
from pathlib import Path

from coopwerf.conf.embedded import OWNER_ROLE, WEB_ROLE, EmbeddedServer

ROOT = Path(__file__).resolve().parent.parent
SERVER = EmbeddedServer(ROOT / ".cache" / "test-data", tests=True)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
DATABASE = f"test_{WORKER}"

# Set, not defaulted: a worker of xdist inherits what the process that started it had set for itself.
os.environ["COOPWERF_OWNER_DSN"] = SERVER.dsn(OWNER_ROLE, DATABASE)
os.environ["COOPWERF_WEB_DSN"] = SERVER.dsn(WEB_ROLE, DATABASE)
os.environ["COOPWERF_DATA_DIR"] = str(ROOT / ".cache" / "test-data" / "app" / WORKER)
os.environ.setdefault("COOPWERF_SECRET_KEY", secrets.token_urlsafe(40))
os.environ.setdefault("COOPWERF_STATIC_ROOT", str(ROOT / ".cache" / "test-static"))
os.environ.setdefault("COOPWERF_HOSTS", "localhost,127.0.0.1,testserver")

from coopwerf.conf.settings import *  # noqa: E402, F403
from coopwerf.conf.settings import DATABASES, STATIC_ROOT, TEMPLATES  # noqa: E402

# One connection per thread, so that a test's transaction is the one that its page sees.
del DATABASES["default"]["OPTIONS"]["pool"]
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"} for name in ("default", "local")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class UndefinedVariable(str):
    """Fail a test whose template names something that isn't there."""

    def __contains__(self, item: object) -> bool:
        return item == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined template variable: {name}")


Path(os.environ["COOPWERF_STATIC_ROOT"]).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable("%s")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
