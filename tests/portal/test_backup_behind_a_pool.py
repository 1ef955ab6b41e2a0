"""Back-ups and restorations speak with PostgreSQL itself."""

from typing import Any

import pytest

from portal.backups import BackupError
from portal.backups.database import session


def test_their_connection_is_not_made_through_a_pool(settings: Any) -> None:
    settings.POOLED = True
    with pytest.raises(BackupError, match="DATABASE_URL to PostgreSQL itself"):
        session().__enter__()
