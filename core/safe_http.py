"""Posts a form, or what a caller signed, to an address that somebody else named, without being led anywhere else.

https only, to public addresses only, to the very address that was looked at, no redirects, a few hundred bytes
of answer at most, and all of it within one deadline. In development http and this machine are fine.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings

ANSWER_BYTES = 512
Reachable = tuple[str, int]  # IP address and port


class Refused(Exception):
    """It is not an address that anything is posted to."""


def post_form(address: str, fields: Mapping[str, object], *, seconds: float) -> int:
    """Post and return the status. Raises Refused, OSError or http.client.HTTPException."""
    return ask(address, fields, seconds=seconds)[0]


def post_body(address: str, body: bytes, headers: Mapping[str, str], *, seconds: float) -> int:
    """Post these bytes with these headers and return the status. Raises as `post_form`."""
    return _send("POST", address, body, headers, seconds, ANSWER_BYTES)[0]


def ask(
    address: str, fields: Mapping[str, object] | None = None, *, seconds: float, answer_bytes: int = ANSWER_BYTES
) -> tuple[int, bytes]:
    """Post, or get where there are no fields; the status and the answer's first bytes. Raises as `post_form`."""
    if fields is None:
        return _send("GET", address, None, {}, seconds, answer_bytes)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return _send("POST", address, urlencode(fields), headers, seconds, answer_bytes)


def _send(
    method: str, address: str, body: str | bytes | None, headers: Mapping[str, str], seconds: float, answer_bytes: int
) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection = _connection(parts, _reachable(parts), seconds)
    is_late = threading.Event()
    watchdog = threading.Timer(seconds, _cut, [connection, is_late])
    watchdog.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, {**headers, "Connection": "close"})
        response = connection.getresponse()
        body = response.read(answer_bytes)
        if is_late.is_set():
            raise TimeoutError
        return response.status, body
    finally:
        watchdog.cancel()
        connection.close()


def _reachable(parts: SplitResult) -> Reachable:
    """The (IP address, port) to connect to: looked up once, so that a second look-up can't name another one."""
    if parts.scheme != "https" and not (settings.ALLOW_LOCAL_CLIENTS and parts.scheme == "http"):
        raise Refused("not https")
    if not parts.hostname or "@" in parts.netloc:
        raise Refused("no plain host")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)]
    if not settings.ALLOW_LOCAL_CLIENTS and not all(_is_public(one) for one in found):
        raise Refused("not a public address")
    return found[0], port


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    # Reserved are, among others, IPv6 addresses that a gateway of the network turns into private IPv4 ones.
    is_plain = not (ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False))
    return ip.is_global and is_plain and (mapped is None or mapped.is_global)


def _connection(parts: SplitResult, reachable: Reachable, seconds: float) -> http.client.HTTPConnection:
    if parts.scheme == "https":
        return _PinnedHTTPS(parts.hostname or "", reachable, seconds)
    connection = http.client.HTTPConnection(parts.hostname or "", reachable[1], timeout=seconds)
    connection._create_connection = lambda _address, *rest: socket.create_connection(reachable, *rest)  # type: ignore[attr-defined]
    return connection


class _PinnedHTTPS(http.client.HTTPSConnection):
    """TLS for the host's name, over a connection to the address that was looked at."""

    def __init__(self, host: str, reachable: Reachable, seconds: float) -> None:
        self.tls = ssl.create_default_context()
        super().__init__(host, reachable[1], timeout=seconds, context=self.tls)
        self.reachable = reachable

    def connect(self) -> None:
        plain = socket.create_connection(self.reachable, self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


def _cut(connection: http.client.HTTPConnection, is_late: threading.Event) -> None:
    """A server that drips its answer byte by byte would never run into a timeout of its own."""
    is_late.set()
    if connection.sock is not None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return
