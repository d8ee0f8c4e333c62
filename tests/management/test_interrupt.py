"""Is Ctrl-C heeded, even where Python swallows it?"""

import os
import signal
import weakref

import pytest

from tocsin.management.interrupt import heeded


class Thing:
    """Something that is finalized."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_press_that_a_finalizer_swallows_is_heeded_at_the_next_step():
    before = signal.getsignal(signal.SIGINT)
    with heeded() as check:
        check()
        thing = Thing()
        weakref.finalize(thing, os.kill, os.getpid(), signal.SIGINT)
        del thing  # Python prints the interrupt and forgets it

        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is before


def test_without_a_press_nothing_is_raised():
    with heeded() as check:
        check()
