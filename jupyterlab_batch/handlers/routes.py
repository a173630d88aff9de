"""Which handler is at which address, below the server's base URL."""

from __future__ import annotations

from typing import Final

from jupyterlab_batch.handlers.actions import (
    ActionsHandler,
    DeclareLostHandler,
    ResubmitHandler,
)
from jupyterlab_batch.handlers.base import ProblemAPIHandler
from jupyterlab_batch.handlers.changes import ChangesHandler
from jupyterlab_batch.handlers.clusters import (
    ClusterAdaptHandler,
    ClusterCheckHandler,
    ClusterClientHandler,
    ClusterGatewaysHandler,
    ClusterHandler,
    ClusterIdentifyHandler,
    ClusterScaleHandler,
    ClustersHandler,
    ClusterStopHandler,
)
from jupyterlab_batch.handlers.clusterviews import (
    ClusterLogHandler,
    ClusterPlotsHandler,
    ClusterProgressHandler,
    ClusterRetireHandler,
    ClusterUsersHandler,
    ClusterWorkersHandler,
)
from jupyterlab_batch.handlers.contract import ContractHandler, NowhereHandler
from jupyterlab_batch.handlers.dashboard import ClusterDashboardHandler
from jupyterlab_batch.handlers.drafts import DraftHandler, DraftsHandler
from jupyterlab_batch.handlers.files import FileContentHandler, FilesHandler
from jupyterlab_batch.handlers.gateways import (
    AllocationsHandler,
    GatewayHandler,
    GatewaysHandler,
)
from jupyterlab_batch.handlers.imports import ImportHandler
from jupyterlab_batch.handlers.jobs import (
    CheckHandler,
    JobHandler,
    JobsHandler,
    SeenHandler,
    SubmissionsHandler,
)
from jupyterlab_batch.handlers.logs import LogContentHandler, LogFindHandler, LogHandler
from jupyterlab_batch.handlers.orders import (
    CancelHandler,
    HoldHandler,
    ReleaseHandler,
    RequeueHandler,
    ResumeHandler,
    SuspendHandler,
)
from jupyterlab_batch.handlers.record import EventsHandler, RecordHandler
from jupyterlab_batch.handlers.rundirectories import RemovalHandler, RunDirectoriesHandler
from jupyterlab_batch.handlers.tasks import (
    TaskCausesHandler,
    TaskPhasesHandler,
    TasksHandler,
    TaskUsageHandler,
)

_BASE: Final = "/jupyterlab-batch/v1"

ROUTES: Final[list[tuple[str, type[ProblemAPIHandler]]]] = [
    (rf"{_BASE}/openapi\.yaml", ContractHandler),
    (rf"{_BASE}/gateways", GatewaysHandler),
    (rf"{_BASE}/gateways/([^/]+)", GatewayHandler),
    (rf"{_BASE}/gateways/([^/]+)/allocations", AllocationsHandler),
    (rf"{_BASE}/jobs", JobsHandler),
    (rf"{_BASE}/specs/import", ImportHandler),
    (rf"{_BASE}/jobs/check", CheckHandler),
    (rf"{_BASE}/jobs/submissions", SubmissionsHandler),
    (rf"{_BASE}/jobs/seen", SeenHandler),
    (rf"{_BASE}/jobs/actions", ActionsHandler),
    (rf"{_BASE}/jobs/([^/]+)", JobHandler),
    (rf"{_BASE}/jobs/([^/]+)/tasks", TasksHandler),
    (rf"{_BASE}/jobs/([^/]+)/tasks/phases", TaskPhasesHandler),
    (rf"{_BASE}/jobs/([^/]+)/tasks/causes", TaskCausesHandler),
    (rf"{_BASE}/jobs/([^/]+)/tasks/usage", TaskUsageHandler),
    (rf"{_BASE}/jobs/([^/]+)/cancel", CancelHandler),
    (rf"{_BASE}/jobs/([^/]+)/hold", HoldHandler),
    (rf"{_BASE}/jobs/([^/]+)/release", ReleaseHandler),
    (rf"{_BASE}/jobs/([^/]+)/suspend", SuspendHandler),
    (rf"{_BASE}/jobs/([^/]+)/resume", ResumeHandler),
    (rf"{_BASE}/jobs/([^/]+)/requeue", RequeueHandler),
    (rf"{_BASE}/jobs/([^/]+)/resubmit", ResubmitHandler),
    (rf"{_BASE}/jobs/([^/]+)/declare-lost", DeclareLostHandler),
    (rf"{_BASE}/jobs/([^/]+)/log", LogHandler),
    (rf"{_BASE}/jobs/([^/]+)/log/find", LogFindHandler),
    (rf"{_BASE}/jobs/([^/]+)/log/content", LogContentHandler),
    (rf"{_BASE}/jobs/([^/]+)/files", FilesHandler),
    (rf"{_BASE}/jobs/([^/]+)/files/content", FileContentHandler),
    (rf"{_BASE}/jobs/([^/]+)/events", EventsHandler),
    (rf"{_BASE}/jobs/([^/]+)/record", RecordHandler),
    (rf"{_BASE}/clusters", ClustersHandler),
    (rf"{_BASE}/clusters/check", ClusterCheckHandler),
    (rf"{_BASE}/clusters/gateways", ClusterGatewaysHandler),
    (rf"{_BASE}/clusters/([^/]+)", ClusterHandler),
    (rf"{_BASE}/clusters/([^/]+)/scale", ClusterScaleHandler),
    (rf"{_BASE}/clusters/([^/]+)/adapt", ClusterAdaptHandler),
    (rf"{_BASE}/clusters/([^/]+)/stop", ClusterStopHandler),
    (rf"{_BASE}/clusters/([^/]+)/identify", ClusterIdentifyHandler),
    (rf"{_BASE}/clusters/([^/]+)/client", ClusterClientHandler),
    (rf"{_BASE}/clusters/([^/]+)/workers", ClusterWorkersHandler),
    (rf"{_BASE}/clusters/([^/]+)/retire", ClusterRetireHandler),
    (rf"{_BASE}/clusters/([^/]+)/progress", ClusterProgressHandler),
    (rf"{_BASE}/clusters/([^/]+)/users", ClusterUsersHandler),
    (rf"{_BASE}/clusters/([^/]+)/log", ClusterLogHandler),
    (rf"{_BASE}/clusters/([^/]+)/plots", ClusterPlotsHandler),
    (rf"{_BASE}/clusters/([^/]+)/dashboard/(.*)", ClusterDashboardHandler),
    (rf"{_BASE}/drafts", DraftsHandler),
    (rf"{_BASE}/drafts/([^/]+)", DraftHandler),
    (rf"{_BASE}/run-directories", RunDirectoriesHandler),
    (rf"{_BASE}/run-directories/remove", RemovalHandler),
    (rf"{_BASE}/changes", ChangesHandler),
    (rf"{_BASE}(?:/.*)?", NowhereHandler),
]
