"""Web and worker do not start insecurely, and say what to do."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured

from config.checks import find_insecurities, require_safety
from config.environment import words
from tests.patience import PATIENCE_SECONDS

# Nobody connects with the settings that are made up here.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")

KEY = "a-key-of-more-than-fifty-characters-0123456789-abcdefgh"
PASSWORD = "secret"


@pytest.fixture
def production(settings: Any) -> Any:
    """Settings with which a ministry may start."""
    settings.IS_EMBEDDED, settings.HTTPS, settings.INSECURE_HTTP, settings.DEBUG = False, True, False, False
    settings.SECRET_KEY, settings.MFA_KEYS, settings.MFA_REQUIRED = KEY, [], True
    settings.TRUSTED_PROXY = True
    settings.ALLOWED_HOSTS = ["bagdar.example.kz"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://bagdar.example.kz"]
    settings.PORTAL_URL = "https://bagdar.example.kz"
    settings.DATABASES = {
        "default": {
            **settings.DATABASES["default"],
            "HOST": "db.example.kz",
            "PASSWORD": PASSWORD,
            "OPTIONS": {"sslmode": "verify-full"},
        }
    }
    settings.REDIS_URL = f"redis://:{PASSWORD}@valkey.example.kz:6379/0"
    settings.OIDC_SERVER_URL, settings.OIDC_CLIENT_SECRET = "https://sso.example.kz", PASSWORD
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return settings


def test_a_careful_operator_is_told_nothing(production: Any) -> None:
    assert find_insecurities() == []
    require_safety()


def change(name: str, value: object) -> Callable[[Any], None]:
    """One setting set otherwise."""
    return lambda settings: setattr(settings, name, value)


def change_database(**values: object) -> Callable[[Any], None]:
    """The database's settings set otherwise."""

    def act(settings: Any) -> None:
        settings.DATABASES = {"default": settings.DATABASES["default"] | values}

    return act


@pytest.mark.parametrize(
    ("spoil", "number", "cure"),
    [
        (change("SECRET_KEY", "unsafe-key-for-checks-only"), "E001", "secrets.token_urlsafe"),
        (change("SECRET_KEY", "short"), "E001", "50 random characters"),
        (change("SECRET_KEY", "ab" * 30), "E001", "50 random characters"),
        (change("MFA_KEYS", ["short"]), "E002", "32 random characters"),
        (change("DEBUG", True), "E003", "Unset DEBUG"),
        (change("ALLOWED_HOSTS", ["*"]), "E004", "Name the hosts"),
        (change("CSRF_TRUSTED_ORIGINS", ["https://*.example.kz"]), "E005", "Name each origin"),
        (change("HTTPS", False), "E006", "INSECURE_HTTP=1"),
        (change("PORTAL_URL", "http://bagdar.example.kz"), "E007", "PORTAL_URL"),
        (change_database(PASSWORD=""), "E008", "postgres://user:password@host/name"),
        (change("REDIS_URL", "redis://valkey.example.kz:6379/0"), "E009", "requirepass"),
        (change("OIDC_SERVER_URL", "http://sso.example.kz"), "E010", "https://"),
        (change("OIDC_CLIENT_SECRET", ""), "E011", "OIDC_CLIENT_SECRET"),
    ],
)
def test_each_carelessness_stops_the_start(
    production: Any, spoil: Callable[[Any], None], number: str, cure: str
) -> None:
    spoil(production)
    with pytest.raises(ImproperlyConfigured, match=f"bagdar.{number}") as refused:
        require_safety()
    assert cure in str(refused.value)
    assert len([each for each in find_insecurities() if (each.id or "").startswith("bagdar.E")]) == 1


@pytest.mark.parametrize(
    ("spoil", "number"),
    [
        (change_database(OPTIONS={}), "W001"),
        (change("MFA_REQUIRED", False), "W002"),
        (change("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"), "W003"),
        (change("TRUSTED_PROXY", False), "W004"),
    ],
)
def test_what_an_operator_may_decide_is_a_warning(
    production: Any, spoil: Callable[[Any], None], number: str
) -> None:
    spoil(production)
    assert [each.id for each in find_insecurities()] == [f"bagdar.{number}"]
    require_safety()


@pytest.mark.parametrize(
    "allowed",
    [
        change_database(HOST="/run/postgresql", PASSWORD=""),
        change("REDIS_URL", "unix:///run/valkey.sock?db=0"),
        change("REDIS_URL", "redis://127.0.0.1:6379/0"),
    ],
)
def test_sockets_of_the_machine_need_no_password(production: Any, allowed: Callable[[Any], None]) -> None:
    allowed(production)
    assert find_insecurities() == []


def test_a_trial_without_tls_says_so(production: Any) -> None:
    production.HTTPS, production.INSECURE_HTTP = False, True
    assert find_insecurities() == []


def test_the_launcher_of_a_trial_is_not_production(production: Any) -> None:
    production.HTTPS, production.SECRET_KEY, production.IS_EMBEDDED = False, "short", True
    assert find_insecurities() == []
    production.HTTPS = True
    assert find_insecurities() != []


PROGRAMS = {
    "web": ["-m", "gunicorn", "config.wsgi", "--check-config"],
    "worker": ["-m", "celery", "-A", "config", "worker", "--pool", "solo"],
    "beat": ["-m", "celery", "-A", "config", "beat"],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_themselves_refuse(program: str, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "BAGDAR_EMBEDDED"}
    environment |= {"SECRET_KEY": KEY, "HTTPS": "", "INSECURE_HTTP": ""}
    ended = subprocess.run(
        [sys.executable, *PROGRAMS[program]], cwd=configured.BASE_DIR, env=environment,
        capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "bagdar.E006" in ended.stderr
    assert "INSECURE_HTTP=1" in ended.stderr


def test_lists_may_be_written_with_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MFA_KEYS", " the new key, the old key,, ")
    assert words("MFA_KEYS") == ["the new key", "the old key"]
