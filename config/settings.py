"""Django settings, read from the environment that `bin/up` or an operator provides (docs/settings.md)."""

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

# With lxml, which the papers bring along, openpyxl would write line ends of cells that no reader gets back.
os.environ.setdefault("OPENPYXL_LXML", "False")

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("BAGDAR_VAR") or BASE_DIR / "var")
DATA_DIR = BASE_DIR / "data"
NODE_MODULES = Path(os.environ.get("BAGDAR_NODE_MODULES") or BASE_DIR / "node_modules")


UNSAFE_KEY = "unsafe-key-for-checks-only"


def _secret_key() -> str:
    """The key of the environment, or the instance's own; without either only checks and tests can run."""
    key_file = VAR_DIR / "secret_key"
    if key := os.environ.get("SECRET_KEY"):
        return key
    return key_file.read_text().strip() if key_file.is_file() else UNSAFE_KEY


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


SECRET_KEY = _secret_key()
DEBUG = _flag("DEBUG")
# The machine itself may always ask whether the portal is ready.
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("ALLOWED_HOSTS", "").split(",")),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]

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
    "csp",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.origin_middleware",
    "portal.visits.Visits",
    "accounts.middleware.limits_middleware",
    "portal.caching.PublicPages",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
    }
]

# --- Storage -------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgres:///bagdar"), conn_max_age=600, conn_health_checks=True
    )
}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c statement_timeout=600000 -c lock_timeout=30000"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL", "unix:///run/redis/redis.sock?db=0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "bagdar",
        # What is kept there is a convenience: nobody waits long for it.
        "OPTIONS": {"socket_timeout": 2},
    },
}

MEDIA_ROOT = VAR_DIR / "media"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
    ("vendor/golos", NODE_MODULES / "@fontsource-variable/golos-text"),
]
# Papers and drawings as PNG are set in these, whatever fonts the machine has; every Kazakh letter is in them.
FONTS_DIR = NODE_MODULES / "@expo-google-fonts/golos-text"
CHART_FONT_FAMILY = "Golos Text"
CHART_FONTS = [
    FONTS_DIR / name
    for name in ("400Regular/GolosText_400Regular.ttf", "600SemiBold/GolosText_600SemiBold.ttf")
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_MANIFEST_STRICT = False

# --- Jobs ----------------------------------------------------------------------------------------------


def _broker_url(redis_url: str) -> str:
    """The broker's address as kombu writes it: `redis+socket://` and `virtual_host` for a Unix socket."""
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return redis_url


CELERY_BROKER_URL = _broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 5,
    "socket_keepalive": True,
    # A page must not wait for a broker that is away: the outbox keeps the work, the sweep finds it.
    "socket_connect_timeout": 2,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 3600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 700_000  # kB
CELERY_TIMEZONE = "Asia/Almaty"
CELERY_BEAT_SCHEDULE = {
    "look-at-files": {"task": "indicators.look_at_files", "schedule": 600.0},
    "resume-uploads": {"task": "indicators.resume_uploads", "schedule": 10.0},
    "drain-outbox": {"task": "programmes.drain_outbox", "schedule": 10.0},
    "check-touched": {"task": "programmes.check_touched", "schedule": 60.0},
    "refresh-search": {"task": "portal.refresh_search", "schedule": 60.0},
    "note-standings": {"task": "portal.note_standings", "schedule": 60.0},
    "resume-papers": {"task": "papers.resume", "schedule": 10.0},
    "send-invitations": {"task": "portal.send_invitations", "schedule": 300.0},
    # By day, and every hour for a portal that was off: nobody is told twice.
    "send-digests": {"task": "portal.send_digests", "schedule": crontab(hour="8-19", minute=20)},
    "resume-runs": {"task": "programmes.resume_runs", "schedule": 10.0},
    # At seven, and every hour after for a portal that was off: nobody is reminded twice.
    "remind": {"task": "indicators.remind", "schedule": crontab(hour="7-19", minute=0)},
    "send-letters": {"task": "indicators.send_letters", "schedule": 300.0},
    "drain-news": {"task": "portal.drain_news", "schedule": 10.0},
    "prune-hook-log": {"task": "portal.prune_hook_log", "schedule": crontab(hour=3, minute=15)},
    "prune-changes": {"task": "portal.prune_changes", "schedule": crontab(hour=3, minute=10)},
    "judge-the-new-day": {"task": "programmes.recompute_everything", "schedule": crontab(hour=0, minute=5)},
    "check-the-new-day": {"task": "programmes.check_quality", "schedule": crontab(hour=0, minute=35)},
    "make-snapshot": {"task": "portal.make_snapshot", "schedule": crontab(hour=2, minute=10)},
}

# --- Language and time ---------------------------------------------------------------------------------

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
# The second has what the libraries' catalogues lack; strings extracted from this code go to the first.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale/libraries"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "Asia/Almaty"
USE_TZ = True

# --- Who comes in --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Bağdar <bagdar@localhost>")
# What links in letters begin with: a letter is written by a worker, which no request tells the address.
_HOST, _PORT = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
PORTAL_URL = (os.environ.get("PORTAL_URL") or f"http://{_HOST}:{_PORT}").rstrip("/")

# Who publishes the open data, and under which licence (an address); both are stated where data are described.
PUBLISHER_NAME = os.environ.get("PUBLISHER_NAME") or "Bağdar"
PUBLISHER_URL = os.environ.get("PUBLISHER_URL") or PORTAL_URL
DATA_LICENCE = os.environ.get("DATA_LICENCE", "")
# How many days bulk snapshots are kept; the newest stays.
SNAPSHOT_DAYS = int(os.environ.get("SNAPSHOT_DAYS", "30"))

# How many months after its date a deputies' inquiry is to be answered.
INQUIRY_ANSWER_MONTHS = int(os.environ.get("INQUIRY_ANSWER_MONTHS", "1"))

# For how many days a client that keeps a copy of a list is told what has changed since it last asked.
CHANGES_KEPT_DAYS = int(os.environ.get("CHANGES_KEPT_DAYS", "90"))

# --- Safety --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
# Whether a proxy before this server writes the last address in X-Forwarded-For.
TRUSTED_PROXY = _flag("TRUSTED_PROXY")
ALLAUTH_TRUSTED_PROXY_COUNT = int(TRUSTED_PROXY)
HTTPS = _flag("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = 100 * 1024 * 1024
# How many papers a person may order in an hour.
PAPERS_AN_HOUR = int(os.environ.get("PAPERS_AN_HOUR", "20"))
# The folder in which files may be watched, and the hosts of the own network that may be asked for files.
WATCH_ROOT = os.environ.get("WATCH_ROOT", "")
WATCH_PRIVATE_HOSTS = [host for host in os.environ.get("WATCH_PRIVATE_HOSTS", "").split(",") if host]

# --- API -----------------------------------------------------------------------------------------------

# Requests a minute: from an address, with a key, and to send files in; 0 is no limit (docs/api/limits.md).
API_LIMITS = {
    name: int(os.environ.get(f"API_LIMIT_{name.upper()}", default))
    for name, default in {"address": "600", "key": "3000", "uploads": "120", "working": "600"}.items()
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["common.rest.rendering.OrjsonRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissionsOrAnonReadOnly"],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.ClientThrottle"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Bağdar API",
    "DESCRIPTION": "Development programmes, their KPIs and targets, official statistics, and progress.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "ReasonEnum": "programmes.labels.REASONS",
        "LegalActKindEnum": "programmes.models.LegalAct.Kind",
        "ReportStateEnum": "indicators.models.Report.State",
        "ReportStateOrNotBegunEnum": "indicators.reported.STATES",
    },
}

SITE_NAME = _("Bağdar")

# --- Logs ----------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}},
}
