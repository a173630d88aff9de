"""``%batch`` in a real IPython shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from jupyterlab_batch.client import BatchError, BatchJob
from jupyterlab_batch.client.card import MIME_TYPE
from tests.client import samples
from tests.client.scripted import SECRET, Reply, ScriptedServer

PAIRS = json.loads(Path(__file__).parents[2].joinpath("contract/examples/magics.json").read_text())


@pytest.fixture
def shell(
    scripted: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InteractiveShell]:
    file = tmp_path / "server.json"
    file.write_text(json.dumps({"url": scripted.server.url, "secret": SECRET}))
    monkeypatch.setenv("JUPYTERLAB_BATCH_SERVER_FILE", str(file))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "jupyterlab_batch")
    yield shell
    InteractiveShell.clear_instance()


def sent(scripted: ScriptedServer, shell: InteractiveShell, line: str) -> Any:
    """Return the submission that a line makes."""
    scripted.plan(Reply(samples.job(), 201))
    job = shell.run_line_magic("batch", line)
    assert isinstance(job, BatchJob)
    return scripted.calls[-1].body


@pytest.mark.parametrize(
    ("line", "method", "verb", "body"),
    [
        ("cancel JOB", "POST", "/cancel", {}),
        ("cancel --signal USR1 --tasks 1,3-5 JOB", "POST", "/cancel",
         {"signal": "USR1", "task_indices": [1, 3, 4, 5]}),
        ("hold --tasks 2 JOB", "POST", "/hold", {"task_indices": [2]}),
        ("release JOB", "POST", "/release", {}),
        ("suspend JOB", "POST", "/suspend", {}),
        ("resume JOB", "POST", "/resume", {}),
        ("requeue JOB", "POST", "/requeue", {}),
        ("change --time 2h --nice 5 --comment 'for the paper' --tag run=2 JOB", "PATCH", "",
         {"walltime_seconds": 7200, "nice": 5, "comment": "for the paper", "tags": {"run": "2"}}),
    ],
)  # fmt: skip
def test_orders_are_given_from_a_line(
    scripted: ScriptedServer,
    shell: InteractiveShell,
    line: str,
    method: str,
    verb: str,
    body: dict[str, Any],
) -> None:
    job = samples.job()
    done = samples.result(samples.row())
    scripted.plan(Reply(job), Reply(done))
    shell.run_line_magic("batch", line.replace("JOB", job["id"]))
    call = scripted.calls[-1]
    assert (call.method, call.body) == (method, body)
    assert call.path.endswith(f"/jobs/{job['id']}{verb}")


@pytest.mark.parametrize(
    "line", ["cancel --signal 9 x", "hold --tasks 1..3 x", "change --nice a x"]
)
def test_an_order_that_cannot_be_read_is_not_given(
    scripted: ScriptedServer, shell: InteractiveShell, line: str
) -> None:
    with pytest.raises(UsageError):
        shell.run_line_magic("batch", line)
    assert scripted.calls == []


def run_cell(shell: Any, cell: str) -> Any:
    return shell.run_cell(cell)


def displayed(shell: Any, item: object) -> dict[str, Any]:
    """Return the MIME bundle that a notebook would show."""
    bundle: dict[str, Any]
    bundle, _ = shell.display_formatter.format(item)
    return bundle


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["submission"]["spec"]["name"])
def test_the_line_that_the_form_shows_makes_the_same_job(
    scripted: ScriptedServer, shell: InteractiveShell, tmp_path: Path, pair: dict[str, Any]
) -> None:
    expected = json.loads(json.dumps(pair["submission"]))["spec"]
    task, files = expected["task"], expected.get("files") or {}
    for where, name in ((task, "path"), (files, "working_directory")):
        if where.get(name):
            where[name] = str(tmp_path / where[name])  # the line was copied beside the file
    variables = (expected.get("environment") or {}).get("variables") or {}
    for variable in variables.values():
        if "from_file" in variable:
            variable["from_file"] = str(tmp_path / variable["from_file"])
    body = sent(scripted, shell, pair["magic"].removeprefix("%batch "))
    spec = body["spec"]
    assert body["gateway_id"] == pair["submission"]["gateway_id"]
    assert (spec["name"], spec["resources"]) == (expected["name"], expected["resources"])
    assert without_null(spec["task"]) == without_null(task)
    assert spec["environment"]["variables"] == variables
    assert without_null(spec.get("array") or {}) == (expected.get("array") or {})
    assert spec.get("depends_on") == expected.get("depends_on")
    assert spec["placement"] == without_null(expected.get("placement") or {})
    if task["kind"] != "command":
        assert spec["files"] == without_null(files)


def without_null(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value not in (None, [])}


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("submit a.sh 1 two", {"kind": "script", "arguments": ["1", "two"]}),
        ("submit a.sh 1 -c 2 two", {"kind": "script", "arguments": ["1", "two"]}),
        ("submit a.sh one -- --mem x", {"kind": "script", "arguments": ["one", "--mem", "x"]}),
        ("submit -- python a.py -c 3 --", {"argv": ["python", "a.py", "-c", "3", "--"]}),
        ("submit 'a b.py' --interpreter /bin/x", {"interpreter": "/bin/x"}),
        ("submit a.ipynb --kernel julia", {"kind": "notebook", "kernel_name": "julia"}),
        ("submit -- echo '$HOME' {x} '*'", {"argv": ["echo", "$HOME", "{x}", "*"]}),
    ],
)
def test_what_is_run(
    scripted: ScriptedServer, shell: InteractiveShell, line: str, task: dict[str, Any]
) -> None:
    shell.user_ns["x"] = "not to be expanded"
    command, _, rest = line.partition(" ")
    body = sent(scripted, shell, f"{command} --gateway g {rest}")
    assert body["spec"]["task"].items() >= task.items()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("1.5", 1.5),
        ("true", True),
        ("False", False),
        ("None", None),
        ("'[1, 2]'", [1, 2]),
        ("word", "word"),
        ("NaN", "NaN"),
        ("a=b", "a=b"),
        ("", ""),
        ("$seed", 17),
        ("$bands", ["g", "r"]),
        ("'\"$seed\"'", "$seed"),
        ("'{\"a\": 1}'", {"a": 1}),
    ],
)
def test_parameters(
    scripted: ScriptedServer, shell: InteractiveShell, text: str, value: object
) -> None:
    shell.user_ns.update(seed=17, bands=["g", "r"])
    body = sent(scripted, shell, f"submit a.ipynb --gateway g -p x={text}")
    assert body["spec"]["task"]["parameters"] == {"x": value}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("submit", "Say what to run"),
        ("submit --", "Say what to run"),
        ("submit a.sh --mem", "--mem: expected one argument. Try %batch submit --help"),
        ("submit a.sh --memory 3GB", "Unrecognized arguments: --memory"),
        ("submit a.sh -c two", "invalid int value"),
        ("submit a.ipynb -p seed", '"seed" is not NAME=VALUE'),
        ("submit a.ipynb -p x=$nothing", 'There is no variable "nothing"'),
        ("submit 'a.sh", "A quote is not closed"),
        ("log", "required: ID"),
        ("cancel", "required: ID"),
        ("jobs --group old", "invalid choice"),
        ("dance", 'There is no "%batch dance"'),
    ],
)
def test_a_line_that_cannot_be_read_is_a_sentence(
    scripted: ScriptedServer, shell: InteractiveShell, line: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=r".") as caught:
        shell.run_line_magic("batch", line)
    assert sentence in str(caught.value)
    assert scripted.calls == []


@pytest.mark.parametrize("line", ["", "--help", "submit --help", "log -h", "jobs --help"])
def test_help_is_text(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert shell.run_line_magic("batch", line) is None
    assert "%batch" in capsys.readouterr().out


def test_a_cell_that_cannot_be_sent_fails_without_a_traceback(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    result = run_cell(shell, "%batch submit a.sh --gateway g --mem 8")
    assert isinstance(result.error_in_exec, BatchError)
    out = capsys.readouterr().out
    assert "Write 8GB or 8MB" in out
    assert "Traceback" not in out


def test_submit_is_the_result_of_the_cell_with_its_card(
    scripted: ScriptedServer, shell: InteractiveShell
) -> None:
    scripted.plan(Reply(samples.job(), 201))
    bundle = displayed(shell, run_cell(shell, "%batch submit a.sh --gateway g").result)
    assert bundle[MIME_TYPE]["job_id"] == samples.JOB_ID
    assert "<table" in bundle["text/html"]
    assert "lens-mcmc" in bundle["text/plain"]


def test_jobs_and_gateways_are_tables(scripted: ScriptedServer, shell: InteractiveShell) -> None:
    scripted.plan(Reply(samples.job_list(samples.row())), Reply({"gateways": [samples.gateway()]}))
    for line in ("jobs", "gateways"):
        bundle = displayed(shell, shell.run_line_magic("batch", line))
        assert bundle["text/html"].startswith("<table")
        assert "\n" in bundle["text/plain"]


def test_log_is_shown_as_it_is(
    scripted: ScriptedServer, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = {"Batch-Log-Offset": "0", "Batch-Log-Size": "6"}
    scripted.plan(Reply(samples.job()), Reply(b"a\nb\nc", headers=headers))
    shell.run_line_magic("batch", f"log {samples.JOB_ID} --stderr --tail 2")
    assert capsys.readouterr().out == "b\nc\n"
    assert "stream=stderr" in scripted.calls[-1].path


def test_cancel_takes_a_name(scripted: ScriptedServer, shell: InteractiveShell) -> None:
    row = samples.row(phase="ABORTED")
    scripted.plan(
        Reply(samples.job_list(samples.row())),
        Reply(samples.result(row)),
    )
    job = shell.run_line_magic("batch", "cancel lens-mcmc")
    assert scripted.calls[-1].path.endswith(f"/jobs/{samples.JOB_ID}/cancel")
    assert job.phase == "ABORTED"


def test_a_script_is_shown_and_submitted_if_asked(
    scripted: ScriptedServer, shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    example = Path(__file__).parents[2] / "contract/examples/valid/ImportedSpec.script.json"
    read = json.loads(example.read_text())
    scripted.plan(Reply(read))
    script = shell.run_line_magic("batch", "open --gateway slurm fit.sh")
    assert "--output=%j.log" in repr(script)
    assert len(scripted.calls) == 1

    scripted.plan(Reply(read), Reply(samples.job(), 201))
    job = shell.run_line_magic("batch", "open --submit --gateway slurm fit.sh")
    assert isinstance(job, BatchJob)
    assert "--output=%j.log" in capsys.readouterr().out
    assert scripted.calls[-1].body["spec"]["placement"] == {"queue": "long"}
    with pytest.raises(UsageError):
        shell.run_line_magic("batch", "open --cores 2 fit.sh")
