"""The stage and the cast: a database with the real data packages, and one user of each role."""

import fcntl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as settings_of_process
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from accounts.services.demonstrating import DOMAIN
from deploy.frames import with_room
from tests.examples import load_profile
from tests.scheduling import Scheduling

load_profile()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """The processes share the tests in our way."""
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """Tests have the room for frames that web workers have: those of pages take a fifth less."""
    pyfuncitem.obj = with_room(pyfuncitem.obj)


MIGRATED, PREPARED = "test_migrated", "test_prepared"
"""Databases that nobody writes to: with empty tables, and with what `bin/up` prepares."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
) -> None:
    """The database of each process is a copy of one that holds what `bin/up` prepares.

    The process that needs it first fills it; the others wait.
    """
    folder = tmp_path_factory.getbasetemp()
    done = (folder if worker_id == "master" else folder.parent) / PREPARED
    with done.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with django_db_blocker.unblock():
                _prepare()
            done.touch()
    connection.settings_dict["TEST"]["TEMPLATE"] = PREPARED


def _prepare() -> None:
    """Makes both, and leaves them: nobody may be connected to what is copied."""
    settings = connection.settings_dict
    own, named = settings["NAME"], settings["TEST"]["NAME"]
    settings["TEST"]["NAME"] = PREPARED
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {MIGRATED}")
        cursor.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE {PREPARED}")
    call_command("prepare", verbosity=0)
    connection.close()
    settings["NAME"], settings["TEST"]["NAME"] = own, named


@pytest.fixture(scope="session", autouse=True)
def _counting_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The requests of each process that tests are counted for themselves."""
    settings_of_process.METRICS_DIR = str(tmp_path_factory.mktemp("metrics"))


@pytest.fixture(autouse=True)
def _apart(settings: Settings, tmp_path: Path) -> None:
    """Each test has its own cache and files, needs no collected static files, computes its pages, is refused
    nothing for asking often, and hears no language of the test before."""
    translation.deactivate()
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != "portal.caching.PublicPages"]
    settings.CACHES = {
        name: {**cache, "KEY_PREFIX": str(tmp_path)} for name, cache in settings.CACHES.items()
    }
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 0)
    settings.MEDIA_ROOT = tmp_path / "media"
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}


@pytest.fixture
def _sealed(db: None) -> None:
    """Events of the audit trail join their chain at once, not at the commit: a test never commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def user(db: None) -> Callable[[str], User]:
    """`user("analyst")`: the demonstration user of the role."""

    def find(name: str) -> User:
        return User.objects.get(email=f"{name}@{DOMAIN}")

    return find


@pytest.fixture
def client_of(user: Callable[[str], User]) -> Callable[[str], Client]:
    """`client_of("analyst")`: a browser in which the user is logged in; "anonymous" is nobody."""

    def log_in(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(user(name))
        return client

    return log_in
