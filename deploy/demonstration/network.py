"""Hosts that are network namespaces of this machine, joined by a bridge in a namespace of its own."""

import ctypes
import shutil
import subprocess
from contextlib import suppress

HUB = "bagdar-hub"
NETWORK = "10.77.0"
HUB_ADDRESS = f"{NETWORK}.254"
BRIDGE = "bridge0"


def run(*words: str) -> None:
    """Runs a command of the system, and raises what it says where it fails."""
    program = shutil.which(words[0]) or words[0]
    done = subprocess.run([program, *words[1:]], check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise OSError(f"{' '.join(words)}: {done.stderr.strip()}")


class Network:
    """A bridge and hosts with the addresses 10.77.0.1, 10.77.0.2 …; nothing of it is seen outside."""

    def __init__(self, hosts: int) -> None:
        self.hosts = range(1, hosts + 1)

    def __enter__(self) -> "Network":
        self.remove()
        run("ip", "netns", "add", HUB)
        self._in(HUB, "link", "set", "lo", "up")
        self._in(HUB, "link", "add", BRIDGE, "type", "bridge")
        self._in(HUB, "addr", "add", f"{HUB_ADDRESS}/24", "dev", BRIDGE)
        self._in(HUB, "link", "set", BRIDGE, "up")
        for number in self.hosts:
            self._add(number)
        return self

    def __exit__(self, *_error: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Takes away what a former run may have left, too."""
        for name in (HUB, *map(name_of, self.hosts)):
            with suppress(OSError):
                run("ip", "netns", "del", name)

    def cut(self, number: int) -> None:
        """Pulls the cable: whoever sends waits for an answer that never comes."""
        self._in(HUB, "link", "set", f"to{number}", "down")

    def mend(self, number: int) -> None:
        """Puts the cable back."""
        self._in(HUB, "link", "set", f"to{number}", "up")

    def _add(self, number: int) -> None:
        name = name_of(number)
        run("ip", "netns", "add", name)
        self._in(HUB, "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        self._in(HUB, "link", "set", f"to{number}", "master", BRIDGE)
        self._in(HUB, "link", "set", f"to{number}", "up")
        self._in(name, "link", "set", "lo", "up")
        self._in(name, "addr", "add", f"{address_of(number)}/24", "dev", "eth0")
        self._in(name, "link", "set", "eth0", "up")

    @staticmethod
    def _in(name: str, *words: str) -> None:
        run("ip", "-n", name, *words)


def name_of(number: int) -> str:
    """The namespace of the host."""
    return f"bagdar-{number}"


def address_of(number: int) -> str:
    """The address of the host."""
    return f"{NETWORK}.{number}"


def inside(number: int) -> tuple[str, ...]:
    """The words before a command that runs on the host."""
    program = shutil.which("ip") or "/sbin/ip"
    return (program, "netns", "exec", name_of(number))


def enter_hub() -> None:
    """From here on this process, and whatever it starts, stands at the bridge and reaches all hosts."""
    with open(f"/run/netns/{HUB}") as namespace:
        if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0):
            raise OSError(ctypes.get_errno(), "the namespace cannot be entered")
