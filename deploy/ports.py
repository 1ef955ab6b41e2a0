"""Ports for servers that are started for a while: by tests, benchmarks and the fault matrix."""

import random
import socket
from contextlib import suppress
from pathlib import Path

OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST, TRIES = 10_000, 100


def free_port() -> int:
    """A port of the loopback that nobody uses.

    It lies below those that the kernel gives to outgoing connections, where there is room below, so that
    none of them takes it before the server listens, or while it starts again.
    """
    outgoing = int(OUTGOING.read_text().split()[0])
    below = random.sample(range(FIRST, outgoing), TRIES) if outgoing > FIRST + TRIES else []
    for port in [*below, 0]:
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise RuntimeError("no port of the loopback is free")
