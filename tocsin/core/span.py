"""Which stretches of a day are open, and what is left when breaks are cut from them?"""

import re
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Final, NamedTuple

_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_NO_LIST: Final = '{!r} is no list of spans: write pairs of times, such as [["09:00", "17:00"]].'


class BadSpan(ValueError):
    """A span of local time nobody can keep; the text says what is wrong with it, not whose it is."""


class Span(NamedTuple):
    """The local wall times [opens, closes) of one day, each a time since 00:00; 24:00 is a whole day."""

    opens: timedelta
    closes: timedelta

    def written(self) -> list[str]:
        """The span as it is written in a calendar: `["09:00", "17:00"]`."""
        return [_written(self.opens), _written(self.closes)]


def read(written: object) -> tuple[Span, ...]:
    """The spans of one day from a list of pairs such as `[("09:00", "12:00"), ("13:00", "17:00")]`, in order.

    Raises BadSpan for a malformed time, a span that does not end after it starts, and two that overlap. Two that
    only touch are fine. (semantics 1)
    """
    if not isinstance(written, list | tuple):
        raise BadSpan(_NO_LIST.format(written))
    spans = sorted(_span(pair) for pair in written)
    for span in spans:
        if span.closes <= span.opens:
            raise BadSpan(
                f"{_shown(span)} does not end after it starts: end it later, "
                "or write a night shift as two spans, up to 24:00 and from 00:00 on the next day."
            )
    for one, other in pairwise(spans):
        if other.opens < one.closes:
            raise BadSpan(f"{_shown(one)} and {_shown(other)} overlap: join them into one span.")
    return tuple(spans)


def cut(spans: Iterable[Span], breaks: Iterable[Span]) -> tuple[Span, ...]:
    """What is left of the spans of a day without its breaks, in order."""
    left = list(spans)
    for gone in breaks:
        before = [Span(span.opens, min(span.closes, gone.opens)) for span in left]
        after = [Span(max(span.opens, gone.closes), span.closes) for span in left]
        left = sorted(part for part in before + after if part.opens < part.closes)
    return tuple(left)


def _span(written: object) -> Span:
    if not isinstance(written, list | tuple) or len(written) != 2:
        raise BadSpan(_NO_LIST.format(written))
    opens, closes = written
    return Span(_time(opens), _time(closes))


def _time(written: object) -> timedelta:
    clock = _CLOCK.fullmatch(written) if isinstance(written, str) else None
    if clock is None:
        raise BadSpan(f"{written!r} is no time of day: write hours and minutes as text, from '00:00' to '24:00'.")
    return timedelta(hours=int(clock[1]), minutes=int(clock[2])) if clock[1] else timedelta(days=1)


def _written(time: timedelta) -> str:
    hours, minutes = divmod(time // timedelta(minutes=1), 60)
    return f"{hours:02}:{minutes:02}"


def _shown(span: Span) -> str:
    return "–".join(span.written())
