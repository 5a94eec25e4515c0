"""Delivers what is in the outbox: one process at a time, each letter noted before and after."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from matcher.config import Settings
from matcher.errors import StoreUnavailableError
from matcher.mail.carriers import Carrier, NotSentError, RefusedError, UncertainError, carrier_of
from matcher.mail.outbox import Mail, Outbox
from matcher.store.database import Database, now
from matcher.store.leases import Lease

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440))
"""How long to wait after each try that failed; after the last one a letter is given up."""

LEASE = timedelta(minutes=10)
"""Longer than any conversation with a mail server may last."""

LOOK_SECONDS = 2.0
log = logging.getLogger(__name__)


class Delivery:
    """Carries the letters of a database.

    Parameters
    ----------
    database
        Where the outbox is.
    carrier
        Who takes them.
    sender
        Whom they are from.
    """

    def __init__(self, database: Database, carrier: Carrier, sender: str) -> None:
        self.outbox = Outbox(database)
        self._carrier = carrier
        self._sender = sender
        self._lease = Lease(database, "mail", LEASE)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "Delivery":
        """Return the delivery that the settings ask for."""
        return cls(database, carrier_of(settings), settings.mail_from)

    def run(self) -> int:
        """Send what is due, unless another process is at it; count what was sent."""
        if not self.outbox.has_work() or not self._lease.take():
            return 0
        try:
            self.outbox.doubt()
            return sum(self._lease.take() and self._deliver(key) for key in self.outbox.due())
        finally:
            self._lease.give()

    def _deliver(self, key: int) -> bool:
        mail = self.outbox.begin(key)
        if mail is None:
            return False
        try:
            self._carrier.carry(mail.message(self._sender))
        except RefusedError as error:
            self.outbox.end(mail, "failed", _without_address(error, mail))
        except NotSentError as error:
            self._later(mail, _without_address(error, mail))
        except UncertainError as error:
            self.outbox.end(mail, "uncertain", _without_address(error, mail))
        except ValueError:
            self.outbox.end(mail, "failed", "It cannot be written as a message.")
        else:
            self.outbox.end(mail, self._carrier.done)
            return True
        return False

    def _later(self, mail: Mail, problem: str) -> None:
        if mail.tries > len(PAUSES):
            self.outbox.end(mail, "failed", problem)
            return
        self.outbox.end(mail, "waiting", problem, now(PAUSES[mail.tries - 1]))


@contextmanager
def delivering(database: Database, settings: Settings) -> Iterator[None]:
    """Deliver in a thread of its own for the length of a ``with`` block."""
    stop = Event()
    delivery = Delivery.of(database, settings)
    thread = Thread(target=_deliver, args=(delivery, stop), name="mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LOOK_SECONDS)


def _deliver(delivery: Delivery, stop: Event) -> None:
    """Look for letters until the end; whatever happens, look again."""
    while not stop.wait(LOOK_SECONDS):
        try:
            delivery.run()
        except StoreUnavailableError as error:
            log.warning("no letters are sent at present: %s", error)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any letter
            # By its kind alone: the text of an error may hold an address, and logs hold none.
            log.warning("a letter could not be sent: %s", type(error).__name__)


def _without_address(error: BaseException, mail: Mail) -> str:
    """Return what was said, without whom it was about: it is shown and logged."""
    return str(error).replace(mail.recipient, "[address]")
