"""What was computed of registered pairs, kept for the next question; bounded, for one snapshot."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Kept(Generic[Item]):
    """The most recently used results of a function, up to a size; safe to share between threads.

    Parameters
    ----------
    most
        Results that are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._items: OrderedDict[Hashable, Item] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Item]) -> Item:
        """The result that is kept under a key, made where there is none."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        made = make()
        with self._lock:
            self._items[key] = made
            if len(self._items) > self._most:
                self._items.popitem(last=False)
        return made
