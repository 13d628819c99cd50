"""Django's settings, worked out from the installation's configuration: the one module that reads the environment."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from bot.configuration import Configuration, read_configuration
from bot.secret_files import secret

NIANGJIA: Configuration = read_configuration(os.environ, current_folder=Path.cwd())
HOME = NIANGJIA.home
HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
_SECRETS = HOME / "secrets"

# A new key beside old records would open none of them, and hide that the old key is gone.
_HAS_RECORDS = any((HOME / name).exists() for name in ("niangjia.sqlite3", "upgrade.lock"))
NIANGJIA_MASTER_KEY = secret(_SECRETS, "master.key", make=not _HAS_RECORDS)
SECRET_KEY = base64.b64encode(secret(_SECRETS, "django.key", length=48)).decode()
DEBUG = NIANGJIA.debug
ALLOWED_HOSTS = list(NIANGJIA.allowed_hosts)
if NIANGJIA.public_url:
    ALLOWED_HOSTS.append(urlsplit(NIANGJIA.address).hostname or "")
    CSRF_TRUSTED_ORIGINS = [NIANGJIA.address]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "handoff",
    "bot.apps.BotConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
ROOT_URLCONF = "bot.urls"
ASGI_APPLICATION = "bot.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    if NIANGJIA.database_url:
        return dict(dj_database_url.parse(NIANGJIA.database_url, conn_max_age=0))
    return {
        "ENGINE": "bot.sqlite",
        "NAME": HOME / "niangjia.sqlite3",
        "OPTIONS": {
            # IMMEDIATE: a transaction that reads, then writes, must not fail half-way with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what was acknowledged to a platform survives a power cut too.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = NIANGJIA.time_zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
# Static files are served from the packages themselves: nothing to collect, nothing to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:queue"
LOGOUT_REDIRECT_URL = "console:login"

_HTTPS = NIANGJIA.address.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_500_000
# What workers send stays in memory until it is sealed: Django would lay it down in plain in a temporary folder.
FILE_UPLOAD_MAX_MEMORY_SIZE = NIANGJIA.upload_megabytes * 1_048_576 + 1_000_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# Sign-in is throttled per name and address together: a stranger elsewhere cannot lock a cadre out.
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "console/locked_out.html"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "bot.journal.PlacesOnly",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "filters": {"said_on_purpose": {"()": "bot.journal.SaidOnPurpose"}},
    "handlers": {
        "file": {
            "class": "bot.daily_log.DailyLog",
            "filename": HOME / "logs" / "niangjia.log",
            "formatter": "line",
        },
        "console": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
    },
    "root": {"handlers": ["file", "console"], "level": "INFO"},
    # These log whole addresses (tokens, openids) or a worker's words: warnings only, or nothing.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpcore", "rasa", "axes", "uvicorn.access", "jieba")}
    | {"django.request": {"level": "ERROR", "filters": ["said_on_purpose"]}},
}
(HOME / "logs").mkdir(exist_ok=True, mode=0o700)
