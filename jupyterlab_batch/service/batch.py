"""All use cases together, and their life."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from jupyterlab_batch.domain.generated import Gateway
from jupyterlab_batch.domain.problems import StoreUnavailable
from jupyterlab_batch.engine.runscript import RunContext
from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.service.acknowledge import Acknowledger
from jupyterlab_batch.service.act import Actor
from jupyterlab_batch.service.announce import Announcer
from jupyterlab_batch.service.asking import within
from jupyterlab_batch.service.causes import CauseFinder
from jupyterlab_batch.service.check import Checker
from jupyterlab_batch.service.clusters import Clusters
from jupyterlab_batch.service.codeversion import CodeVersions
from jupyterlab_batch.service.decide import Decider
from jupyterlab_batch.service.dependencies import Dependencies
from jupyterlab_batch.service.download import Downloads
from jupyterlab_batch.service.drafts import Drafts
from jupyterlab_batch.service.files import FileRules
from jupyterlab_batch.service.finding import LogFinder
from jupyterlab_batch.service.gateways import Gateways
from jupyterlab_batch.service.gitversion import GitVersions
from jupyterlab_batch.service.importing import Importer
from jupyterlab_batch.service.jobfiles import FileListing
from jupyterlab_batch.service.launching import run_roots_of
from jupyterlab_batch.service.listing import Interest, Listing
from jupyterlab_batch.service.listtasks import TaskListing
from jupyterlab_batch.service.loading import AnyGateway
from jupyterlab_batch.service.logs import LogReader
from jupyterlab_batch.service.lookup import LookUp, mark_answer_lost
from jupyterlab_batch.service.many import ManyActor
from jupyterlab_batch.service.orders import Orderer
from jupyterlab_batch.service.provenance import Provenance
from jupyterlab_batch.service.rebuild import Rebuilder
from jupyterlab_batch.service.resubmit import Resubmitter
from jupyterlab_batch.service.retention import Retention
from jupyterlab_batch.service.rundirectories import RunDirectories
from jupyterlab_batch.service.sight import Sight
from jupyterlab_batch.service.statusreader import StatusReader
from jupyterlab_batch.service.submit import Submitter
from jupyterlab_batch.service.submitmany import ManySubmitter
from jupyterlab_batch.service.tasks import BackgroundTasks
from jupyterlab_batch.service.taskusage import UsageReader
from jupyterlab_batch.service.verdicts import Verdicts
from jupyterlab_batch.service.watch import Watcher
from jupyterlab_batch.store.records import JobRecord
from jupyterlab_batch.store.store import Store

_log = logging.getLogger(__name__)
_RECONCILE_SECONDS: Final = 30.0
_NEWS_SECONDS: Final = 2.0
"""So long what another server of the user wrote stays unnoticed."""
_START_SECONDS: Final = 10.0
_STOP_SECONDS: Final = 5.0


class BatchService:
    """The service of one Jupyter server.

    Parameters
    ----------
    store_path
        Of the SQLite file.
    kernel_names
        Returns the names of the kernels that can be started; called in a thread.
    owner
        The operating system's or the Hub's name of the user.
    emit
        Tells the front ends ``(store_id, seq)``; called on the event loop.
    keep_jobs_days
        Jobs that ended longer ago are forgotten; 0: never.
    """

    def __init__(
        self,
        *,
        store_path: Path,
        gateways: Iterable[AnyGateway],
        context: RunContext,
        kernel_names: Callable[[], Collection[str]],
        owner: str,
        emit: Callable[[str, int], None],
        keep_jobs_days: int = 0,
        trace: Callable[[str], None] | None = None,
    ) -> None:
        self._is_recovered = False
        self.store = Store(store_path, trace=trace)
        self.tasks = BackgroundTasks()
        configured = list(gateways)
        of_jobs = [one for one in configured if isinstance(one, JobGateway)]
        self.gateways = Gateways(of_jobs, self._announce_gateways)
        run_roots = run_roots_of(context, self.gateways)
        self.announcer = Announcer(emit)
        self.store.on_change(self.announcer.announce)
        self.rebuilder = Rebuilder(
            store=self.store,
            tasks=self.tasks,
            run_roots=run_roots,
            owner=owner,
            taken_up=self._was_rebuilt,
        )
        self.watcher = Watcher(self.store, self.gateways, self.tasks, self.rebuilder.ensure)
        self.status_reader = StatusReader(self.store, self.gateways, self.watcher)
        self.acknowledger = Acknowledger(
            store=self.store, gateways=self.gateways, watcher=self.watcher, tasks=self.tasks
        )
        self.look_up = LookUp(
            store=self.store,
            gateways=self.gateways,
            acknowledger=self.acknowledger,
            tasks=self.tasks,
        )
        self.watcher.on_moved(self.acknowledger.follow)
        self.store.on_damage(self.rebuilder.begin)
        self.verdicts = Verdicts(store=self.store, gateways=self.gateways)
        files = FileRules(root_dir=context.root_dir, kernel_names=kernel_names)
        dependencies = Dependencies(store=self.store)
        self.checker = Checker(
            gateways=self.gateways,
            files=files,
            dependencies=dependencies,
            context=context,
            store=self.store,
        )
        git = GitVersions(tasks=self.tasks, environment=context.environment)
        self.submitter = Submitter(
            store=self.store,
            gateways=self.gateways,
            checker=self.checker,
            dependencies=dependencies,
            acknowledger=self.acknowledger,
            look_up=self.look_up,
            rebuilder=self.rebuilder,
            tasks=self.tasks,
            code_versions=CodeVersions(git=git, tasks=self.tasks),
            context=context,
            owner=owner,
        )
        self.many_submitter = ManySubmitter(submitter=self.submitter)
        self.actor = Actor(store=self.store, gateways=self.gateways)
        self.orderer = Orderer(actor=self.actor)
        self.resubmitter = Resubmitter(
            store=self.store, submitter=self.submitter, watcher=self.watcher, context=context
        )
        self.many = ManyActor(
            store=self.store,
            actor=self.actor,
            orderer=self.orderer,
            resubmitter=self.resubmitter,
        )
        self.decider = Decider(store=self.store, look_up=self.look_up)
        self.retention = Retention(store=self.store, keep_jobs_days=keep_jobs_days)
        sight = Sight(gateways=self.gateways)
        self.logs = LogReader(self.store, sight)
        self.task_causes = CauseFinder(store=self.store)
        self.task_usage = UsageReader(store=self.store)
        self.log_finder = LogFinder(store=self.store)
        self.downloads = Downloads(store=self.store)
        self.job_files = FileListing(store=self.store, sight=sight, root_dir=context.root_dir)
        self.run_directories = RunDirectories(
            store=self.store, rebuilder=self.rebuilder, run_roots=run_roots
        )
        self.importer = Importer(gateways=self.gateways, root_dir=context.root_dir)
        self.drafts = Drafts(store=self.store)
        self.interest = Interest(self.gateways)
        self.listing = Listing(
            store=self.store,
            gateways=self.gateways,
            interest=self.interest,
            sight=sight,
            root_dir=context.root_dir,
        )
        self.clusters = Clusters(
            store=self.store, tasks=self.tasks, gateways=configured, context=context, owner=owner
        )
        self.provenance = Provenance(listing=self.listing, store=self.store)
        self.task_listing = TaskListing(store=self.store, interest=self.interest)

    async def start(self) -> None:
        """Begin to watch, and take up what an earlier server left. Never raises."""
        await asyncio.gather(*map(_start, self.gateways))
        self.watcher.start()
        await self.clusters.start()
        self.tasks.start(self.status_reader.run(), name="read status files")
        await self._try_to_recover()
        self.tasks.start(self._reconcile(), name="reconcile")

    async def stop(self) -> None:
        """Stop watching; jobs go on. Bears not having been started."""
        await self.tasks.stop()
        self.announcer.close()
        await self.clusters.stop()
        await self.gateways.stop()
        for gateway in self.gateways:
            try:
                await within(_STOP_SECONDS, gateway.stop())
            except Exception:
                # As in `start`; a gateway that hangs must not keep the server from ending.
                _log.exception("Gateway %s cannot stop", gateway.gateway_id)
        await self.store.close()

    def _announce_gateways(self) -> None:
        self.tasks.start(self.store.note_gateways(), name="announce gateways")

    async def described(self) -> list[Gateway]:
        """Return all gateways as they are shown, the first with what is to be said of the store."""
        gateways = await self.gateways.describe_all()
        notices = await self.rebuilder.notices()
        if gateways and notices:
            first = msgspec.structs.replace(gateways[0], notices=[*gateways[0].notices, *notices])
            return [first, *gateways[1:]]
        return gateways

    async def recover(self) -> None:
        """Watch all jobs that are not over, and look for those whose answer nobody read."""
        await self.rebuilder.run()
        await self._take_up()

    def _was_rebuilt(self, records: Sequence[JobRecord]) -> None:
        self.tasks.start(self._follow_up(records), name="follow up what was rebuilt")

    async def _follow_up(self, records: Sequence[JobRecord]) -> None:
        """Do for a store that broke under a running server what `recover` does at its start."""
        if self._is_recovered:
            await self._take_up()
        await self.verdicts.ask(records)

    async def _take_up(self) -> None:
        active = await self.store.active()
        self.watcher.follow(active)
        for record in active:
            if self.submitter.is_sending(record):
                continue
            if record.native_id is None:
                unknown = await self.store.update(record.id, mark_answer_lost)
                self.look_up.start(unknown or record)
            elif record.cancel_requested:
                self.acknowledger.follow(record)

    async def _reconcile(self) -> None:
        rest_seconds = _RECONCILE_SECONDS
        while True:
            await asyncio.sleep(_NEWS_SECONDS)
            rest_seconds -= _NEWS_SECONDS
            is_asked = self.interest.is_there  # a server at which nobody looks may rest
            if rest_seconds <= 0 or (is_asked and await self._is_behind()):
                await self.reconcile()
                rest_seconds = _RECONCILE_SECONDS

    async def _is_behind(self) -> bool:
        try:
            return await self.store.is_behind()
        except StoreUnavailable:
            return False  # the next reconciliation says so

    async def reconcile(self) -> None:
        """Take up what another server of the same user submitted, and notice who looks no more."""
        try:
            self.interest.expire()
            if self._is_recovered and await self.rebuilder.is_done():
                self.watcher.follow(await self.store.active())
                await self.store.notice()
                await self.retention.look()
                await self.clusters.take_up()
            else:
                await self._try_to_recover()
        except StoreUnavailable as problem:
            _log.error("%s", problem.message)
        except Exception:
            # A stranger's adapter, as in `start`: the next round comes all the same.
            _log.exception("Not everything could be taken up")

    async def _try_to_recover(self) -> None:
        try:
            await self.recover()
        except StoreUnavailable as problem:
            _log.error("%s", problem.message)
        except Exception:
            _log.exception("What an earlier server left could not be taken up")
        else:
            self._is_recovered = True
            await self.clusters.take_up()


async def _start(gateway: JobGateway) -> None:
    try:
        await within(_START_SECONDS, gateway.start())
    except Exception:
        # An adapter may be a stranger's: its mistake must not hide the other gateways.
        _log.exception("Gateway %s cannot start", gateway.gateway_id)
