"""From configuration to objects, and their life inside a Jupyter server."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Dict, Int, List, Unicode, default

from jupyterlab_batch.domain.contractfiles import contract_file
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.handlers.base import IDENTITY, SERVICE
from jupyterlab_batch.handlers.identity import ServerFile, ServerFileIdentity
from jupyterlab_batch.handlers.routes import ROUTES
from jupyterlab_batch.service.batch import BatchService
from jupyterlab_batch.service.environment import allowed_environment
from jupyterlab_batch.service.loading import load_gateways

CHANGED_SCHEMA: Final = "https://events.jupyter.org/jupyterlab_batch/changed/v1"
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::", "*"})  # noqa: S104 -- compared with, not bound


class BatchExtension(ExtensionApp):
    """Batch jobs for the user of this server."""

    name = "jupyterlab_batch"

    gateways = List(
        Dict(),
        help=(
            "The batch systems that users can choose, in this order. Each is a dictionary with "
            "`kind` (an entry point of the group jupyterlab_batch.gateways, such as local or "
            "slurm, or package.module:Class), and may have `id` (must never change; default: the "
            "kind), `title`, `enabled` (default: True) and any trait of its class. Default: the "
            "local engine, and Slurm if sbatch is on the PATH."
        ),
    ).tag(config=True)
    run_root = Unicode(
        help=(
            "Where the run directories of jobs are made; must be seen by the nodes that run them. "
            "Default: batch-jobs in the folder that JupyterLab shows."
        )
    ).tag(config=True)
    inherit_environment = List(
        Unicode(),
        help=(
            "Names of further environment variables of the server that jobs inherit, beside HOME "
            "USER LOGNAME LANG LC_* TZ PATH TMPDIR."
        ),
    ).tag(config=True)
    keep_jobs_days = Int(
        365,
        min=0,
        help=(
            "Jobs that ended more days ago are taken off the list by themselves, except failed "
            "ones that nobody has seen; 0: never. Run directories always stay."
        ),
    ).tag(config=True)
    python = Unicode(
        help="Runs notebooks and .py scripts; must have papermill. Default: the server's own."
    ).tag(config=True)

    service: BatchService

    @default("gateways")
    def _default_gateways(self) -> list[dict[str, Any]]:
        found = [{"kind": "local"}]
        if shutil.which("sbatch"):
            found.append({"kind": "slurm"})
        return found

    @default("python")
    def _default_python(self) -> str:
        return sys.executable

    def initialize_settings(self) -> None:
        """Build everything; the loop does not run yet."""
        self._starting: asyncio.Task[None] | None = None
        owner = os.environ.get("JUPYTERHUB_USER") or _user_name()
        self._server.event_logger.register_event_schema(contract_file("changed.event.yaml"))
        self.service = BatchService(
            store_path=Path(jupyter_data_dir()) / "jupyterlab_batch" / "store.db",
            gateways=load_gateways(self.gateways, parent=self),
            context=self._context(),
            kernel_names=self._kernel_names,
            owner=owner,
            emit=self._emit,
            keep_jobs_days=self.keep_jobs_days,
        )
        self._server_file = ServerFile()
        self._server_file.publish()
        self.settings[SERVICE] = self.service
        self.settings[IDENTITY] = ServerFileIdentity(
            parent=self._server, secret=self._server_file.secret, owner=owner
        )

    def initialize_handlers(self) -> None:
        """Add our addresses."""
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:  # noqa: ANN401 -- untyped there
        """Begin, now that the server listens; does not wait for gateways."""
        url = serverapp.local_url if serverapp.ip in _EVERYWHERE else serverapp.connection_url
        self._server_file.write(url=url, sock=serverapp.sock)
        self._starting = asyncio.create_task(self.service.start())

    async def stop_extension(self) -> None:
        """End in an orderly way. A courtesy: nothing depends on it, and it bears no start."""
        if not hasattr(self, "service"):
            return
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        self._server_file.remove()
        await self.service.stop()

    @property
    def _server(self) -> Any:  # noqa: ANN401 -- its own traits are typed as `T | Any | None`
        return self.serverapp

    def _context(self) -> RunContext:
        root_dir = Path(self._server.root_dir).absolute()
        run_root = Path(self.run_root).expanduser() if self.run_root else Path("batch-jobs")
        return RunContext(
            root_dir=root_dir,
            run_root=root_dir / run_root,
            python=self.python,
            environment=allowed_environment(os.environ, self.inherit_environment),
        )

    def _kernel_names(self) -> list[str]:
        return list(self._server.kernel_spec_manager.find_kernel_specs())

    def _emit(self, store_id: str, seq: int) -> None:
        hint = {"store_id": store_id, "seq": seq}
        self._server.event_logger.emit(schema_id=CHANGED_SCHEMA, data=hint)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user need not be in the list of users.
        return str(os.getuid())
