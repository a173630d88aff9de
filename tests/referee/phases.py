"""The phases of the contract that are the end of a job."""

from __future__ import annotations

from typing import Final

FINAL: Final = {"COMPLETED", "ERROR", "ABORTED", "ARCHIVED"}
