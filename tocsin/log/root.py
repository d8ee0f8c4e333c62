"""What was on record that day, under a signature?

A chain shows a change inside it, but not that its end was cut off. So once a day the heads of all streams are written
down, chained to the root before and signed: what a root has sealed can no longer go missing unseen. (R17.2)
"""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q

from tocsin.log.chain import instant, utc
from tocsin.log.signature import sign
from tocsin.log.stream import Stream, streams

_BATCH = 500


class SealedHead(NamedTuple):
    """A line of a root: the stream had this event last."""

    stream: str
    seq: int
    hash: str


class Root(models.Model):
    """The heads of the streams that changed since the root before, signed. Never changed, never deleted.

    `heads` has a line "stream sequence hash" each; `previous` is the digest of the root before ("" for the first);
    `digest` is SHA-256 over `signed_text`, which is what the signature is over. All three in hexadecimal.
    """

    day = models.DateField(unique=True)
    sealed_at = models.DateTimeField()
    heads = models.TextField(blank=True)
    previous = models.CharField(max_length=64, blank=True, unique=True)
    digest = models.CharField(max_length=64)
    signature = models.TextField()
    public_key = models.TextField()

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"root/{self.day}"

    @property
    def signed_text(self) -> str:
        return f"tocsin root 1\n{self.day}\n{instant(utc(self.sealed_at))}\n{self.previous}\n{self.heads}"

    def lines(self) -> Iterator[SealedHead]:
        """The heads, one by one; ValueError for what is not a line of a root."""
        for line in self.heads.splitlines():
            stream, seq, head = line.rsplit(" ", 2)
            yield SealedHead(stream, int(seq), head)


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def seal(now: datetime) -> Root:
    """The day's root (UTC) is on record over all that was recorded before; the one that is there, if there is one.

    A clock that stands before the last root's day changes nothing and gives that root. Call it outside a transaction:
    a machine that dies between root and marks only makes the next root name some heads a second time.
    """
    day = utc(now).date()
    last = Root.objects.order_by("-day").first()
    if last is not None and last.day >= day:
        return last
    changed = {model: _changed(model) for model in streams()}
    lines = sorted(
        f"{model.stream_kind}/{pk} {seq} {head}" for model, rows in changed.items() for pk, seq, head in rows
    )
    root = Root(day=day, sealed_at=utc(now), heads="\n".join(lines), previous=last.digest if last else "")
    root.digest = digest(root.signed_text)
    root.signature, root.public_key = sign(root.signed_text)
    try:
        with transaction.atomic():
            root.save(force_insert=True)
    except IntegrityError:
        return Root.objects.get(day=day)  # another engine was quicker
    for model, rows in changed.items():
        _mark(model, [(seq, pk) for pk, seq, _ in rows])
    return root


def _changed(model: type[Stream]) -> list[tuple[int, int, str]]:
    # Not by date: an import brings its source's recorded_at, and ids on PostgreSQL commit out of order.
    rows = model._base_manager.filter(~Q(head_seq=F("sealed_seq")), head_seq__gt=0)
    return list(rows.order_by("pk").values_list("pk", "head_seq", "head_hash"))


def _mark(model: type[Stream], rows: list[tuple[int, int]]) -> None:
    # What was read, not what stands there by now; and few rows at a time, so that no engine waits long for one.
    quote = connection.ops.quote_name
    statement = f"UPDATE {quote(model._meta.db_table)} SET sealed_seq = %s WHERE {quote(model._meta.pk.column)} = %s"
    for start in range(0, len(rows), _BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, rows[start : start + _BATCH])
