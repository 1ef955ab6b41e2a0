"""Nobody waits for ever, and who waits for a page not as long as a job may take."""

import os
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.deploy.conftest import ROOT

SHOW = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    for name in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
        cursor.execute(f"SHOW {name}")
        print(cursor.fetchone()[0])
"""


@pytest.fixture(scope="module")
def database_url() -> str:
    """The server of the tests."""
    return os.environ["DATABASE_URL"]


def shown(database_url: str, **also: str) -> list[str]:
    """The time-outs of a process of the portal."""
    env = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings"} | also
    command = [sys.executable, "-c", SHOW]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_page_gives_up_before_its_process_is_taken_for_hung(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    monkeypatch.setenv("STATEMENT_SECONDS", "")
    monkeypatch.delenv("STATEMENT_SECONDS")
    configuration = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    seconds = os.environ["STATEMENT_SECONDS"]
    assert int(seconds) < configuration["timeout"]
    assert shown(database_url, STATEMENT_SECONDS=seconds) == ["30s", "1min", "20s"]


def test_a_job_may_take_longer(database_url: str) -> None:
    assert shown(database_url) == ["10min", "20min", "20s"]


def test_servers_that_are_away_are_given_up() -> None:
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == 2
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] == 5
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_connect_timeout"] == 2
    patience: dict[str, int] = settings.CACHES["default"]["OPTIONS"]  # type: ignore[assignment]
    assert patience == {"socket_timeout": 2, "socket_connect_timeout": 2}
    assert settings.EMAIL_TIMEOUT
