"""Settings, read from the environment that `coopwerf` prepares; nothing secret stands here."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from coopwerf.kernel.pool import forget_tenant

from . import logs

SOURCE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("COOPWERF_DATA_DIR", "var")).resolve()

DEBUG = os.environ.get("COOPWERF_DEBUG") == "1"
SECRET_KEY = os.environ.get("COOPWERF_SECRET_KEY", "")
ALLOWED_HOSTS = os.environ.get("COOPWERF_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
BASE_URL = os.environ.get("COOPWERF_BASE_URL", "http://localhost:8000").rstrip("/")
IS_HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "coopwerf.ui.web.errors.form_expired"

DOMAIN_APPS = [
    "coopwerf.site",
    "coopwerf.founding",
    "coopwerf.events",
    "coopwerf.capital",
    "coopwerf.payments",
    "coopwerf.ledger",
    "coopwerf.register",
    "coopwerf.messages",
    "coopwerf.documents",
    "coopwerf.coops",
    "coopwerf.people",
    "coopwerf.ui",
    "coopwerf.kernel",
]
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    *DOMAIN_APPS,
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "coopwerf.conf.health.HealthMiddleware",
    "coopwerf.kernel.api.middleware.ApiMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "coopwerf.people.web.middleware.ActorMiddleware",
    "coopwerf.coops.web.middleware.CoopMiddleware",
    "coopwerf.people.web.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "coopwerf.site.web.access.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "coopwerf.conf.urls"
ASGI_APPLICATION = "coopwerf.conf.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "coopwerf.site.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "coopwerf.ui.templatetags.ui"],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL URL (`postgresql://user@/name?host=/socket/dir` or over TCP)."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            **query,
            "pool": {"min_size": 1, "max_size": 16, "timeout": 10, "reset": forget_tenant},
            # What `kernel.questions` asks more than three times is prepared, and planned once.
            "prepare_threshold": 3,
            # Each trigger asks whether it is to be ignored, for each row. Where the setting isn't there, it recovers
            # from an error, and looks through all that the transaction wrote so far: a large one would never end.
            "options": " ".join(
                [
                    query.get("options", ""),
                    "-c plan_cache_mode=force_generic_plan",
                    "-c pgtrigger.ignore={}",
                ]
            ).strip(),
        },
    }


# The web and the worker connect as a role that owns nothing; only migrations run as the owner (COOPWERF_AS=owner).
_role = "COOPWERF_OWNER_DSN" if os.environ.get("COOPWERF_AS") == "owner" else "COOPWERF_WEB_DSN"
DATABASES = {"default": database(os.environ.get(_role, "postgresql:///coopwerf"))}
if os.environ.get("COOPWERF_AS") == "owner":
    del DATABASES["default"]["OPTIONS"]["pool"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Rate limits stand here: throwing some out at the 300 entries that Django allows would lift them.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "coopwerf_cache",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["coopwerf.people.sessions.AuthenticationBackend"]
SESSION_ENGINE = "coopwerf.people.sessions"
MFA_ADAPTER = "coopwerf.people.sealing.Adapter"
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "people:me"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("nl", _("Dutch")), ("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = sorted(SOURCE.glob("*/locale"))
FORMAT_MODULE_PATH = "coopwerf.conf.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("COOPWERF_STATIC_ROOT", DATA_DIR / "static"))
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "coopwerf.ui.storage.HashedStaticStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = "coopwerf.messages.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = os.environ.get("COOPWERF_MAIL_FROM", "coopwerf@localhost")
SMTP_URL = os.environ.get("COOPWERF_SMTP_URL", "")
# What comes back: to which address, and where it is read. How mail is signed: docs/how-it-works/mail.md.
BOUNCE_ADDRESS = os.environ.get("COOPWERF_BOUNCE_ADDRESS", "")
BOUNCES_URL = os.environ.get("COOPWERF_BOUNCES", "")
DKIM_KEY = os.environ.get("COOPWERF_DKIM_KEY", "")
DKIM_SELECTOR = os.environ.get("COOPWERF_DKIM_SELECTOR", "coopwerf")
DKIM_DOMAIN = os.environ.get("COOPWERF_DKIM_DOMAIN", "")
# How many mails of batches are handed over at a time, in all workers together.
MAIL_LANES = int(os.environ.get("COOPWERF_MAIL_LANES", "4"))

PROCRASTINATE_ON_APP_READY = None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LOGGING = logs.config(DATA_DIR / "log", os.environ.get("COOPWERF_PROCESS", "command"))
LOGGING_CONFIG = "logging.config.dictConfig"
