"""How a rig reads its command line."""

from __future__ import annotations

from argparse import ArgumentParser, RawDescriptionHelpFormatter


def parser_of(description: str | None) -> ArgumentParser:
    """Return a parser whose `--help` shows a module's docstring as it stands."""
    return ArgumentParser(description=description, formatter_class=RawDescriptionHelpFormatter)
