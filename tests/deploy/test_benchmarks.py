"""The benchmark of progress runs from beginning to end, on servers of its own."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.soak import judge

ROOT = Path(__file__).resolve().parents[2]
RATIOS = {"arithmetic_per_row_to_a_tenth", "recomputation_to_statement", "one_worker_to_two"}


def test_progress_is_measured_at_a_small_size(scratch: Path) -> None:
    report = scratch / "report.json"
    command = [sys.executable, "-m", "deploy.embedded", "run", "--throwaway", "--"]
    benchmark = [sys.executable, "-m", "benchmarks.progress", "--rows", "2000", "--json", str(report)]
    done = subprocess.run(
        [*command, *benchmark], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(report.read_text())
    assert found["rows_written"] > 2000
    assert found.keys() >= RATIOS
    assert 0 < found["published_to_seen_p50"] <= found["published_to_seen_p95"]


def test_a_soak_tells_growth_from_warming_up_and_from_a_busy_moment() -> None:
    def grown(*values: float) -> list[str]:
        return judge([{"worker, MB": value} for value in values])

    assert grown(100, 300, 300, 310, 300, 320) == []
    assert grown(300, 300, 300, 300, 300, 900, 300, 310, 900) == []
    assert grown(100, 200, 300, 400, 500, 600) == ["worker, MB: 350, then 550"]
    assert judge([{"Valkey, connections": each} for each in (9, 9, 9, 9, 30, 30)]) != []
