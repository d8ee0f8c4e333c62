"""Who is on call at the demo's desk, whenever it is begun?"""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.demo import cast
from tocsin.directory.holders import holders

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "begun",
    [
        datetime(2026, 11, 23, 8, 59, tzinfo=UTC),
        datetime(2026, 11, 23, 9, tzinfo=UTC),
        datetime(2026, 11, 29, 23, tzinfo=UTC),
        datetime(2027, 4, 5, 8, tzinfo=UTC),  # 09:00 in London, a week after the clocks went forward
    ],
)
def test_tara_is_paged_first_then_sam_then_mona_and_a_week_later_the_next(begun):
    cast.take_turns(cast.staff(), at=begun, now=begun - timedelta(days=15))

    def on_duty(at):
        roles = ("on-call-primary", "on-call-secondary", "on-call-manager")
        return [holders(role, None, at=at)[0].name.split()[0] for role in roles]

    assert on_duty(begun) == ["Tara", "Sam", "Mona"]
    assert on_duty(begun + timedelta(weeks=1)) == ["Sam", "Tom", "Olga"]
