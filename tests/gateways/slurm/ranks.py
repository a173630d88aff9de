"""Two ranks that meet: each puts a value where the other finds it, by Slurm's own PMI2 server.

That is what an MPI library does when it starts; it needs none here.
"""

from __future__ import annotations

import os
import socket

server = socket.socket(fileno=int(os.environ["PMI_FD"]))
job = os.environ.get("PMI_JOBID", "")


def receive(count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = server.recv(count - len(got))
        assert part, "The server has gone."
        got += part
    return got


def ask(text: str) -> dict[str, str]:
    """Send a command and return its answer; both begin with their length in six characters."""
    server.sendall(b"%6d%s" % (len(text), text.encode()))
    answer = receive(int(receive(6))).decode()
    return dict(pair.split("=", 1) for pair in answer.strip(";").split(";"))


server.sendall(b"cmd=init pmi_version=2 pmi_subversion=0\n")
while receive(1) != b"\n":
    pass
me = ask(f"cmd=fullinit;pmijobid={job};pmirank={os.environ['PMI_RANK']};threaded=FALSE;")
rank, size = int(me["rank"]), int(me["size"])
ask(f"cmd=kvs-put;key=from{rank};value=hello-{rank};")
ask("cmd=kvs-fence;")
heard = ask(f"cmd=kvs-get;jobid={job};srcid=-1;key=from{(rank + 1) % size};")["value"]
print(  # noqa: T201 -- what a job says
    f"{rank} of {size} on {os.environ['SLURMD_NODENAME']} heard {heard}", flush=True
)
ask("cmd=finalize;")
