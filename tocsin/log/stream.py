"""Whose story can be told from the log?"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar

from django.db import models

from tocsin.log.chain import Draft, Entry, chain, utc


class Stream(models.Model):
    """Anything with events of its own: its row carries the head of its chain.

    Whoever holds the row's lock knows the last sequence, hash and instant without asking, and may chain in memory.
    """

    stream_kind: ClassVar[str]

    head_seq = models.PositiveBigIntegerField(default=0, editable=False)
    head_hash = models.CharField(max_length=64, default="", blank=True, editable=False)
    head_at = models.DateTimeField(null=True, editable=False)
    sealed_seq = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def stream_name(self) -> str:
        """ticket/17: the kind, then the row's own number."""
        if self.pk is None:
            raise ValueError(f"a {self.stream_kind} has a stream once it has been saved")
        return f"{self.stream_kind}/{self.pk}"

    def extend(self, drafts: Iterable[Draft], *, now: datetime, client_id: int | None = None) -> list[Entry]:
        """The drafts chained to this row's head, and the head moved on; nothing is stored yet.

        For a batch: extend each row, `append.insert` all entries at once, then save the rows' HEAD fields. The row must
        be locked. recorded_at is now, or the last event's instant when now lies behind it (semantics 2).
        """
        recorded_at = utc(now)
        if self.head_at is not None and self.head_at > recorded_at:
            recorded_at = self.head_at
        entries = chain(
            self.stream_name, self.head_seq, self.head_hash, drafts, recorded_at=recorded_at, client_id=client_id
        )
        if entries:
            last = entries[-1]
            self.head_seq, self.head_hash, self.head_at = last.seq, last.hash, recorded_at
        return entries


HEAD = ("head_seq", "head_hash", "head_at")


def streams() -> Iterator[type[Stream]]:
    """Every model whose rows have a stream."""
    left = [Stream]
    while left:
        model = left.pop()
        left.extend(model.__subclasses__())
        if not model._meta.abstract:
            yield model
