"""What does every verb find ready? A desk with people, a client, and an engine to be turned."""

from collections.abc import Iterator

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """And whatever is done, the log proves every row, and every chain holds."""
    told = World()
    yield told
    told.is_proven()
