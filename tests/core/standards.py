"""A standard small enough to read, for tests that break it."""

from tocsin.core.wording import WANTED

SMALL = """\
[standard]
name = "small"
title = "A small desk"

[rules]
default_priority = "P2"
first_level = "L1"
solved_period = "24h on always"
backdating_by = ["boss"]
[priorities.P1]
title = "Urgent"
calendar = "always"

[priorities.P2]
title = "Normal"
calendar = "support"

[roles]
boss = { title = "Boss" }
duty = { title = "On duty" }
contact = { title = "Contact", side = "client" }

[levels]
L1 = { title = "First line" }
L2 = { title = "Second line" }

[waits]
client = { title = "Waiting for the client", ended_by_reply = true }

[clocks.response]
title = "Response"
met_by = ["responded", "solved"]
targets = { P1 = "15m", P2 = "2h" }

[clocks.resolution]
title = "Resolution"
met_by = ["solved"]
paused_by = ["client"]
targets = { P1 = "4h", P2 = "5bd" }
thresholds = [
  { percent = 50, tell = "duty" },
  { percent = 5, tell = "duty", escalate = "L2" },
]

[raises.P2-P1]
from = "P2"
to = "P1"
after = "4h"

[ladders.page]
until_acknowledged = true
owner = "boss"
[[ladders.page.steps]]
name = "first"
to = "duty"
by = ["page"]
after = { P1 = "0m" }
message = "page"
[[ladders.page.steps]]
name = "second"
to = "boss"
by = ["page"]
after = { P1 = "5m" }
message = "page"

[ladders.functional]
counts_from = "level"
owner = "boss"
[[ladders.functional.steps]]
name = "L2"
to = "L2"
after = { P1 = "30m", P2 = "2h" }
accept = { P1 = "5m" }
message = "acceptance"

[ladders.client]
owner = "boss"
[[ladders.client.steps]]
name = "told"
to = "contact"
by = ["email"]
after = { P1 = "15m" }
message = "client-step"
[[ladders.client.steps]]
name = "called"
to = "contact"
by = ["phone"]
act = true
after = { P1 = "1h" }
within = { P1 = "1h" }
message = "client-step"

# The first text stands last, so that the lines above it keep their numbers.
[messages.step]
subject = "{number}"
body = "{title}: {why}"
"""

_FOUR = "{title}, {impact}, {next_step}, {next_update_at}"


def _text(name: str) -> str:
    audience, _ = WANTED[name]
    if audience == "staff":
        return f'[messages.{name}]\nsubject = "{{number}}"\nbody = "{{title}}: {{why}}"\n'
    stage, body = (
        ("resolved", _FOUR.replace("next_update_at", "follow_up")) if name == "resolved" else ("update", _FOUR)
    )
    return f'[messages.{name}]\naudience = "client"\nstage = "{stage}"\nsubject = "{{number}}"\nbody = "{body}"\n'


SMALL += "".join(_text(name) for name in WANTED if name != "step")


def broken(*changes: tuple[str, str]) -> str:
    """The small standard with each text, which stands there, replaced by another where it stands first."""
    text = SMALL
    for old, new in changes:
        assert old in text, f"the small standard does not say {old!r}"
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, said: str) -> int:
    """The line on which it is said first."""
    return text[: text.index(said)].count("\n") + 1
