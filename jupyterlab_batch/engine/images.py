"""The program of a job in a container image, by the command that a site names for that."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jupyterlab_batch.engine.wrapper import quote

_KNOWN: Final = ("apptainer", "singularity")
_ARGUMENTS: Final = (
    *("exec", "{gpus:--nv}", "--bind", "{run_directory}", "--bind", "{working_directory}"),
    *("--pwd", "{working_directory}", "{image}"),
)
_IF_GPUS: Final = re.compile(r"\{gpus:(.*)\}")
_FILE: Final = re.compile(r"[/~]|\.\.?/|(?!.*://).*\.(?:sif|simg|sqsh|img)$")
_LOADER: Final = """\
program={program}
command -v -- "$program" >/dev/null 2>&1 || fail "No program is here to start images: $program"
printf "%s" "The image cannot be started, or does not see the run directory: "{image} >"$failed"
exec {command} /bin/sh -c {inside} "$0" "$@"
"""
_INSIDE: Final = """\
failed="$BATCH_RUN_DIRECTORY/environment.failed"
[ -e "$failed" ] || { echo "The image does not see the run directory." >&2; exit 71; }
command -v -- "$0" >/dev/null 2>&1 || {
    printf "%s" "There is no program in the image to run the job: $0" >"$failed"
    exit 71
}
rm -f "$failed"
exec "$@"
"""


def command_found() -> list[str]:
    """Return the command for what is on the ``PATH`` of this process; nothing if nothing is."""
    program = next(filter(shutil.which, _KNOWN), None)
    return [] if program is None else [program, *_ARGUMENTS]


def is_image_file(image: str) -> bool:
    """Tell whether an image is named by its path, rather than as a registry knows it.

    >>> is_image_file("tools.sif"), is_image_file("./tools"), is_image_file("docker://python:3.12")
    (True, True, False)
    """
    return _FILE.match(image) is not None


def image_command(
    words: Sequence[str],
    *,
    image: str,
    run_directory: Path,
    working_directory: Path,
    gpus: int,
) -> list[str]:
    """Fill in the words of a site; one without ``{image}`` in it gets the image at its end.

    Parameters
    ----------
    words
        ``{gpus:--nv}`` is one only if the job asks for GPUs.
    """
    known = {
        "{image}": image,
        "{run_directory}": str(run_directory),
        "{working_directory}": str(working_directory),
    }
    found = []
    for word in words:
        only_with_gpus = _IF_GPUS.fullmatch(word)
        if only_with_gpus is None or gpus:
            plain = word if only_with_gpus is None else only_with_gpus[1]
            parts = re.split("|".join(f"({re.escape(name)})" for name in known), plain)
            found.append("".join(known.get(part, part) for part in parts if part))
    return found if any("{image}" in word for word in words) else [*found, image]


def image_lines(command: Sequence[str], image: str) -> str:
    """Return the lines of a loader that start the job in an image.

    Raises
    ------
    ValueError
        The site names no command.
    """
    if not command:
        raise ValueError("No command is known here that starts container images.")
    return _LOADER.format(
        program=quote(command[0]),
        image=quote(image),
        command=" ".join(map(quote, command)),
        inside=quote(_INSIDE),
    )
