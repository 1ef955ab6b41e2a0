"""What an operator forgot: web and worker do not start in production with any of it (docs/security.md)."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

SHORTEST_KEY = 50
SHORTEST_FACTOR_KEY = 32
ENCRYPTED = {"require", "verify-ca", "verify-full"}
HERE = {"", "localhost", "127.0.0.1", "::1"}

Check = Callable[[], Iterator[CheckMessage]]


def is_production() -> bool:
    """Behind TLS, or started by anything but the launcher of `bin/up`."""
    return bool(settings.HTTPS or not settings.IS_EMBEDDED)


def _keys() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if key == settings.UNSAFE_KEY or len(key) < SHORTEST_KEY or len(set(key)) < 10:
        yield Error(
            "SECRET_KEY is missing, short or simple.",
            hint="Set it to 50 random characters or more, the same on every host: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="bagdar.E001",
        )
    if any(len(each) < SHORTEST_FACTOR_KEY for each in settings.MFA_KEYS):
        yield Error(
            "A key in MFA_KEYS is short.",
            hint="Use 32 random characters or more; separate several by commas, the newest first.",
            id="bagdar.E002",
        )


def _hosts() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error(
            "DEBUG is on: error pages show the code and the settings to everybody.",
            hint="Unset DEBUG.",
            id="bagdar.E003",
        )
    if any("*" in host or host == "." for host in settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS lets every host name in.",
            hint="Name the hosts under which the portal is reached, separated by commas.",
            id="bagdar.E004",
        )
    if any("*" in origin for origin in settings.CSRF_TRUSTED_ORIGINS):
        yield Error(
            "CSRF_TRUSTED_ORIGINS trusts whole families of hosts.",
            hint="Name each origin: https://bagdar.example.kz",
            id="bagdar.E005",
        )


def _transport() -> Iterator[CheckMessage]:
    if not settings.HTTPS and not settings.INSECURE_HTTP:
        yield Error(
            "HTTPS is off: passwords and sessions would travel in the clear.",
            hint="Put a proxy with TLS before the portal and set HTTPS=1 and TRUSTED_PROXY=1; "
            "for a trial without TLS set INSECURE_HTTP=1.",
            id="bagdar.E006",
        )
    if settings.HTTPS and not settings.PORTAL_URL.startswith("https://"):
        yield Error(
            f"Links in letters begin with {settings.PORTAL_URL}, which is not https.",
            hint="Set PORTAL_URL to the portal's public address: https://…",
            id="bagdar.E007",
        )
    if settings.HTTPS and not settings.TRUSTED_PROXY:
        yield Warning(
            "TRUSTED_PROXY is off: limits on guessing take everybody behind the proxy for one address.",
            hint="Set TRUSTED_PROXY=1 if the proxy with TLS writes X-Forwarded-For.",
            id="bagdar.W004",
        )


def _servers() -> Iterator[CheckMessage]:
    for name, database in settings.DATABASES.items():
        host = str(database.get("HOST") or "")
        is_over_tcp = bool(host) and not host.startswith("/")
        if is_over_tcp and not database.get("PASSWORD"):
            yield Error(
                f"The database `{name}` at {host} is asked without a password.",
                hint="Put user and password into its address: postgres://user:password@host/name",
                id="bagdar.E008",
            )
        if host not in HERE and is_over_tcp and database.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED:
            yield Warning(
                f"The connection to the database `{name}` at {host} need not be encrypted.",
                hint="Add ?sslmode=verify-full (and sslrootcert=…) to its address.",
                id="bagdar.W001",
            )
    redis = urlsplit(settings.REDIS_URL)
    if redis.scheme in {"redis", "rediss"} and redis.hostname not in HERE and not redis.password:
        yield Error(
            f"Valkey at {redis.hostname} is asked without a password: anybody there gives workers work.",
            hint="Set requirepass (or a user) there, and REDIS_URL=redis://:password@host:6379/0",
            id="bagdar.E009",
        )


def _people() -> Iterator[CheckMessage]:
    if not settings.MFA_REQUIRED:
        yield Warning(
            "Those who approve or administer need no second step.",
            hint="Unset MFA_REQUIRED, or set it to 1.",
            id="bagdar.W002",
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Warning(
            "Letters are written to files: nobody hears of a new password or second step.",
            hint="Set EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend and EMAIL_HOST.",
            id="bagdar.W003",
        )


def _sign_on() -> Iterator[CheckMessage]:
    server = settings.OIDC_SERVER_URL
    if server and not server.startswith("https://"):
        yield Error(
            "The single sign-on at OIDC_SERVER_URL is asked without TLS: tokens could be forged.",
            hint="Set OIDC_SERVER_URL to an address that begins with https://",
            id="bagdar.E010",
        )
    if server and not settings.OIDC_CLIENT_SECRET:
        yield Error(
            "The single sign-on has no OIDC_CLIENT_SECRET.",
            hint="Set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET as the provider gave them.",
            id="bagdar.E011",
        )


CHECKS: list[Check] = [_keys, _hosts, _transport, _servers, _people, _sign_on]


def find_insecurities() -> list[CheckMessage]:
    """What is wrong for production; nothing elsewhere."""
    return [message for check in CHECKS for message in check()] if is_production() else []


@register(Tags.security, deploy=True)
def check_safety(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The same for `manage.py check --deploy`."""
    return find_insecurities()


def require_safety() -> None:
    """Raises ImproperlyConfigured with every error and its cure: web and worker do not start."""
    errors = [message for message in find_insecurities() if isinstance(message, Error)]
    if errors:
        lines = (f"  {each.id}: {each.msg}\n      {each.hint}" for each in errors)
        raise ImproperlyConfigured("The portal does not start insecurely.\n" + "\n".join(lines))
