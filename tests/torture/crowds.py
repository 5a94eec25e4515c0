"""Crowds of bad clients: connected at once, each within what one machine may open."""

import socket
from contextlib import suppress

PIPELINED = 65
BODY = 1_000_000
SENT = 530_000


def silent(port, count, path):
    """Ask often, and read nothing of the answers."""
    ask = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    return [_connected(port, ask * PIPELINED) for _ in range(count)]


def idle(port, count):
    """Say nothing, or half a head."""
    return [_connected(port, (b"", b"GET /healthz HTTP/1.1\r\nX: ")[n % 2]) for n in range(count)]


def unfinished(port, count, path):
    """Announce a body, send half of it."""
    announced = f"Content-Type: application/json\r\nContent-Length: {BODY}\r\n\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{announced}".encode()
    return [_connected(port, head + b"x" * SENT) for _ in range(count)]


def _connected(port, data):
    """A client with a small window; what the server does not take is not sent."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.setblocking(False)
    with suppress(OSError):
        while data and (sent := client.send(data)):
            data = data[sent:]
    return client
