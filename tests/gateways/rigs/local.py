"""The engine for this machine, with a supervisor of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import psutil

from jupyterlab_batch.engine.protocol import boot_key, host_key
from jupyterlab_batch.gateways.local import LocalGateway
from tests.gateways.conformance.rig import Eavesdropped, Heard, Rig

_GIBIBYTE = 1024**3


class LocalRig(Rig):
    """Eight cores, so that all jobs of the suite run at once however small the machine is.

    Its two GPUs are names: the engine shares them out, whatever they are.
    """

    title = "local engine"
    own_variables = ("CUDA_VISIBLE_DEVICES",)
    unknown_native_id = f"{host_key()}-{boot_key()}-00000000"

    def start(self) -> None:
        self._state = self.folder / "state"

    def stop(self) -> None:
        for process in self._supervisors():
            process.terminate()
            process.wait(10)

    def make_gateway(self) -> LocalGateway:
        return LocalGateway(
            gateway_id="local",
            state_directory=str(self._state),
            max_cores=8,
            max_memory_bytes=4 * _GIBIBYTE,
            gpus=["0", "1"],
            grace_seconds=1.0,
        )

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Be killed, and unable to start again: something lies in the way."""
        away = self._state.with_name("state.away")
        self._state.rename(away)
        self._state.touch()
        for process in self._supervisors():
            process.kill()
            process.wait(10)
        try:
            yield
        finally:
            self._state.unlink()
            away.rename(self._state)

    @contextmanager
    def eavesdrop(self) -> Iterator[Eavesdropped]:
        """Read what the supervisor wrote down of the last job."""
        yield Eavesdropped(gateway=self.make_gateway(), heard=self._last)

    def _last(self) -> Heard:
        with sqlite3.connect(f"file:{self._state / 'jobs.sqlite'}?mode=ro", uri=True) as queue:
            (record,) = queue.execute("SELECT record FROM job ORDER BY number DESC").fetchone()
        request = msgspec.json.decode(record)["request"]
        return Heard(
            request=msgspec.json.format(msgspec.json.encode(request), indent=2).decode(),
            script=Path(request["script_path"]).read_text(encoding="utf-8"),
        )

    def _supervisors(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if str(self._state) in process.cmdline():
                    found.append(process)
        return found
