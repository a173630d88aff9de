"""What was asked of a cluster, and which one may be it where the answer was lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from jupyterlab_batch.domain.generated import ClusterSpec

_SKEW: Final = timedelta(minutes=2)
"""Between our clock and that of a gateway."""


def given_options(spec: ClusterSpec) -> dict[str, Any]:
    """Return what was chosen."""
    return {} if isinstance(spec.options, msgspec.UnsetType) else spec.options


def may_be(
    spec: ClusterSpec,
    asked_at: datetime,
    *,
    options: Mapping[str, Any],
    created_at: datetime | None,
) -> bool:
    """Tell whether a cluster may be one that was asked for: new since then, with its options.

    Parameters
    ----------
    spec, asked_at
        Of the one that was asked for.
    options, created_at
        Of the cluster; it has those options too that were not chosen.
    """
    given = given_options(spec)
    is_new = created_at is None or created_at >= asked_at - _SKEW
    return is_new and all(options.get(name) == value for name, value in given.items())
