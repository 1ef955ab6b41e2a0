"""The examples for Prometheus: valid, about metrics that there are, each with what to do."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from portal.services.tallying import tally_job
from tests.deploy.conftest import ROOT
from tests.yamls import read_yaml

FOLDER = ROOT / "deploy" / "monitoring"
PROMTOOL = shutil.which("promtool")
ONLY_SOMETIMES = {
    "bagdar_replica_lag_seconds", "bagdar_replica_answers", "bagdar_backup_timestamp_seconds",
    "bagdar_backup_ok", "bagdar_backup_bytes", "bagdar_backup_seconds", "bagdar_kept_answers_total",
}  # fmt: skip
"""Told only where there is a replica, a back-up, a kept answer."""


def rules() -> list[dict[str, Any]]:
    groups = read_yaml((FOLDER / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


@pytest.fixture
def told(db: None) -> set[str]:
    """The names of all samples of a scrape."""
    Client().get("/healthz")
    tally_job("tests.job", "SUCCESS", 1)
    text = Client().get("/metrics").content.decode()
    return {each.name for family in text_string_to_metric_families(text) for each in family.samples}


def test_every_alert_says_what_to_do_and_how_soon() -> None:
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]
        assert len(rule["annotations"]["do"]) > 40
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_alerts_are_about_metrics_that_there_are(told: set[str]) -> None:
    text = " ".join(rule["expr"] + rule["annotations"]["do"] for rule in rules())
    named = set(re.findall(r"bagdar_[a-z_]+", text))
    known = told | ONLY_SOMETIMES | {name.removesuffix("_sum") for name in told}
    assert named <= known


def test_what_is_told_is_described(told: set[str]) -> None:
    described = set(re.findall(r"`(bagdar_[a-z_]+)", (ROOT / "docs" / "monitoring.md").read_text()))
    plain = {re.sub("_(count|sum|bucket)$", "", name) for name in told}
    assert plain <= described
    assert described <= plain | ONLY_SOMETIMES


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian: prometheus) is not installed")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "rules", "alerts.yml"],
        ["check", "config", "prometheus.yml"],
        ["test", "rules", "alerts_test.yml"],
    ],
)
def test_prometheus_takes_them(command: list[str]) -> None:
    done = subprocess.run([str(PROMTOOL), *command], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(PROMTOOL is None, reason="promtool (Debian: prometheus) is not installed")
def test_prometheus_finds_no_fault_with_the_metrics(db: None, tmp_path: Path) -> None:
    text = Client().get("/metrics").content
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
