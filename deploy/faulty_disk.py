"""A disk that is full, and one that is slow: the kernel itself refuses, or lets a group of processes wait.

Both need root and Linux. The slow one is a control group (blkio of version 1, else io of version 2) whose
processes may send so many writes a second to the disk; one that is synced waits for its turn.
"""

import os
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

WRITES_A_SECOND = 5
GROUPS = Path("/sys/fs/cgroup")


def fill_up(folder: Path, seconds: float) -> None:
    """For so long there is a full disk where the folder is, and nothing of what was in it."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k,mode=700", "tmpfs", str(folder)], check=True)
    with suppress(OSError), (folder / ".full").open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    threading.Timer(seconds, subprocess.run, [["umount", "--lazy", str(folder)]]).start()


class SlowDisk:
    """The disk under a folder. Raises OSError where the kernel cannot slow it down."""

    def __init__(self, folder: Path) -> None:
        number = folder.stat().st_dev
        block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve()
        whole = block.parent if (block / "partition").exists() else block
        self.device = (whole / "dev").read_text().strip()
        is_first = (GROUPS / "blkio").is_dir()
        if not is_first:
            (GROUPS / "cgroup.subtree_control").write_text("+io")
        self.group = GROUPS / ("blkio" if is_first else "") / folder.name
        self.file = "blkio.throttle.write_iops_device" if is_first else "io.max"
        self.slow, self.swift = (
            (str(WRITES_A_SECOND), "0") if is_first else (f"wiops={WRITES_A_SECOND}", "wiops=max")
        )
        self.group.mkdir(exist_ok=True)

    def slow_down(self, pids: list[int], seconds: float) -> None:
        """For so long these processes, and those that they start, find it slow."""
        for pid in pids:
            with suppress(ProcessLookupError):
                (self.group / "cgroup.procs").write_text(str(pid))
        self._set(self.slow)
        threading.Timer(seconds, self._set, [self.swift]).start()

    def _set(self, limit: str) -> None:
        (self.group / self.file).write_text(f"{self.device} {limit}")

    def close(self) -> None:
        """Removes the group, once its processes have ended."""
        self.group.rmdir()
