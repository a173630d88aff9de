"""The options of ``sbatch``, and what of them may be passed on as it is.

What is not passed on would break what we promise (our tag, our logs, our clean environment, our
ids), or means something at a terminal alone.
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Takes(Enum):
    """Whether an option has a value."""

    NOTHING = "nothing"
    PERHAPS = "perhaps"
    VALUE = "value"


def _words(text: str) -> list[str]:
    return text.split()


_OF_VALUES: Final = _words("""
    account acctg-freq array batch bb bbf begin chdir cluster-constraint clusters comment
    constraint container context core-spec cores-per-socket cpu-freq cpus-per-gpu
    cpus-per-task deadline delay-boot dependency distribution error exclude export
    export-file extra extra-node-info gid gpu-bind gpu-freq gpus gpus-per-node
    gpus-per-socket gpus-per-task gres gres-flags hint input job-name kill-on-invalid-dep
    licenses mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu mincpus
    network nodefile nodelist nodes ntasks ntasks-per-core ntasks-per-gpu ntasks-per-node
    ntasks-per-socket ntasks-per-tres open-mode output partition power prefer priority
    profile qos reservation signal sockets-per-node switches thread-spec threads-per-core
    time time-min tmp tres-per-task uid wait-all-nodes wckey wrap
""")
_OF_NOTHING: Final = _words("""
    contiguous help hold ignore-pbs no-requeue overcommit oversubscribe parsable quiet
    reboot requeue spread-job test-only usage use-min-nodes verbose version wait
""")
_OF_PERHAPS: Final = ("exclusive", "get-user-env", "nice", "no-kill", "propagate")
LONG: Final[dict[str, Takes]] = {
    **dict.fromkeys(_OF_VALUES, Takes.VALUE),
    **dict.fromkeys(_OF_NOTHING, Takes.NOTHING),
    **dict.fromkeys(_OF_PERHAPS, Takes.PERHAPS),
}
_LETTERS: Final = {
    "A": "account",
    "B": "extra-node-info",
    "C": "constraint",
    "D": "chdir",
    "F": "nodefile",
    "G": "gpus",
    "H": "hold",
    "J": "job-name",
    "L": "licenses",
    "M": "clusters",
    "N": "nodes",
    "O": "overcommit",
    "Q": "quiet",
    "S": "core-spec",
    "V": "version",
    "W": "wait",
    "a": "array",
    "b": "begin",
    "c": "cpus-per-task",
    "d": "dependency",
    "e": "error",
    "h": "help",
    "i": "input",
    "k": "no-kill",
    "m": "distribution",
    "n": "ntasks",
    "o": "output",
    "p": "partition",
    "q": "qos",
    "s": "oversubscribe",
    "t": "time",
    "u": "usage",
    "v": "verbose",
    "w": "nodelist",
    "x": "exclude",
}
SHORT: Final = {letter: (name, LONG[name]) for letter, name in _LETTERS.items()}

PASSED_ON: Final[dict[str, tuple[str, type] | None]] = {
    "acctg-freq": ("account_gather_frequency", str),
    "begin": ("begin_time", str),
    "cluster-constraint": ("cluster_constraint", str),
    "constraint": ("constraints", str),
    "contiguous": None,
    "core-spec": ("core_specification", int),
    "cores-per-socket": ("cores_per_socket", int),
    "cpu-freq": ("cpu_frequency", str),
    "cpus-per-gpu": ("cpus_per_gpu", str),
    "deadline": ("deadline", str),
    "delay-boot": ("delay_boot", int),
    "distribution": ("distribution", str),
    "exclude": None,
    "exclusive": None,
    "extra-node-info": None,
    "gpu-bind": ("gpu_binding", str),
    "gpu-freq": ("gpu_frequency", str),
    "gpus": ("gpus", str),
    "gpus-per-node": ("gpus_per_node", str),
    "gpus-per-socket": ("gpus_per_socket", str),
    "gpus-per-task": ("gpus_per_task", str),
    "gres": ("gres", str),
    "gres-flags": ("gres_flags", str),
    "hint": ("cpu_binding_hint", str),
    "hold": ("hold", bool),
    "licenses": ("licenses", str),
    "mail-type": ("mail_type", str),
    "mail-user": ("mail_user", str),
    "mcs-label": ("mcs_label", str),
    "mem-bind": ("memory_binding", str),
    "mincpus": ("minimum_cpus_per_node", int),
    "network": None,
    "nice": ("nice", int),
    "no-kill": ("no_kill", bool),
    "nodelist": None,
    "nodes": ("nodes", str),
    "ntasks-per-core": ("tasks_per_core", int),
    "ntasks-per-gpu": None,
    "ntasks-per-node": ("tasks_per_node", int),
    "ntasks-per-socket": ("tasks_per_socket", int),
    "overcommit": None,
    "oversubscribe": ("oversubscribe", bool),
    "prefer": ("prefer", str),
    "priority": ("priority", str),
    "profile": None,
    "reboot": None,
    "requeue": ("requeue", bool),
    "signal": ("signal", str),
    "sockets-per-node": ("sockets_per_node", int),
    "spread-job": ("spread_job", bool),
    "switches": None,
    "thread-spec": ("thread_specification", int),
    "threads-per-core": ("threads_per_core", int),
    "time-min": ("time_minimum", int),
    "use-min-nodes": ("minimum_nodes", bool),
    "wait-all-nodes": ("wait_all_nodes", bool),
    "wckey": ("wckey", str),
}
"""Each with its name and type in v0.0.38, where it is known there."""

_LOG: Final = (
    "In the path of a log can be %j and %x, in an array %A, %a and %x; nothing else of Slurm."
)
NOT_HONOURED: Final = {
    "output": _LOG,
    "error": _LOG,
    "input": "A job reads nothing; let the script open the file.",
    "open-mode": "A log is never emptied.",
    "comment": "By the comment a job is found again.",
    "dependency": "Its numbers are not ours. Choose the jobs to wait for in the form.",
    "get-user-env": "A job starts with a clean environment.",
    "export-file": "A job starts with a clean environment.",
    "propagate": "A job has the limits of the node.",
    "clusters": "A gateway is one cluster. Add one for the other.",
    "uid": "A job is your own.",
    "gid": "A job is your own.",
    "container": "Choose an image as the environment.",
    "wrap": "The script is what runs.",
    "array": "These indices cannot be read.",
    "bb": "A burst buffer needs its own lines in the script.",
    "bbf": "A burst buffer needs its own lines in the script.",
    "batch": "The script would start on another node than where it is looked for.",
    "context": "Slurm passes it to a plug-in of its own.",
    "extra": "Slurm passes it to a plug-in of its own.",
    "nodefile": "Name the nodes instead (nodelist).",
    "power": "Slurm passes it to a plug-in of its own.",
    "kill-on-invalid-dep": "It goes with dependencies.",
    "no-requeue": "A job that lost its node is started again by the site's rule.",
    "ntasks-per-tres": "Use ntasks-per-gpu.",
    "tres-per-task": "Ask for GPUs instead.",
    "mem-per-gpu": "Ask for memory on each node.",
    "ignore-pbs": "It means something at a terminal alone.",
    "parsable": "It means something at a terminal alone.",
    "quiet": "It means something at a terminal alone.",
    "verbose": "It means something at a terminal alone.",
    "wait": "It means something at a terminal alone.",
    "test-only": "It means something at a terminal alone.",
    "help": "It means something at a terminal alone.",
    "usage": "It means something at a terminal alone.",
    "version": "It means something at a terminal alone.",
}


def find_long(given: str) -> dict[str, Takes]:
    """Return the options that a name, or the beginning of one, can mean."""
    if given in LONG:
        return {given: LONG[given]}
    return {name: takes for name, takes in LONG.items() if name.startswith(given)}


def may_pass_on(name: str, value: str | None) -> bool:
    """Tell whether an option can be passed on as it is.

    A signal to the batch shell (``B:``) would end our wrapper, which then records nothing.
    """
    if name == "signal":
        flags, colon, _ = (value or "").partition(":")
        return not colon or "B" not in flags.upper()
    return name in PASSED_ON
