"""Which benchmarks are there, and what do they say today?"""

import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType


def benchmarks() -> dict[str, ModuleType]:
    """The benchmarks of this folder by name: every module with a `TITLE` and a `run(out)`."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("__"))
    modules = {name: import_module(f"bench.{name}") for name in names}
    return {name: module for name, module in modules.items() if hasattr(module, "TITLE")}


def out(line: str = "") -> None:
    print(line, flush=True)


def main(asked: list[str]) -> int:
    """Run the benchmarks asked for, all when none is; an unknown name is told and nothing is run."""
    known = benchmarks()
    unknown = [name for name in asked if name not in known]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}: there are {', '.join(known)}.", file=sys.stderr)
        return 2
    out(f"Python {platform.python_version()} on {platform.machine()}, {os.cpu_count()} cores. Only ratios count.")
    for name in asked or known:
        out()
        out(f"## {name}: {known[name].TITLE}")
        known[name].run(out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
