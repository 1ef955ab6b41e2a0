"""Django settings, read from the environment that `bin/up` or an operator provides (docs/settings.md)."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from jinja2 import StrictUndefined

from config.environment import flag, words
from config.settings_api import *  # noqa: F403 - everything in it is a setting
from config.settings_logs import *  # noqa: F403
from config.settings_safety import *  # noqa: F403
from config.settings_servers import *  # noqa: F403

# With lxml, which the papers bring along, openpyxl would write line ends of cells that no reader gets back.
os.environ.setdefault("OPENPYXL_LXML", "False")

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("BAGDAR_VAR") or BASE_DIR / "var")
DATA_DIR = BASE_DIR / "data"

UNSAFE_KEY = "unsafe-key-for-checks-only"


def _secret_key() -> str:
    """The key of the environment, or the instance's own; without either only checks and tests can run."""
    key_file = VAR_DIR / "secret_key"
    if key := os.environ.get("SECRET_KEY"):
        return key
    return key_file.read_text().strip() if key_file.is_file() else UNSAFE_KEY


SECRET_KEY = _secret_key()
DEBUG = flag("DEBUG")
# The machine itself may always ask whether the portal is ready.
ALLOWED_HOSTS = [
    *words("ALLOWED_HOSTS"),
    "localhost",
    "127.0.0.1",
    "[::1]",
]

INSTALLED_APPS = [
    "common",
    "cities",
    "accounts",
    "indicators",
    "programmes",
    "papers",
    "portal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
]

MIDDLEWARE = [
    "common.request_ids.request_ids",
    "common.metering.metered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.origin_middleware",
    "portal.databases.OneDatabase",
    "portal.visits.Visits",
    "accounts.middleware.limits_middleware",
    "django.middleware.gzip.GZipMiddleware",
    "portal.caching.PublicPages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware_sessions.session_lifetime_middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware_mfa.second_factor_middleware",
    "accounts.middleware_mfa.LostKeys",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.permissions",
            ],
        },
    },
    {
        "NAME": "drawings",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "drawings"],
        "OPTIONS": {"undefined": StrictUndefined},
    },
]

# --- Language and time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
# The second has what the libraries' catalogues lack; strings extracted from this code go to the first.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale/libraries"]
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"  # noqa: F405
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

# --- Letters -------------------------------------------------------------------------------------------

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Bağdar <bagdar@localhost>")
# What links in letters begin with: a letter is written by a worker, which no request tells the address.
_HOST, _PORT = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
PORTAL_URL = (os.environ.get("PORTAL_URL") or f"http://{_HOST}:{_PORT}").rstrip("/")

# Who publishes the open data, and under which licence (an address); both are stated where data are described.
PUBLISHER_NAME = os.environ.get("PUBLISHER_NAME") or "Bağdar"
PUBLISHER_URL = os.environ.get("PUBLISHER_URL") or PORTAL_URL
DATA_LICENCE = os.environ.get("DATA_LICENCE", "")
# How many months after its date a deputies' inquiry is to be answered.
INQUIRY_ANSWER_MONTHS = int(os.environ.get("INQUIRY_ANSWER_MONTHS", "1"))

SITE_NAME = _("Bağdar")
