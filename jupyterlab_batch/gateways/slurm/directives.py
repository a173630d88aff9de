"""The ``#SBATCH`` lines of a script, read as ``sbatch`` reads them (seen with 22.05.8)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from jupyterlab_batch.gateways.slurm.options import SHORT, Takes, find_long

_MAGIC: Final = ("#SBATCH", "#SLURM")
_BLANKS: Final = " \t\n\v\f\r"


class ScriptRefused(ValueError):
    """``sbatch`` would not take the script at all; the message says why."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One option, by its long name; `problem` says why ``sbatch`` would refuse it."""

    line: int
    name: str
    value: str | None
    problem: str | None = None


def read_options(script: str) -> list[Option]:
    """Return the options of a script in their order, up to its first command.

    Raises
    ------
    ScriptRefused
        It is no batch script.
    """
    if not script.startswith("#!"):
        raise ScriptRefused("A batch script begins with #! and the path of an interpreter.")
    if "\r\n" in script:
        raise ScriptRefused("The script has Windows line ends. Save it with Unix ones (LF).")
    found: list[Option] = []
    for number, line in enumerate(script.split("\n"), start=1):
        magic = next((word for word in _MAGIC if line.startswith(word)), None)
        if magic is not None:
            found += _options_of(line[len(magic) :], number)
        elif line.strip(_BLANKS) and not line.lstrip(_BLANKS).startswith("#"):
            break
    return found


def split_words(text: str) -> list[str]:
    """Split a directive into words: quotes join, a backslash takes the next as it is, # ends.

    >>> split_words(' -J "a b"  --time=1:00 # note')
    ['-J', 'a b', '--time=1:00']

    Raises
    ------
    ValueError
        A quote is not closed.
    """
    words, word, quote, is_escaped = [], "", "", False
    for character in text:
        if not quote and character in _BLANKS:
            words.append(word)
            word, is_escaped = "", False
        elif is_escaped:
            word, is_escaped = word + character, False
        elif character == "\\":
            is_escaped = True
        elif quote:
            word, quote = (word, "") if character == quote else (word + character, quote)
        elif character in "\"'":
            quote = character
        elif character == "#":
            break
        else:
            word += character
    if quote:
        raise ValueError(quote)
    return [word for word in [*words, word] if word]


def _options_of(text: str, line: int) -> Iterator[Option]:
    try:
        words = split_words(text)
    except ValueError as error:
        yield Option(line=line, name=text.strip(), value=None, problem=f"{error} is not closed.")
        return
    while words:
        word = words.pop(0)
        if word.startswith("--") and len(word) > 2:
            yield _long(word, words, line)
        elif word.startswith("-") and word not in ("-", "--"):
            yield from _short(word[1:], words, line)
        elif word != "--":
            yield Option(line=line, name=word, value=None, problem="This is no option.")


def _long(word: str, rest: list[str], line: int) -> Option:
    given, equals, text = word[2:].partition("=")
    value = text if equals else None
    names = find_long(given)
    if len(names) != 1:
        why = f"It may mean {' or '.join(sorted(names))}." if names else "There is no such option."
        return Option(line=line, name=given, value=value, problem=why)
    name, takes = names.popitem()
    if takes is Takes.NOTHING and value is not None:
        return Option(line=line, name=name, value=value, problem="It takes no value.")
    if takes is Takes.VALUE and value is None:
        return _with_next(name, rest, line)
    return Option(line=line, name=name, value=value)


def _short(letters: str, rest: list[str], line: int) -> Iterator[Option]:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter not in SHORT:
            yield Option(line=line, name=letter, value=None, problem="There is no such option.")
            return
        name, takes = SHORT[letter]
        if takes is Takes.NOTHING:
            yield Option(line=line, name=name, value=None)
            continue
        if letters or takes is Takes.PERHAPS:
            yield Option(line=line, name=name, value=letters or None)
        else:
            yield _with_next(name, rest, line)
        return


def _with_next(name: str, rest: list[str], line: int) -> Option:
    if not rest:
        return Option(line=line, name=name, value=None, problem="It needs a value.")
    return Option(line=line, name=name, value=rest.pop(0))
