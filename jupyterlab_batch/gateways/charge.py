"""What a submission takes of what its user may use."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from jupyterlab_batch.domain.generated import Allocation, AllocationUnit


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """The most that all of a submission may take."""

    at_most: float | None
    """``None`` where nobody is charged."""
    unit: AllocationUnit
    left: Allocation | None
    """That of which it takes the greatest part of what is left; ``None`` if no balance is known."""
    limits: Sequence[Allocation] = ()
    """All that hold for it."""
