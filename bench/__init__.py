"""How fast is Tocsin, beside what one would pick instead, measured in one and the same run?

`make bench` runs everything, `python -m bench hours` one of it. A module here is a benchmark when it has a `TITLE`
and a `run(out)`, which measures and hands each finished line to `out`.
"""
