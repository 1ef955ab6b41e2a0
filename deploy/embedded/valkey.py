"""The embedded Valkey, which carries the jobs' messages and the cache: on a Unix socket only."""

import os
from pathlib import Path

import redis

from deploy.embedded.accounts import Account
from deploy.embedded.processes import Child

SOCKET_NAME = "valkey.sock"
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "save": "",
    "maxmemory-policy": "noeviction",  # a queue must not lose messages to make room
}


class Valkey:
    """One server with its append-only file in `home`/valkey, reached through `sockets`."""

    def __init__(self, program: Path, home: Path, sockets: Path, account: Account, log: Path) -> None:
        self.program, self.sockets, self.account, self.log = program, sockets, account, log
        self.data = home / "valkey"

    @property
    def url(self) -> str:
        return f"unix://{self.sockets / SOCKET_NAME}?db=0"

    def initialise(self) -> None:
        self.account.claim(self.data)

    def child(self) -> Child:
        settings = SETTINGS | {"unixsocket": str(self.sockets / SOCKET_NAME)}
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return Child(
            name="Valkey",
            command=[str(self.program), *options],
            environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            log=self.log,
            directory=self.data,  # the server keeps its files where it is started
            account=self.account,
        )

    def is_ready(self) -> bool:
        """Whether the server answers and has read its file."""
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
