"""Making a job see a Python, a conda environment, modules or an image, before it starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.asked import environment_of
from jupyterlab_batch.domain.generated import JobSpec, NotebookTask
from jupyterlab_batch.engine.images import image_lines, is_image_file
from jupyterlab_batch.engine.wrapper import quote

MODULES_FILE: Final = "/etc/profile"
"""What a login shell reads: where sites define ``module``."""

_WITH_PYTHON: Final = ("python", "conda", "image")
_BEGIN: Final = """\
failed="$BATCH_RUN_DIRECTORY/environment.failed"
fail() {
    printf "%s" "$1" >"$failed"
    exit 71
}
printf "%s" "The environment could not be set up." >"$failed"
"""
_END: Final = """\
command -v -- "$0" >/dev/null 2>&1 || fail "There is no program to run the job: $0"
rm -f "$failed"
exec "$@"
"""
_PYTHON: Final = """\
python={path}
[ ! -d "$python" ] || python=$python/bin/python
[ -x "$python" ] && [ ! -d "$python" ] || fail "There is no Python here: $python"
folder=${{python%/*}}
[ ! -f "${{folder%/*}}/pyvenv.cfg" ] || export VIRTUAL_ENV="${{folder%/*}}"
export PATH="$folder:$PATH"
"""
_CONDA: Final = """\
given={name}
prefix=
case $given in
*/*) prefix=$given ;;
*)
    # conda keeps the prefixes of a user's environments here.
    if [ -r "$HOME/.conda/environments.txt" ]; then
        while IFS= read -r line; do
            [ "${{line##*/}}" != "$given" ] || prefix=$line
        done <"$HOME/.conda/environments.txt"
    fi
    if [ -z "$prefix" ] && base=$(conda info --base 2>/dev/null); then
        prefix=$base/envs/$given
        [ "$given" != base ] || prefix=$base
    fi
    ;;
esac
[ -d "$prefix/conda-meta" ] || fail "There is no conda environment here: $given"
export PATH="$prefix/bin:$PATH" CONDA_PREFIX="$prefix" CONDA_SHLVL=1
export CONDA_DEFAULT_ENV="$given"
for script in "$prefix"/etc/conda/activate.d/*.sh; do
    [ ! -r "$script" ] || . "$script"
done
"""
_MODULES: Final = """\
before=$PATH
[ ! -r {file} ] || . {file}
PATH=$before:$PATH
command -v module >/dev/null 2>&1 || fail "This machine has no modules."
for name in {names}; do
    code=0
    module load "$name" 2>"$failed.said" || code=$?
    said=$(cat "$failed.said")
    rm -f "$failed.said"
    [ -z "$said" ] || printf "%s\\n" "$said" >&2
    # Old ones say so, and end well all the same.
    case $said in *ERROR* | *"Unable to locate"*) code=1 ;; esac
    [ "$code" = 0 ] || fail "The module $name cannot be loaded."
done
"""


def environment_path(
    spec: JobSpec, root_dir: Path, node_path: Callable[[Path], Path]
) -> Path | None:
    """Return the Python, prefix or image that is asked for by its path, as the job sees it."""
    environment = environment_of(spec)
    kind, name = environment.kind, environment.name
    given = {"python": environment.path, "conda": name, "image": name}.get(kind)
    if not isinstance(given, str) or (kind == "conda" and "/" not in given):
        return None
    if kind == "image" and not is_image_file(given):
        return None
    # `Path.expanduser` fails at users that there are not.
    return node_path(root_dir / os.path.expanduser(given))  # noqa: PTH111 -- see above


def image_of(spec: JobSpec, path: Path | None) -> str:
    """Return the image that is asked for: its path, as the job sees it, or its name."""
    return str(path or environment_of(spec).name or "")


def python_of(spec: JobSpec, path: Path | None) -> str | None:
    """Return what runs a notebook's kernel, or a script that ends in ``.py``.

    ``None`` if that is the server's own Python, or a kernel that is installed.
    """
    kind = environment_of(spec).kind
    if kind == "inherit" or (kind == "modules" and isinstance(spec.task, NotebookTask)):
        return None
    if kind != "python" or path is None:
        return "python3"
    return str(path if path.name.startswith("python") else path / "bin" / "python")


def has_own_kernel(spec: JobSpec) -> bool:
    """Tell whether it is a notebook whose kernel runs in the Python of an environment."""
    return isinstance(spec.task, NotebookTask) and environment_of(spec).kind in _WITH_PYTHON


def loader_of(
    spec: JobSpec, *, path: Path | None, modules_file: str, image_words: Sequence[str] = ()
) -> str | None:
    """Return the program that sets the environment up and then becomes the job's own.

    Parameters
    ----------
    path
        The Python, or the prefix of a conda environment, as the machine sees it that runs the job.
    modules_file
        Defines the function ``module`` there.
    image_words
        The command that starts an image, filled in.

    Returns
    -------
    A program for ``sh -c``, whose ``$0`` is what is looked for and ``$@`` what is started; None
    if there is nothing to be set up.

    Raises
    ------
    ValueError
        What is asked for holds a NUL character, or nobody knows how to start an image.
    """
    environment = environment_of(spec)
    match environment.kind:
        case "inherit":
            return None
        case "python":
            lines = _PYTHON.format(path=quote(str(path)))
        case "conda":
            name = environment.name if path is None else str(path)
            lines = _CONDA.format(name=quote(name or ""))
        case "modules":
            names = [] if isinstance(environment.names, msgspec.UnsetType) else environment.names
            words = " ".join(map(quote, names))
            lines = _MODULES.format(file=quote(modules_file), names=words)
        case "image":
            return _BEGIN + image_lines(image_words, image_of(spec, path))
    return _BEGIN + lines + _END
