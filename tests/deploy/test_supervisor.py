import signal
import sys
from pathlib import Path

import pytest

from deploy.embedded.errors import LaunchError
from deploy.embedded.processes import Child, wait_until
from deploy.embedded.supervisor import LONGEST_DELAY_SECONDS, STABLE_AFTER_SECONDS, Supervisor
from tests.patience import eventually


def python(directory: Path, script: str, patience: float = 5) -> Child:
    return Child(
        name="trial",
        command=[sys.executable, "-S", "-c", script],
        environment={},
        log=directory / "trial.log",
        directory=directory,
        patience=patience,
    )


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_child_that_keeps_dying_is_restarted_at_growing_intervals(tmp_path: Path) -> None:
    said: list[str] = []
    clock = Clock()
    supervisor = Supervisor(said.append, clock)
    child = python(tmp_path, "raise SystemExit(3)")
    supervisor.start(child)
    for _ in range(7):
        eventually(lambda: not child.is_alive)
        supervisor.mend()
        clock.now += LONGEST_DELAY_SECONDS
        supervisor.mend()
    delays = [line.partition(" in ")[2].partition(" s;")[0] for line in said]
    assert delays == ["1", "2", "4", "8", "16", "30", "30"]
    assert said[0].startswith("trial stopped (status 3)")
    supervisor.stop()


def test_a_child_that_ran_well_is_restarted_at_once_when_it_dies(tmp_path: Path) -> None:
    said: list[str] = []
    clock = Clock()
    supervisor = Supervisor(said.append, clock)
    child = python(tmp_path, "pass")
    supervisor.start(child)
    for _ in range(3):
        eventually(lambda: not child.is_alive)
        clock.now += STABLE_AFTER_SECONDS + 1
        supervisor.mend()
        clock.now += 1
        supervisor.mend()
    assert [" starts again in 1 s;" in line for line in said] == [True] * 3
    supervisor.stop()


def test_it_does_not_restart_a_child_before_its_time(tmp_path: Path) -> None:
    clock = Clock()
    supervisor = Supervisor(lambda line: None, clock)
    child = python(tmp_path, "pass")
    supervisor.start(child)
    eventually(lambda: not child.is_alive)
    first = child.process
    supervisor.mend()
    clock.now += 0.9
    supervisor.mend()
    assert child.process is first
    clock.now += 0.1
    supervisor.mend()
    assert child.process is not first
    supervisor.stop()


def test_children_stop_in_the_reverse_of_the_order_in_which_they_started(tmp_path: Path) -> None:
    supervisor = Supervisor(lambda line: None)
    stopping = "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: (print('{0}'), sys.exit()))\n"
    waiting = "open('{0}', 'w').close()\nsignal.pause()"
    for name in ("first", "second"):
        supervisor.start(python(tmp_path, (stopping + waiting).format(name)))
        eventually((tmp_path / name).exists)
    supervisor.stop()
    assert (tmp_path / "trial.log").read_text().split() == ["second", "first"]


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(tmp_path: Path) -> None:
    script = (
        "import os, signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if not os.fork(): open('grandchild', 'w').write(str(os.getpid()))\nsignal.pause()"
    )
    child = python(tmp_path, script, patience=0.2)
    child.start()
    note = tmp_path / "grandchild"
    eventually(lambda: note.exists() and note.read_text())
    child.stop()
    assert child.status == -signal.SIGKILL
    eventually(lambda: not is_running(int(note.read_text())))


def is_running(process: int) -> bool:
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_waiting_for_a_child_that_has_ended_names_its_log(tmp_path: Path) -> None:
    child = python(tmp_path, "raise SystemExit('no')")
    child.start()
    with pytest.raises(LaunchError, match=r"trial stopped while starting; see .*trial\.log"):
        wait_until(lambda: False, child)
    child.stop()
    assert (tmp_path / "trial.log").read_text() == "no\n"
