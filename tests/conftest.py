"""The stage and the cast: a database with the real data packages, and one user of each role."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.services.demonstrating import DOMAIN


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Fills the test database once: what `bin/up` prepares."""
    from django.core.management import call_command

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("prepare", verbosity=0)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: object) -> None:
    """No test sees what another has cached."""
    settings.CACHES["default"]["KEY_PREFIX"] = str(tmp_path)
    cache.clear()


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
