"""One file per command: translate, then one call."""
