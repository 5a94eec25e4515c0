"""A load generator: many kept-alive connections in one thread, nothing but the standard library."""

import selectors
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

RECEIVE = 1 << 18


@dataclass(frozen=True)
class Load:
    """What came of a run: requests a second, milliseconds, and answers of status 500 and above."""

    rate: float
    p50: float
    p99: float
    failed: int


class _Connection:
    """One client: sends a request, waits for the whole answer, sends the next."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        self._started = 0.0

    def send(self, path: str) -> None:
        self._buffer.clear()
        self._started = perf_counter()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())

    def receive(self) -> tuple[int, float] | None:
        """Status and seconds once the answer is complete."""
        data = self.socket.recv(RECEIVE)
        if not data:
            raise ConnectionError("the server closed a connection")
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._buffer[:end]).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(self._buffer) < end + 4 + length:
            return None
        return int(head[9:12]), perf_counter() - self._started


def run_load(port: int, paths: Sequence[str], requests: int, connections: int = 16) -> Load:
    """Ask for the paths in turn until so many requests are answered."""
    clients = [_Connection(port) for _ in range(connections)]
    times, failed, sent = [], 0, 0
    start = perf_counter()
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
            client.send(paths[sent % len(paths)])
            sent += 1
        while len(times) < requests:
            for key, _ in ready.select(30):
                if answer := key.data.receive():
                    failed += answer[0] >= 500
                    times.append(answer[1])
                    if sent < requests:
                        key.data.send(paths[sent % len(paths)])
                        sent += 1
    seconds = perf_counter() - start
    for client in clients:
        client.socket.close()
    times.sort()
    at = [1000 * times[int(len(times) * share)] for share in (0.5, 0.99)]
    return Load(len(times) / seconds, at[0], at[1], failed)


@contextmanager
def slow_clients(port: int, count: int, every: float = 0.5) -> Iterator[list[socket.socket]]:
    """Clients that send a header a byte at a time and never finish."""
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(count)]
    stop = threading.Event()
    for client in sockets:
        client.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")

    def drip() -> None:
        while not stop.wait(every):
            for client in sockets:
                client.sendall(b"a")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield sockets
    finally:
        stop.set()
        thread.join()
        for client in sockets:
            client.close()
