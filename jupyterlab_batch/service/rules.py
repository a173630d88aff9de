"""What is wrong with a submission by itself, whatever the disk and the batch system say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from jupyterlab_batch.domain.asked import (
    gpus_of,
    log_paths_of,
    nodes_of,
    output_names_of,
    placement_of,
    processes_of,
    scratch_bytes_of,
    tags_of,
    variables_of,
)
from jupyterlab_batch.domain.decoding import issue
from jupyterlab_batch.domain.generated import (
    CommandTask,
    Issue,
    JobSpec,
    NotebookTask,
    ScriptTask,
    Submission,
)
from jupyterlab_batch.service.arrayrules import array_issues
from jupyterlab_batch.service.environmentrules import environment_issues

MAX_NAME_LENGTH: Final = 200
MAX_TAGS: Final = 10
MAX_TAG_LENGTH: Final = 40
MAX_ARGUMENT_LENGTH: Final = 100_000
"""Linux takes 131,072 bytes per argument and per variable."""
_BIDI_CONTROLS: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_VARIABLE_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARAMETER_NAME: Final = re.compile(r"[^\W\d][\w.]*")
"""In any language of a notebook: letters of any script, and dots as R has them."""
_TAG_NAME: Final = re.compile(r"[\w./-]*")
_FEATURE: Final = re.compile(r"[\w.:/+=-]+")
_STARTERS: Final = frozenset({"srun", "mpirun", "mpiexec", "mpiexec.hydra", "orterun", "prun"})
_AT_LEAST_ONE: Final = (
    ("cores", "core"),
    ("memory_bytes", "byte"),
    ("walltime_seconds", "second"),
    ("nodes", "node"),
    ("processes", "process"),
)
_OWN_PREFIX: Final = "BATCH_"
_SECRET_NAME: Final = re.compile(
    r"TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|APIKEY|(^|_)KEYS?($|_)", re.IGNORECASE
)


def rule_issues(submission: Submission) -> list[Issue]:
    """Return what is wrong with a submission by itself."""
    spec = submission.spec
    return [
        *_name(spec.name),
        *_resources(spec),
        *array_issues(spec),
        *_task(spec),
        *environment_issues(spec),
        *_variables(spec),
        *tag_issues(tags_of(spec)),
        *_optional_texts(spec),
        *_features(spec),
        *_parallel(spec),
    ]


def _name(name: str) -> Iterator[Issue]:
    field = "spec.name"
    if not name.strip():
        yield issue(field, "required", "Give the job a name.")
    if len(name) > MAX_NAME_LENGTH:
        message = f"Use at most {MAX_NAME_LENGTH} characters."
        yield issue(field, "too_long", message, limit=MAX_NAME_LENGTH)
    if any(map(is_control, name)):
        message = (
            "A name holds no control characters: no line breaks and no marks that change the "
            "direction of writing."
        )
        yield issue(field, "control_character", message)


def is_control(character: str) -> bool:
    """Tell whether a character steers a terminal or the direction of writing."""
    # Cc: C0, DEL and C1. Zl and Zp: the line and paragraph separators of Unicode.
    return unicodedata.category(character) in {"Cc", "Zl", "Zp"} or character in _BIDI_CONTROLS


def _resources(spec: JobSpec) -> Iterator[Issue]:
    for name, unit in _AT_LEAST_ONE:
        asked = getattr(spec.resources, name)
        if isinstance(asked, int) and asked < 1:
            message = f"Ask for at least one {unit}."
            yield issue(f"spec.resources.{name}", "out_of_range", message, limit=1)
    if scratch_bytes_of(spec.resources) < 0:
        message = "Space on a disk is 0 or more."
        yield issue("spec.resources.scratch_bytes", "out_of_range", message, limit=0)
    processes = processes_of(spec.resources)
    if 0 < processes < (nodes_of(spec.resources) or 0):
        message = "Each node needs at least one process."
        yield issue("spec.resources.nodes", "out_of_range", message, limit=processes)
    if gpus_of(spec.resources) < 0:
        message = "A number of GPUs is 0 or more."
        yield issue("spec.resources.gpus", "out_of_range", message, limit=0)


def _features(spec: JobSpec) -> Iterator[Issue]:
    """Find names that are none: batch systems calculate with other characters."""
    for name in placement_of(spec).features or []:
        if not _FEATURE.fullmatch(name):
            message = "The name of a feature is made of letters, digits and _ - . : / + =."
            yield issue("spec.placement.features", "unknown_feature", message)


def _parallel(spec: JobSpec) -> Iterator[Issue]:
    """Warn of a command that would leave all processes but one unused."""
    if processes_of(spec.resources) < 2 or isinstance(spec.task, ScriptTask):
        return
    if isinstance(spec.task, CommandTask):
        program = (spec.task.argv[0] if spec.task.argv else "").rpartition("/")[2]
        if program in _STARTERS:
            return
        message = (
            "A job starts one process by itself. Begin the command with srun or mpirun to start "
            "the others, or ask for cores instead."
        )
    else:
        message = "A notebook runs in one process. Ask for cores instead."
    yield issue("spec.resources.processes", "out_of_range", message, limit=1, warning=True)


def _task(spec: JobSpec) -> Iterator[Issue]:
    task = spec.task
    if isinstance(task, CommandTask):
        if not task.argv or not task.argv[0]:
            yield issue("spec.task.argv", "required", "Say which program is to be run.")
        yield from _arguments("spec.task.argv", task.argv)
        return
    yield from _text("spec.task.path", task.path)
    if not task.path:
        what = "notebook" if isinstance(task, NotebookTask) else "script"
        yield issue("spec.task.path", "required", f"Choose a {what}.")
    if isinstance(task, ScriptTask) and not isinstance(task.arguments, msgspec.UnsetType):
        yield from _arguments("spec.task.arguments", task.arguments)
    if isinstance(task, NotebookTask) and not isinstance(task.parameters, msgspec.UnsetType):
        yield from _parameter_names(task.parameters)


def _parameter_names(parameters: Mapping[str, object]) -> Iterator[Issue]:
    """Find names that are none: a parameter becomes a line of code, ``name = value``."""
    for name in parameters:
        if not _PARAMETER_NAME.fullmatch(name):
            message = (
                "The name of a parameter is made of letters, digits, _ and dots, no digit first."
            )
            yield issue(f"spec.task.parameters.{name[:100]}", "bad_variable_name", message)


def _arguments(field: str, arguments: list[str]) -> Iterator[Issue]:
    for number, argument in enumerate(arguments):
        yield from _text(f"{field}[{number}]", argument)


def _variables(spec: JobSpec) -> Iterator[Issue]:
    for name, variable in variables_of(spec).items():
        field = f"spec.environment.variables.{name[:100]}"
        if not _VARIABLE_NAME.fullmatch(name):
            message = "The name of a variable is made of letters, digits and _, no digit first."
            yield issue(field, "bad_variable_name", message)
        elif name.startswith(_OWN_PREFIX):
            message = f"What begins with {_OWN_PREFIX} is said by the job itself."
            yield issue(field, "bad_variable_name", message)
        elif _SECRET_NAME.search(name) and _is_given(variable.value):
            message = (
                "This looks like a secret, and what is written here can be read in the run "
                "directory and in the batch system. Let the job read it from a file of yours."
            )
            yield issue(field, "secret_literal", message)
        if isinstance(variable.value, str) == isinstance(variable.from_file, str):
            yield issue(field, "required", "Give it a value, or a file to read it from.")
        for inner in ("value", "from_file"):
            text = getattr(variable, inner)
            if isinstance(text, str):
                yield from _text(f"{field}.{inner}", text)
        if variable.from_file == "":
            yield issue(f"{field}.from_file", "required", "Name the file to read it from.")


def tag_issues(tags: Mapping[str, str], at: str = "spec.tags") -> Iterator[Issue]:
    """Yield what is wrong with tags, at fields below ``at``."""
    if len(tags) > MAX_TAGS:
        yield issue(at, "too_long", f"Use at most {MAX_TAGS} tags.", limit=MAX_TAGS)
        return
    for name, value in tags.items():
        field = f"{at}.{name[:MAX_TAG_LENGTH]}"
        if not name:
            yield issue(field, "required", "Give the tag a name.")
        elif not _TAG_NAME.fullmatch(name):
            message = "A tag is made of letters, digits, _, -, . and /."
            yield issue(field, "bad_tag", message)
        if any(map(is_control, value)):
            yield issue(field, "control_character", "A tag holds no control characters.")
        if max(len(name), len(value)) > MAX_TAG_LENGTH:
            message = f"Use at most {MAX_TAG_LENGTH} characters."
            yield issue(field, "too_long", message, limit=MAX_TAG_LENGTH)


def _is_given(text: str | msgspec.UnsetType) -> bool:
    return isinstance(text, str) and bool(text)


def _optional_texts(spec: JobSpec) -> Iterator[Issue]:
    task, files = spec.task, spec.files
    texts: dict[str, str | msgspec.UnsetType | None] = {}
    if isinstance(task, ScriptTask):
        texts["spec.task.interpreter"] = task.interpreter
    if isinstance(task, NotebookTask):
        texts["spec.task.kernel_name"] = task.kernel_name
        texts["spec.task.output_path"] = task.output_path
    placement = placement_of(spec)
    for name in ("queue", "account", "qos", "reservation"):
        texts[f"spec.placement.{name}"] = getattr(placement, name)
    if not isinstance(files, msgspec.UnsetType):
        texts["spec.files.working_directory"] = files.working_directory
    for stream, name in log_paths_of(spec).items():
        texts[f"spec.files.{stream}_path"] = name
    for number, name in enumerate(output_names_of(spec)):
        texts[f"spec.files.outputs[{number}]"] = name
    for field, text in texts.items():
        if isinstance(text, str):
            yield from _text(field, text)


def _text(field: str, text: str) -> Iterator[Issue]:
    if "\0" in text:
        message = "A NUL character cannot be passed to a program."
        yield issue(field, "control_character", message)
    if len(text.encode()) > MAX_ARGUMENT_LENGTH:
        message = f"Use at most {MAX_ARGUMENT_LENGTH} bytes; put longer text into a file."
        yield issue(field, "too_long", message, limit=MAX_ARGUMENT_LENGTH)
