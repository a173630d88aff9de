"""One Dask cluster that is asked for, and how the ledger hears of it."""

from __future__ import annotations

import random
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from tests.referee.cases import Case
from tests.referee.ledger import Ledger
from tests.referee.phases import CLUSTER_WORDS
from tests.referee.processes import MARK

WORKER_MB: Final = 192
_IDLE_STOP_SECONDS: Final = {"short": 2, "long": 5}
_LATEST_STOP_SECONDS: Final = 6.0
_PYTHON: Final = """\
#!/bin/sh
# Is the Python of one cluster, and writes down whenever that is started.
[ "$1" = -c ] && exec {python} "$@"
printf '%s %s 1 %s\\n' {key} "$BATCH_JOB_ID" "$$" >>{ledger}/started
export {mark}={key}
exec {python} "$@"
"""


@dataclass
class ClusterCase(Case):
    """A key, under which a cluster is asked for.

    One that is "cancelled" is stopped by its client, the others stop by themselves, without work.
    Its Python is a script that writes into the ledger: a line is a scheduler that was started, its
    native id the id of our row, which is one for each intent.
    """

    ROW: ClassVar[str] = (
        "SELECT json_extract(record, '$.phase'), json_extract(record, '$.native_id') FROM clusters"
        " WHERE json_extract(record, '$.name') = ? ORDER BY id DESC"
    )
    WORDS: ClassVar[Mapping[str, str]] = CLUSTER_WORDS
    loses_answer: bool = field(init=False)
    """Its client hangs up before the first answer can have come."""
    stops_after_seconds: float = field(init=False)

    def __post_init__(self) -> None:
        draw = random.Random(self.key)  # noqa: S311 -- it must be repeatable, not secret
        self.loses_answer = draw.random() < 0.4
        self.stops_after_seconds = draw.choice([0.0, draw.uniform(0, _LATEST_STOP_SECONDS)])

    @property
    def idle_stop_seconds(self) -> int:
        """After so long without work it stops by itself."""
        return _IDLE_STOP_SECONDS.get(self.kind, 600)

    def python(self, ledger: Ledger) -> str:
        """Return the path of the Python that runs it."""
        path = ledger.folder / self.key / "python"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            words = {"python": sys.executable, "ledger": str(ledger.folder), "key": self.key}
            quoted = {name: shlex.quote(word) for name, word in words.items()}
            path.write_text(_PYTHON.format(mark=MARK, **quoted))
            path.chmod(0o755)
        return str(path)

    def submission(self, ledger: Ledger) -> dict[str, Any]:
        """Return the body of the request."""
        return {
            "gateway_id": self.gateway_id,
            "spec": {
                "name": self.name,
                "workers": {"kind": "fixed", "count": 1},
                "idle_stop_seconds": self.idle_stop_seconds,
                "options": {
                    "worker_cores": 1,
                    "worker_memory_bytes": WORKER_MB * 1024 * 1024,
                    "python": self.python(ledger),
                },
            },
        }
