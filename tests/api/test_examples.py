"""What docs/examples has to offer works, as a reader would run it."""

import importlib.util
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from django.conf import settings

from tests.api.conftest import THIRTY_DIGITS

EXAMPLES = settings.BASE_DIR / "docs" / "examples"


@pytest.fixture(scope="module")
def client() -> ModuleType:
    """The client's module."""
    spec = importlib.util.spec_from_file_location("bagdar", EXAMPLES / "bagdar.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.usefixtures("world")
def test_the_client_reads_every_page_and_loses_no_digit(client: ModuleType, served: str) -> None:
    portal = client.Bagdar(served)
    rows = list(portal.targets(kpi="test-programme:KPI-1", limit=1))
    assert [row["period"] for row in rows] == ["2025", "2025", "2030"]
    assert rows[0]["value"] == THIRTY_DIGITS
    assert portal.row("kpis", "test-programme:KPI-1")["name"] == "Promise en"


@pytest.mark.usefixtures("world")
def test_the_client_tells_the_cure(client: ModuleType, served: str) -> None:
    with pytest.raises(client.ProblemError, match="colour: There is no such parameter"):
        list(client.Bagdar(served).kpis(colour="blue"))


@pytest.mark.usefixtures("world")
def test_the_client_downloads_whole_lists(client: ModuleType, served: str, tmp_path: Path) -> None:
    client.Bagdar(served).download("targets", tmp_path / "targets.csv", programme="test-programme")
    heading, *lines = (tmp_path / "targets.csv").read_text().splitlines()
    assert heading.startswith("id,programme,kpi")
    assert len(lines) == 3


@pytest.mark.django_db
def test_the_script_comes_to_the_portals_own_results(served: str, tmp_path: Path) -> None:
    picture = tmp_path / "kpi.svg"
    command = [sys.executable, str(EXAMPLES / "almaty.py"), served, "almaty-2025:KPI-7", str(picture)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    kpis, shares, other = map(Decimal, re.findall("[0-9]+", done.stdout))
    assert kpis >= 20
    assert shares >= 20
    assert other == 0
    drawn = ElementTree.parse(picture).getroot()
    assert len(drawn.findall("{http://www.w3.org/2000/svg}circle")) >= 10
