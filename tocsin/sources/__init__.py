"""Which formats can alerts arrive in?

A new one is a file beside these, its payloads under tests/payloads/, and a line in SOURCES.
"""

from tocsin.sources.alertmanager import Alertmanager
from tocsin.sources.base import Source
from tocsin.sources.generic import Generic

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        Alertmanager(),
        Generic(),
    )
}
