"""What does every story find ready? A desk with people, a client, and an engine to be turned."""

from collections.abc import Iterator

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """And however a story ends, the log proves every row, and every chain holds."""
    told = World()
    yield told
    told.is_proven()
