"""A file from another host or from a folder, by streaming it to a temporary file.

The portal asks whatever address an administrator typed in, from inside its own network: so an address is
refused unless every machine that its name stands for is a public one (or the host is listed in the setting
WATCH_PRIVATE_HOSTS), the connection goes to the very address that was checked, and each redirect is checked
anew. A path must lie in the folder of the setting WATCH_ROOT, whatever links it follows.
"""

import hashlib
import ipaddress
import socket
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from django.conf import settings

CHUNK = 1 << 16
TIMEOUT = 20.0
"""Seconds for an answer to begin, and between two pieces of it."""
DEADLINE = 180.0
"""Seconds for everything: a host that sends a byte now and then does not hold a worker."""
MOST_REDIRECTS = 5
REDIRECTS = {301, 302, 303, 307, 308}
PORTS = {"http": 80, "https": 443}
CARRYING = tuple(map(ipaddress.IPv6Network, ("::/96", "64:ff9b::/96")))
"""IPv6 addresses that end in an IPv4 one: what RFC 4291 (2.5.5.1) and NAT64 (RFC 6052, 2.1) made of it."""
NAT64_LOCAL = ipaddress.IPv6Network("64:ff9b:1::/48")
"""The same within a network (RFC 8215), where its IPv4 address may stand anywhere."""


class FetchError(Exception):
    """A file that could not be had; `code` says why, `params` name the place."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched: its name, its bytes in a temporary file, and by what it is known."""

    name: str
    file: IO[bytes]
    sha256: str
    etag: str = ""
    last_modified: str = ""


@contextmanager
def fetched(address: str, *, etag: str = "", last_modified: str = "") -> Iterator[Fetched | None]:
    """The file at a URL or path; None where the host says that it is the one known already.

    Raises `FetchError`.
    """
    if address.lower().startswith(("http://", "https://")):
        with _answer(address, etag, last_modified) as (url, response):
            if response.status == HTTPStatus.NOT_MODIFIED:
                yield None
                return
            if response.status != HTTPStatus.OK:
                raise FetchError("answered", address=url, status=response.status)
            with tempfile.TemporaryFile() as file:
                digest = _kept(response, file)
                yield Fetched(
                    _name_of(url), file, digest,
                    response.getheader("ETag", "")[:200], response.getheader("Last-Modified", "")[:64],
                )  # fmt: skip
        return
    with tempfile.TemporaryFile() as file:
        try:
            path = _path_of(address)
            with path.open("rb") as source:
                digest = _copied(source, file)
        except OSError as error:
            raise FetchError("not_reached", address=address, error=str(error)[:200]) from error
        yield Fetched(path.name, file, digest)


def _path_of(address: str) -> Path:
    """The file at the path, or the newest in the folder; within WATCH_ROOT, whatever links are followed."""
    root = Path(settings.WATCH_ROOT).resolve() if settings.WATCH_ROOT else None
    path = Path(address).resolve()
    if root is None or not path.is_relative_to(root):
        raise FetchError("outside_folder", address=address)
    if path.is_dir():
        files = [each for each in path.iterdir() if each.is_file() and not each.name.startswith(".")]
        newest = max(files, key=lambda each: (each.stat().st_mtime, each.name), default=None)
        if newest is None:
            raise FetchError("no_file", address=address)
        return _path_of(str(newest))
    if not path.is_file():
        raise FetchError("no_file", address=address)
    return path


@contextmanager
def _answer(address: str, etag: str, last_modified: str) -> Iterator[tuple[str, HTTPResponse]]:
    """The final answer and its address, following redirects as far as they are allowed."""
    headers = {"User-Agent": "Bagdar", "Accept-Encoding": "identity"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified and not etag else {}
    for _hop in range(MOST_REDIRECTS + 1):
        connection = connection_to(urlsplit(address))
        try:
            response = _asked(connection, address, headers)
            if response.status not in REDIRECTS:
                yield address, response
                return
            address = urljoin(address, response.getheader("Location", ""))
        finally:
            connection.close()
    raise FetchError("too_many_redirects", address=address)


def _asked(connection: HTTPConnection, address: str, headers: dict[str, str]) -> HTTPResponse:
    parts = urlsplit(address)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("GET", target, headers=headers)
        return connection.getresponse()
    except (OSError, HTTPException) as error:
        raise FetchError("not_reached", address=address, error=str(error)[:200]) from error


class _Connection(HTTPConnection):
    """A connection to a checked address, whatever the host's name may stand for by now."""

    def __init__(self, host: str, port: int, checked: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.checked = checked

    def connect(self) -> None:
        """Connects to the address that was checked."""
        self.sock = socket.create_connection((self.checked, self.port), self.timeout)


class _SecureConnection(_Connection, HTTPSConnection):
    """The same with TLS, for which the host's certificate must be good."""

    def connect(self) -> None:
        """Connects, and checks that the host is who it says."""
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def connection_to(url: SplitResult, timeout: float = TIMEOUT) -> HTTPConnection:
    """A connection, not yet opened, to a machine that may be asked; `FetchError` where none may."""
    host = url.hostname or ""
    try:
        port = url.port or PORTS[url.scheme]
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (KeyError, ValueError) as error:
        raise FetchError("bad_address", address=url.geturl()) from error
    except OSError as error:
        raise FetchError("not_reached", address=url.geturl(), error=str(error)) from error
    machines = [str(address[0]) for *_kind, address in found]
    if host not in settings.WATCH_PRIVATE_HOSTS and not all(map(_is_public, machines)):
        raise FetchError("forbidden_host", host=host)
    kind = _SecureConnection if url.scheme == "https" else _Connection
    return kind(host, port, machines[0], timeout)


def _is_public(machine: str) -> bool:
    """Whether the address is one of the open internet."""
    address = ipaddress.ip_address(machine.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64_LOCAL:
            return False
        address = _carried(address) or address
    return address.is_global and not address.is_multicast


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that the IPv6 one leads to, if it is of that kind."""
    if any(address in network for network in CARRYING):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def _kept(response: HTTPResponse, file: IO[bytes]) -> str:
    try:
        return _copied(response, file)
    except (OSError, HTTPException) as error:
        raise FetchError("not_reached", error=str(error)[:200]) from error


def _copied(source: IO[bytes] | HTTPResponse, file: IO[bytes]) -> str:
    """Copies piece by piece and rewinds; returns the SHA-256. Neither endless nor endlessly slow."""
    digest, size, began = hashlib.sha256(), 0, time.monotonic()
    while chunk := source.read1(CHUNK) if isinstance(source, HTTPResponse) else source.read(CHUNK):
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise FetchError("too_large", limit=settings.UPLOAD_MAX_BYTES)
        if time.monotonic() - began > DEADLINE:
            raise FetchError("too_slow", seconds=round(DEADLINE))
        digest.update(chunk)
        file.write(chunk)
    file.seek(0)
    return digest.hexdigest()


def _name_of(url: str) -> str:
    """The last part of the address's path, by which the file's indicator may be recognised."""
    return unquote(urlsplit(url).path.rpartition("/")[2]) or "file"
