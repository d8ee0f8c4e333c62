"""May one more come in now, and when otherwise?"""

from __future__ import annotations

from threading import Lock

BURST_S = 10
CLIENT_RATE = 200


class Bucket:
    """Holds what may still come in: filled at `rate` a second, at most 10 seconds' worth, which a burst may use up."""

    __slots__ = ("at", "left")

    def __init__(self, left: float, at: float) -> None:
        self.left = left
        self.at = at

    def fill(self, rate: int, now: float) -> float:
        """What is in it by now."""
        self.left = min(rate * BURST_S, self.left + (now - self.at) * rate)
        self.at = now
        return self.left


class Rates:
    """The buckets of keys and clients, in this process; `now` is any clock that never goes back, in seconds."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, int], Bucket] = {}
        self._lock = Lock()

    def wait(self, key: int, client: int, rate: int, *, now: float) -> float:
        """Seconds until the key may send one more; 0: it may now, and has.

        A client's keys share 200 a second, or as much as this one alone may. (semantics 10)
        """
        of_client = max(rate, CLIENT_RATE)
        with self._lock:
            key_s = self._bucket("key", key, rate, now)
            client_s = self._bucket("client", client, of_client, now)
            lack = max((1 - key_s.left) / rate, (1 - client_s.left) / of_client)
            if lack > 0:
                return lack
            key_s.left -= 1
            client_s.left -= 1
            return 0.0

    def _bucket(self, kind: str, number: int, rate: int, now: float) -> Bucket:
        bucket = self._buckets.get((kind, number))
        if bucket is None:
            bucket = self._buckets[kind, number] = Bucket(rate * BURST_S, now)
        bucket.fill(rate, now)
        return bucket
