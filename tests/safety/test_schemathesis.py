"""What a machine thinks up from the contract, good and bad, sent to a running server."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.client.real import RealServer
from tests.handlers.conftest import KEY
from tests.safety.site import CHECKOUT

_EXAMPLES: Final = 30
_SETTINGS: Final = """
[generation]
max-examples = {examples}
deterministic = true

[dictionaries.jobs]
values = {jobs}

[dictionaries.clusters]
values = {clusters}

[dictionaries.gateways]
values = ["fake"]

[dictionaries.drafts]
values = ["{key}"]

[parameters]
"path.job_id" = {{ dictionary = "jobs", probability = 0.6 }}
"path.cluster_id" = {{ dictionary = "clusters", probability = 0.6 }}
"path.gateway_id" = {{ dictionary = "gateways", probability = 0.6 }}
"path.key" = {{ dictionary = "drafts", probability = 0.6 }}

# It wants 401 where nobody is signed in; Jupyter answers 403.
[checks.missing_required_header]
enabled = false

# The rules of a form say more than its types: 422. A change log may be another one's: 410.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 403, 404, 409, 410, 422]

# JSON Schema takes 1.0 for a whole number; no client of ours writes it.
[[operations]]
include-operation-id = "markSeen"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400]

[[operations]]
include-operation-id = "scaleCluster"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404]

# Nor does a schema say that the greatest number is not below the least.
[[operations]]
include-operation-id = "adaptCluster"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404]

[[operations]]
include-operation-id = "patchJob"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404, 422]

# A cursor goes on from the newest first, which no schema says of a list that is sorted otherwise.
[[operations]]
include-operation-id = "listJobs"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400]

# Of many, each is refused for itself; and no schema says that a key stands there once.
[[operations]]
include-operation-id = "submitJobs"
checks.negative_data_rejection.expected-statuses = [200, 400, 403]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400]

# A check says in its answer what is wrong.
[[operations]]
include-operation-id = "checkSubmission"
checks.negative_data_rejection.expected-statuses = [200, 400, 403]

[[operations]]
include-operation-id = "checkCluster"
checks.negative_data_rejection.expected-statuses = [200, 400, 403, 404]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 404]

# It is a text, but it would be read as the document that it holds.
[[operations]]
include-operation-id = "getContract"
checks.response_schema_conformance.enabled = false
"""


@pytest.fixture
def settings(fake_server: RealServer, tmp_path: Path) -> Path:
    """What is expected of the answers, and ids of what is there."""
    batch = fake_server.batch
    jobs = [batch.submit(command=["true"], name=f"Job {number}").id for number in range(3)]
    clusters = [batch.start_cluster(number).id for number in range(3)]
    path = tmp_path / "schemathesis.toml"
    path.write_text(_SETTINGS.format(jobs=jobs, clusters=clusters, key=KEY, examples=_EXAMPLES))
    return path


@pytest.mark.timeout(900)  # it asks some thousand times
def test_no_answer_breaks_the_contract(fake_server: RealServer, settings: Path) -> None:
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program is not None
    done = subprocess.run(
        [
            program,
            f"--config-file={settings}",
            "run",
            str(CHECKOUT / "contract" / "openapi.yaml"),
            f"--url={fake_server.url}jupyterlab-batch/v1",
            f"--header=Authorization:token {fake_server.token}",
            "--continue-on-failure",
            "--no-color",
        ],
        cwd=settings.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:]
    assert "Traceback" not in fake_server.log_path.read_text()
