"""Who comes in and what keeps others out: log-in, second factors, sessions, cookies (docs/security.md)."""

import os
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config.environment import flag, words

HTTPS = flag("HTTPS")
# Set by the launcher of bin/up and bin/test, whose servers listen on sockets of their own.
IS_EMBEDDED = flag("BAGDAR_EMBEDDED")
INSECURE_HTTP = flag("INSECURE_HTTP")
# Earlier keys, which still open what was signed or encrypted with them.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")

# --- Who comes in --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWordsValidator"},
]
ACCOUNT_ADAPTER = "accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever found an open browser changes neither password nor address.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Guessing is limited in accounts/services/guessing.py, which an attacker cannot turn against a user.
ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "login_failed", "reauthenticate"))
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"

# --- Second factors ------------------------------------------------------------------------------------

# Whether those who approve or administer must have a second factor (accounts/permissions.py).
MFA_REQUIRED = flag("MFA_REQUIRED", default=HTTPS)
# Whether everybody must.
MFA_REQUIRED_FOR_ALL = flag("MFA_REQUIRED_FOR_ALL")
# Keys for the secrets of second factors, the newest first; without any, one is made from SECRET_KEY.
MFA_KEYS = words("MFA_KEYS")
MFA_ADAPTER = "accounts.adapter_mfa.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms_mfa.CodeForm",
    "reauthenticate": "accounts.forms_mfa.CodeAgainForm",
    "activate_totp": "accounts.forms_mfa.AppForm",
    "add_webauthn": "accounts.forms_mfa.PasskeyForm",
    "edit_webauthn": "accounts.forms_mfa.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Addresses are given by administrators: whose it is need not be proved first.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey cannot be guessed.
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_TOTP_ISSUER = "Bağdar"
# The clocks of phones and servers may differ by half a minute.
MFA_TOTP_TOLERANCE = 1

# --- Single sign-on ------------------------------------------------------------------------------------


def sign_on_providers(server: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """What allauth asks of the provider at `server`; none without an address."""
    app = {
        "provider_id": "government", "name": name, "client_id": client, "secret": secret,
        "settings": {"server_url": server, "token_auth_method": "client_secret_post"},
    }  # fmt: skip
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app] if server else []}}


OIDC_SERVER_URL = os.environ.get("OIDC_SERVER_URL", "").rstrip("/")
OIDC_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("OIDC_NAME") or "eGov"
SOCIALACCOUNT_PROVIDERS = sign_on_providers(
    OIDC_SERVER_URL, os.environ.get("OIDC_CLIENT_ID", ""), OIDC_CLIENT_SECRET, OIDC_NAME
)
SOCIALACCOUNT_ADAPTER = "accounts.adapter_sso.ClosedSignOnAdapter"
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10
# Where a browser may be sent by the button, beside the portal itself.
OIDC_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_SERVER_URL)) if OIDC_SERVER_URL else ""

# --- Sessions ------------------------------------------------------------------------------------------

# A log-in ends after so many minutes without a request, and after so many hours in any case; one that is to
# be remembered after 14 days, which is not offered to those who approve or administer.
SESSION_IDLE_MINUTES = int(os.environ.get("SESSION_IDLE_MINUTES", "120"))
SESSION_HOURS = int(os.environ.get("SESSION_HOURS", "12"))
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# With the prefix a browser takes the cookies from this very host alone, over TLS.
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "device"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"

# --- Safety --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF, *filter(None, [OIDC_ORIGIN, *words("OIDC_LOGIN_ORIGINS")])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
# Whether a proxy before this server writes the last address in X-Forwarded-For.
TRUSTED_PROXY = flag("TRUSTED_PROXY")
ALLAUTH_TRUSTED_PROXY_COUNT = int(TRUSTED_PROXY)
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Whom to tell of a weakness, and by which rules: /.well-known/security.txt.
SECURITY_CONTACT = words("SECURITY_CONTACT")
SECURITY_POLICY = os.environ.get("SECURITY_POLICY", "")
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_MAX_BYTES = 100 * 1024 * 1024
# The folder with the certificates of the authorities whose signatures are valid (docs/papers.md).
SIGNATURE_ROOTS = os.environ.get("SIGNATURE_ROOTS", "")
# How many papers a person may order in an hour.
PAPERS_AN_HOUR = int(os.environ.get("PAPERS_AN_HOUR", "20"))
# The folder in which files may be watched, and the hosts of the own network that may be asked for files.
WATCH_ROOT = os.environ.get("WATCH_ROOT", "")
WATCH_PRIVATE_HOSTS = words("WATCH_PRIVATE_HOSTS")
