"""How does whoever waits see that it goes on?"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def bar() -> Iterator[Progress]:
    """A progress bar where somebody looks at one; elsewhere nothing."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


@contextmanager
def step(progress: Progress, what: str) -> Iterator[Any]:
    """One bar: the block is given a function of (done, total)."""
    task = progress.add_task(what, total=None)
    yield lambda done, total: progress.update(task, completed=done, total=total)
