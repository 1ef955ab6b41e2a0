"""What tests of log-in have in common."""

from typing import Any

import pytest


@pytest.fixture
def _quick_passwords(settings: Any) -> None:
    """Hashes that cost nothing, for tests that log in often."""
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]
