"""May one more come in now, and when otherwise?"""

from __future__ import annotations

from threading import Lock

BURST_S = 10
CLIENT_RATE = 200


class Bucket:
    """Holds what may still come in: filled at `rate` a second, at most 10 seconds' worth, which a burst may use up."""

    __slots__ = ("at", "left", "rate")

    def __init__(self, rate: int, at: float) -> None:
        self.rate = rate
        self.left = float(rate * BURST_S)
        self.at = at

    def fill(self, now: float) -> None:
        """In it is what may come in by now."""
        self.left = min(self.rate * BURST_S, self.left + (now - self.at) * self.rate)
        self.at = now

    def grow(self, rate: int) -> None:
        """It is that of a faster rate, from which as much has been used as from this one."""
        self.left += max(0, rate - self.rate) * BURST_S
        self.rate = max(rate, self.rate)

    @property
    def wait(self) -> float:
        """Seconds until one more may come in; 0 or less: it may now."""
        return (1 - self.left) / self.rate


class Rates:
    """The buckets of keys and clients, in this process; `now` is any clock that never goes back, in seconds."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, int], Bucket] = {}
        self._lock = Lock()

    def wait(self, key: int, client: int, rate: int, *, now: float) -> float:
        """Seconds until the key may send one more; 0: it may now, and has.

        A client's keys share 200 a second, or as much as the fastest of those that have sent may. (semantics 10)
        """
        with self._lock:
            of_key = self._bucket("key", key, rate, now)
            of_client = self._bucket("client", client, CLIENT_RATE, now)
            of_client.grow(rate)
            wait = max(of_key.wait, of_client.wait)
            if wait > 0:
                return wait
            of_key.left -= 1
            of_client.left -= 1
            return 0.0

    def _bucket(self, kind: str, number: int, rate: int, now: float) -> Bucket:
        bucket = self._buckets.get((kind, number))
        if bucket is None:
            bucket = self._buckets[kind, number] = Bucket(rate, now)
        bucket.fill(now)
        return bucket
