"""The pieces of docs/api/guide.md do what the guide says."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.conf import settings

from accounts.models import User
from accounts.services.keys import Scope, issue_key

DOCS = settings.BASE_DIR / "docs"
PIECES = re.findall(r"^```(\w+)\n(.*?)^```$", (DOCS / "api" / "guide.md").read_text(), re.M | re.S)
HOST = "https://HOST"
CLOSED = {")": "(", "]": "[", "}": "{"}


def pieces(language: str) -> list[str]:
    """Those in a language."""
    return [text for name, text in PIECES if name == language]


def columns_at(address: str) -> list[str]:
    """The heading of the CSV at an address."""
    with urlopen(address) as answer:
        return next(csv.reader(io.TextIOWrapper(answer, "utf-8")))


def is_balanced(text: str) -> bool:
    """Whether brackets outside of strings close in the order in which they open."""
    opened: list[str] = []
    for sign in re.findall(r"[][(){}]", re.sub(r'"[^"]*"', "", text)):
        if sign not in CLOSED:
            opened.append(sign)
        elif not opened or opened.pop() != CLOSED[sign]:
            return False
    return not opened


@pytest.fixture
def environment(user: Callable[[str], User], tmp_path: Path) -> dict[str, str]:
    """A shell in which curl fails where the portal refuses, with a key of an analyst."""
    (tmp_path / ".curlrc").write_text("silent\nshow-error\nfail-with-body\n")
    _key, text = issue_key(user=user("analyst"), label="Guide", scopes=[Scope.ENTRIES])
    home = {"HOME": str(tmp_path), "BAGDAR_KEY": text, "PYTHONPATH": str(DOCS / "examples")}
    return {**os.environ, **home, "no_proxy": "127.0.0.1"}


def test_the_guide_speaks_to_four_kinds_of_clients() -> None:
    assert {name for name, _text in PIECES} == {"bash", "python", "r", "powerquery"}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("piece", pieces("bash"))
def test_pieces_in_curl_answer(piece: str, served: str, environment: dict[str, str], tmp_path: Path) -> None:
    command = ["bash", "-euc", piece.replace(HOST, served)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout + "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    assert re.search(r'"results":\[|"facts":\[|^id,', said, re.M)
    assert '"results":[]' not in said or "Api-Key" in piece


@pytest.mark.parametrize("piece", pieces("python"))
def test_pieces_in_python_run(piece: str, served: str, environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-c", piece.replace(HOST, served)]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search("[1-9]", done.stdout)


@pytest.mark.django_db
@pytest.mark.parametrize("piece", pieces("r"))
def test_pieces_in_r_are_whole_and_their_addresses_answer(piece: str, served: str) -> None:
    assert is_balanced(piece)
    address = re.findall(rf'"{HOST}([^"]+)"', piece)[0]
    found = columns_at(f"{served}{address}" if "csv" in address else f"{served}{address}&format=csv")
    assert found
    named = re.search(r"c\(([^)]*)\)", piece)
    assert set(re.findall(r'"(\w+)"', named[1]) if named else ()) <= set(found)


@pytest.mark.django_db
@pytest.mark.parametrize("piece", pieces("powerquery"))
def test_pieces_in_power_query_are_whole_and_their_addresses_answer(piece: str, served: str) -> None:
    assert is_balanced(piece)
    steps = re.findall(r"^    (\w+) =", piece, re.M)
    assert piece.rsplit(maxsplit=1)[-1] == steps[-1]
    path, query = re.findall(r'RelativePath = "([^"]+)"', piece)[0], re.findall(r"Query = \[(.*)\]", piece)[0]
    parameters = re.findall(r'(\w+) = "([^"]+)"', query)
    found = columns_at(f"{served}/{path}?{urlencode(parameters)}")
    assert set(re.findall(r'\{"(\w+)",', piece)) <= set(found)
