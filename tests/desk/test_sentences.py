"""Is everything that can go on a ticket's record told in words?"""

from tocsin.desk import record
from tocsin.desk.sentences import WORDS
from tocsin.engine.performing import PERFORM


def test_every_kind_of_event_has_its_sentence():
    kinds = {
        *record.KIND_OF.values(),
        *record.BARE,
        *record.READERS,
        *PERFORM,
        *record.SILENT,
        "delivered",
        "undelivered",
    }

    assert kinds - {"told", "empty"} - WORDS.keys() == set(), "told and empty were never written"
