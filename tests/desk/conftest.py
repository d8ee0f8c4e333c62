"""What does every verb find ready? A desk with people, a client, and an engine to be turned."""

import pytest

from tests.world import World


@pytest.fixture
def world(db: None) -> World:
    return World()
