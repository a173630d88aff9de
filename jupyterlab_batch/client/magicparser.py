"""Reading what stands after ``%batch``."""

from __future__ import annotations

import argparse
from typing import NoReturn

from IPython.core.error import UsageError


class Help(Exception):
    """The user asked for help; the message is it."""


class Parser(argparse.ArgumentParser):
    """A parser that ends in an exception, never in the end of the kernel."""

    def __init__(self, command: str, words: str, description: str) -> None:
        super().__init__(
            f"%batch {command}",
            usage=f"%(prog)s {words}",
            description=description,
            add_help=False,
            allow_abbrev=False,
        )
        self.add_argument("-h", "--help", action=HelpAction, nargs=0, help="show this")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with a line."""
        sentence = message[:1].upper() + message[1:]
        raise UsageError(f"{sentence}. Try {self.prog} --help")


class HelpAction(argparse.Action):
    """What ``--help`` does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Give the help to whoever asked."""
        raise Help(parser.format_help())
