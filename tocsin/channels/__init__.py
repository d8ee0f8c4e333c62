"""In which ways can a person be reached?

A new one is a file beside these, its test, and a line in KINDS.
"""

from tocsin.channels import email, pager, terminal
from tocsin.channels.base import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        email.KIND,
        pager.KIND,
        terminal.KIND,
    )
}
