"""The contract as a judge of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from tornado.httpclient import HTTPResponse

CONTRACT: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "contract" / "openapi.yaml").read_text()
)
VERBS = ("get", "post", "put", "patch", "delete")


def conforms(value: object, schema: str) -> Any:
    """Return a value that is as one schema of the contract says."""
    validator = Draft202012Validator(
        {"$ref": f"#/components/schemas/{schema}", "components": CONTRACT["components"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    validator.validate(value)
    return value


def answered(response: HTTPResponse, schema: str, status: int = 200) -> Any:
    """Return the JSON of an answer that is as the contract says."""
    assert response.code == status, response.body
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["Cache-Control"] == "no-store"
    return conforms(json.loads(response.body), schema)


def problem(response: HTTPResponse, status: int, code: str, field: str | None = None) -> Any:
    """Return a problem of this status, code and field, in the one shape that all have."""
    told = answered(response, "Problem", status)
    assert (told["code"], told["field"]) == (code, field), told
    assert told["message"].endswith((".", ")")), told["message"]
    assert "Traceback" not in told["message"]
    return told


def operations() -> dict[str, tuple[str, str]]:
    """Return verb and path of each operation of the contract, by its name."""
    return {
        operation["operationId"]: (verb.upper(), path)
        for path, verbs in CONTRACT["paths"].items()
        for verb, operation in verbs.items()
        if verb in VERBS
    }
