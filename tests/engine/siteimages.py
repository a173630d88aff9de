"""A site's own command for images: it takes its words as ``apptainer exec`` does.

An image is a folder here, and what is in its ``bin`` comes first; nothing is shut off from the
machine. Apptainer itself cannot be started on every machine that runs the tests.
"""

from __future__ import annotations

from pathlib import Path

_COMMAND = """\
#!/bin/sh
[ "$1" = exec ] || exit 64
shift
while :; do
    case $1 in
    --bind) [ -d "$2" ] || exit 65; shift 2 ;;
    --nv) export NV=yes; shift ;;
    *) break ;;
    esac
done
image=$1
shift
[ -d "$image/bin" ] || { echo "FATAL: could not open image $image" >&2; exit 255; }
PATH="$image/bin:/usr/bin:/bin" IMAGE="$image" exec "$@"
"""


def make_site(folder: Path) -> list[str]:
    """Make the command, and return it as a site configures it."""
    program = make_program(folder, "start image", _COMMAND.removeprefix("#!/bin/sh\n"))
    binds = ["--bind", "{run_directory}", "--bind", "{working_directory}"]
    return [str(program), "exec", "{gpus:--nv}", *binds, "{image}"]


def make_program(folder: Path, name: str, text: str) -> Path:
    """Make a program for ``sh``."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path
