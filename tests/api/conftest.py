"""In which desk do programs ask in these tests?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    """The small world, twenty minutes ago: what a face asks for is asked now."""
    world = World()
    world.now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=20)
    return world
