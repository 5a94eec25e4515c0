"""A real mail server on this machine, which can also be slow, refuse, or die half-way."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session


class Mailbox:
    """Keeps what arrives; `answers` are given to the next recipients or letters, in turn."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.rcpt_answers: list[str] = []
        self.data_answers: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_answers:
            return self.rcpt_answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answers:
            return self.data_answers.pop(0)
        self.recipients += envelope.rcpt_tos
        content = envelope.content or b""
        made = message_from_bytes(bytes(content), policy=policy.default)  # type: ignore[arg-type]
        self.letters.append(made)  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[tuple[str, Mailbox]]:
    """Address and mailbox of a running server."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)  # type: ignore[no-untyped-call]
    controller.start()  # type: ignore[no-untyped-call]
    try:
        yield f"smtp://127.0.0.1:{port}", box
    finally:
        controller.stop()  # type: ignore[no-untyped-call]


@contextmanager
def broken_server(last_word: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that takes a letter, then says a last word, or dies; with `None` never says one.

    Gives its address, and the letters whose last byte it has read.
    """
    taken: list[bytes] = []
    over = threading.Event()

    def talk(line: socket.socket) -> None:
        with line, line.makefile("rb") as heard:
            line.sendall(b"220 here\r\n")
            for word in heard:
                if word.startswith(b"DATA"):
                    break
                line.sendall(b"250 yes\r\n")
            line.sendall(b"354 go on\r\n")
            letter = b"".join(iter(heard.readline, b".\r\n"))
            taken.append(letter)
            if last_word is None:
                over.wait(30)
            elif last_word:
                line.sendall(last_word)

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while not over.is_set():
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                talk(line)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}", taken
        over.set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
