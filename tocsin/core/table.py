"""Which instants of whole years are open, laid flat so that every question about them is one search?"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple

from tocsin.core import zone
from tocsin.core.span import Span

FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2201, 1, 1, tzinfo=UTC)  # exclusive
_ZERO: Final = timedelta(0)
_DAY: Final = timedelta(days=1)


class Table(NamedTuple):
    """The open spans of the UTC years [start, end).

    edges: open, close, open, close …, rising; an instant with an odd number of edges up to it is open.
    totals: the working time before span 0, 1, 2 … and after the last, so one more than there are spans.
    origins: when each span would have begun had nothing been closed since the first, so that inside it the working
    time since `start` is one subtraction. dates: the local dates with an open instant, in order.
    """

    start: datetime
    end: datetime
    edges: list[datetime]
    origins: list[datetime]
    totals: list[timedelta]
    dates: list[date]

    def worked(self, at: datetime) -> timedelta:
        """The working time in [start, at)."""
        i = bisect_right(self.edges, at)
        return at - self.origins[i >> 1] if i & 1 else self.totals[i >> 1]


NOTHING: Final = Table(FIRST, FIRST, [], [], [_ZERO], [])
EVERYTHING: Final = Table(FIRST, LAST, [FIRST, LAST], [FIRST], [_ZERO, LAST - FIRST], [])


def lay_out(name: str, open_on: Callable[[date], Iterable[Span]], first: int, last: int) -> Table:
    """The table of the UTC years `first` to `last`, both included, for the zone and the spans each local date has.

    A span is laid out once per UTC offset in force, never by turning its two ends into instants: an instant is open
    exactly when the clocks on the wall show a time inside a span of that date. Spans that touch become one.
    (semantics 1)
    """
    edges: list[datetime] = []
    dates: set[date] = set()
    for year in range(first, last + 1):
        for piece in zone.pieces(name, year):
            midnight = (piece.begin + piece.offset).replace(hour=0, minute=0, second=0) - piece.offset
            while midnight < piece.until:
                day = (midnight + piece.offset).date()
                for span in open_on(day):
                    opens, closes = max(midnight + span.opens, piece.begin), min(midnight + span.closes, piece.until)
                    if opens >= closes:
                        continue
                    dates.add(day)
                    if edges and edges[-1] == opens:
                        edges[-1] = closes
                    else:
                        edges += (opens, closes)
                midnight += _DAY
    return _summed(datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC), edges, sorted(dates))


def _summed(start: datetime, end: datetime, edges: list[datetime], dates: list[date]) -> Table:
    origins, totals = [], [_ZERO]
    for opens, closes in zip(edges[::2], edges[1::2], strict=True):
        origins.append(opens - totals[-1])
        totals.append(totals[-1] + (closes - opens))
    return Table(start, end, edges, origins, totals, dates)
