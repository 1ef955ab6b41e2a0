"""The audit of dependencies: what it makes of the answers, and that it fails where something is known."""

import json
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from deploy.audit import of_front_end, of_python, write_bills

AUDIT = settings.BASE_DIR / "deploy" / "audit.py"


def test_a_known_vulnerability_is_named_with_its_cure() -> None:
    found = {"id": "PYSEC-1", "fix_versions": ["2.0"], "aliases": []}
    packages = [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "hollow", "version": "1.0", "vulns": [found]},
        {"name": "hidden", "skip_reason": "not found"},
    ]
    known, unasked = of_python({"dependencies": packages})
    assert known == ["hollow 1.0: PYSEC-1; mended in 2.0"]
    assert unasked == ["Nobody could be asked about these Python packages: hidden"]


def test_npm_answers_for_all_or_for_none() -> None:
    assert of_front_end({"vulnerabilities": {"left-pad": {"severity": "high"}}}) == (["left-pad: high"], [])
    assert of_front_end({"message": "unreachable"})[1]


def test_the_bill_names_every_pinned_package(tmp_path: Path) -> None:
    write_bills(tmp_path)
    bill = json.loads((tmp_path / "python.cdx.json").read_text())
    named = {(each["name"].lower(), each["version"]) for each in bill["components"]}
    lines = (settings.BASE_DIR / "requirements.txt").read_text().splitlines()
    pinned = {tuple(line.split()[0].lower().split("==")) for line in lines if line[:1].isalnum()}
    assert named == pinned


def test_where_nobody_can_be_asked_it_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path), "HTTPS_PROXY": "http://127.0.0.1:9", "HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, AUDIT], env=nowhere, capture_output=True, text=True, check=False)
    assert run.returncode == 2, run
    assert "Nobody could be asked" in run.stdout
