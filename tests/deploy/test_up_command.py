"""`bin/up` in a repository whose launcher only says where it was started."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import LONG_NAME, ROOT
from tests.patience import PATIENCE_SECONDS

LAUNCHER = "import os, sys\nprint('started by', sys.prefix, 'for', os.environ['BAGDAR_VAR'])\n"
NO_PACKAGES = '{"name": "trial", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "trial"}}}'


@pytest.fixture
def repository(scratch: Path) -> Path:
    directory = scratch / LONG_NAME
    (directory / "deploy" / "embedded").mkdir(parents=True)
    (directory / "deploy" / "embedded" / "__main__.py").write_text(LAUNCHER)
    (directory / "bin").mkdir()
    shutil.copy(ROOT / "bin" / "up", directory / "bin")
    shutil.copy(ROOT / "deploy" / "install.sh", directory / "deploy")
    (directory / "requirements.txt").write_text("# nothing\n")
    (directory / "package.json").write_text('{"name": "trial"}')
    (directory / "package-lock.json").write_text(NO_PACKAGES)
    return directory


def start(repository: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [str(repository / "bin" / "up")],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def up(repository: Path, **environment: str) -> tuple[int, str, str]:
    """Exit status, output and complaints."""
    command = start(repository, **environment)
    shown, complaints = command.communicate(timeout=PATIENCE_SECONDS)
    return command.returncode, shown, complaints


def test_two_first_starts_install_once_later_ones_nothing_and_modules_stay_compiled(repository: Path) -> None:
    others = str(repository.parent / "other")
    both = [start(repository), start(repository, BAGDAR_VAR=others)]
    answers = [command.communicate(timeout=PATIENCE_SECONDS) for command in both]
    assert [command.returncode for command in both] == [0, 0], answers
    shown = "".join(output for output, _ in answers)
    assert shown.count("Installing the Python packages") == 1
    assert f"started by {repository}/.venv for {repository}/var\n" in shown
    assert f"started by {repository}/.venv for {others}\n" in shown
    status, shown, _ = up(repository)
    assert (status, shown) == (0, f"started by {repository}/.venv for {repository}/var\n")
    expect_compiled_modules_kept(repository)


def expect_compiled_modules_kept(repository: Path) -> None:
    """Whatever the environment says: a process that compiles all that it imports starts seconds later."""
    package = repository / "deploy" / "embedded"
    (package / "module.py").touch()
    (package / "__main__.py").write_text("import deploy.embedded.module")
    assert up(repository, PYTHONDONTWRITEBYTECODE="1")[0] == 0
    assert list((package / "__pycache__").glob("module.*.pyc"))


def test_an_interrupted_installation_is_begun_afresh_and_a_failed_one_is_explained(repository: Path) -> None:
    (repository / ".venv" / "bin").mkdir(parents=True)
    (repository / ".venv" / ".incomplete").touch()
    (repository / ".venv" / "bin" / "python").write_text("half of a pyth")
    absent = f"absent @ file://{repository.parent}/absent-1.0-py3-none-any.whl --hash=sha256:{'0' * 64}\n"
    (repository / "requirements.txt").write_text(absent)
    status, _, complaints = up(repository)
    assert status == 1
    assert complaints.startswith("bin/up: The packages of requirements.txt could not be installed (ERROR: ")
    assert complaints.endswith(f"see {repository}/var/log/install.log.\n")
    assert (repository / ".venv" / "bin" / "python").stat().st_size > 1000
    assert (repository / ".venv" / ".incomplete").exists()


def test_a_python_that_is_too_old_is_refused_in_one_sentence(repository: Path) -> None:
    old = repository / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    status, _, complaints = up(repository, PYTHON=str(old))
    assert status == 1
    assert complaints == (
        f"bin/up: Python 3.11 or newer with its venv module is needed, and {old} is not that; "
        "install it or set PYTHON.\n"
    )
    assert not (repository / "var").exists()


def test_a_directory_that_cannot_be_written_is_refused_in_one_sentence(repository: Path) -> None:
    status, _, complaints = up(repository, BAGDAR_VAR=str(repository / "requirements.txt" / "var"))
    assert status == 1
    assert "cannot be written by this user; set BAGDAR_VAR" in complaints
    assert complaints.count("\n") == 1
