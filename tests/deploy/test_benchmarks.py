"""The benchmark of progress runs from beginning to end, on a copy of the prepared portal."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.soak import judge
from tests.deploy.instances import instance
from tests.patience import PATIENCE_SECONDS

NUMBER = 5
"""Of the Redis database that is this test's own."""
RATIOS = {"arithmetic_per_row_to_a_tenth", "recomputation_to_statement", "one_worker_to_two"}


@pytest.mark.django_db
def test_progress_is_measured_at_a_small_size(tmp_path: Path) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    report = tmp_path / "report.json"
    path = urlsplit(settings.REDIS_URL).path
    with instance(tmp_path / "var", "measured", template=name) as found:
        process = found.begin(
            "-m", "benchmarks.progress", "--rows", "2000", "--figures", "10", "--json", str(report),
            REDIS_URL=f"unix://{path}?db={NUMBER}",
        )  # fmt: skip
        _said, complained = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, complained[-2000:]
    measured = json.loads(report.read_text())
    assert measured["rows_written"] > 2000
    assert measured.keys() >= RATIOS
    assert 0 < measured["published_to_seen_p50"] <= measured["published_to_seen_p95"]


def test_a_soak_tells_growth_from_warming_up_and_from_a_busy_moment() -> None:
    def grown(*values: float) -> list[str]:
        return judge([{"worker, MB": value} for value in values])

    assert grown(100, 300, 300, 310, 300, 320) == []
    assert grown(300, 300, 300, 300, 300, 900, 300, 310, 900) == []
    assert grown(100, 200, 300, 400, 500, 600) == ["worker, MB: 350, then 550"]
    assert judge([{"Valkey, connections": each} for each in (9, 9, 9, 9, 30, 30)]) != []
