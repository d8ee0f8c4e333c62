"""Which stretch of a day is open, and what is left of a day when its breaks are cut out?"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """The local wall times [opens, closes) of one day, each a time since 00:00; 24:00 is a whole day."""

    opens: timedelta
    closes: timedelta

    def written(self) -> list[str]:
        """The span as it is written in a calendar: `["09:00", "17:00"]`."""
        return [_written(self.opens), _written(self.closes)]

    def __str__(self) -> str:
        return "–".join(self.written())


def cut(spans: Iterable[Span], breaks: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans of a day without its breaks, in order."""
    left = list(spans)
    for gone in breaks:
        before = [Span(span.opens, min(span.closes, gone.opens)) for span in left]
        after = [Span(max(span.opens, gone.closes), span.closes) for span in left]
        left = sorted(part for part in before + after if part.opens < part.closes)
    return tuple(left)


def _written(time: timedelta) -> str:
    hours, minutes = divmod(time // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"
