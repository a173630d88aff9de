"""From configuration to gateways. A mistake in one of them hides no other."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from itertools import count
from typing import Any, Final, TypeAlias

from traitlets import TraitError
from traitlets.config import Configurable

from jupyterlab_batch.gateways.base import JobGateway
from jupyterlab_batch.gateways.clusters import ClusterGateway
from jupyterlab_batch.service.unavailable import UnavailableGateway
from jupyterlab_batch.service.unavailableclusters import UnavailableClusters

_log = logging.getLogger(__name__)
GROUP: Final = "jupyterlab_batch.gateways"
AnyGateway: TypeAlias = JobGateway | ClusterGateway
"""Of jobs, which may have clusters as well, or of clusters alone."""


class BadGateway(Exception):
    """The configuration of one gateway cannot be used; says why."""


def load_gateways(
    configured: Sequence[Mapping[str, Any]], *, parent: Configurable
) -> list[AnyGateway]:
    """Return one gateway per entry; in place of a bad one, one that says what is wrong.

    Parameters
    ----------
    configured
        Each has ``kind`` (an entry point's name or ``package.module:Class``), and may have
        ``id``, ``title``, ``enabled`` and any trait of its class.
    """
    gateways: dict[str, AnyGateway] = {}
    for number, entry in enumerate(configured, start=1):
        if entry.get("enabled", True) is False:
            continue
        gateway = _load(entry, number, taken=gateways.keys(), parent=parent)
        gateways[gateway.gateway_id] = gateway
    return list(gateways.values())


def _load(
    entry: Mapping[str, Any], number: int, *, taken: Collection[str], parent: Configurable
) -> AnyGateway:
    kind = str(entry.get("kind", ""))
    gateway_id = str(entry.get("id") or kind.rpartition(":")[2] or f"gateway-{number}")
    title = str(entry.get("title") or gateway_id)
    of_clusters = False
    try:
        if gateway_id in taken:
            gateway_id = next(i for n in count(number) if (i := f"{gateway_id}-{n}") not in taken)
            raise BadGateway("another gateway has the same id")
        options = {k: v for k, v in entry.items() if k not in {"kind", "id", "title", "enabled"}}
        found = _find_class(kind)
        of_clusters = issubclass(found, ClusterGateway)
        return _make(found, gateway_id, entry.get("title"), options, parent)
    except Exception as error:
        # Whatever an adapter or a configuration does wrong, the server starts.
        _log.exception("Gateway %s cannot be used", gateway_id)
        why = str(error) if isinstance(error, BadGateway) else f"{type(error).__name__}: {error}"
        stand_in = UnavailableClusters if of_clusters else UnavailableGateway
        return stand_in(
            parent=parent, gateway_id=gateway_id, title=title, configured_kind=kind, why=why
        )


def _make(
    gateway_class: type[AnyGateway],
    gateway_id: str,
    title: object,
    options: Mapping[str, Any],
    parent: Configurable,
) -> AnyGateway:
    unknown = sorted(set(options) - set(gateway_class.class_trait_names(config=True)))
    if unknown:
        raise BadGateway(f"there is no option {', '.join(unknown)}")
    if title is not None:
        options = {**options, "title": str(title)}
    try:
        gateway = gateway_class(parent=parent, gateway_id=gateway_id, **options)
    except TraitError as error:
        # What was configured instead may be a secret, and users see this.
        raise BadGateway(str(error).partition(", not ")[0]) from error
    if not gateway.title:
        gateway.title = gateway_id
    return gateway


def _find_class(kind: str) -> type[AnyGateway]:
    if ":" in kind:
        module, _, name = kind.partition(":")
        found = getattr(import_module(module), name)
    else:
        points = entry_points(group=GROUP, name=kind)
        if not points:
            raise BadGateway(f'no gateway of kind "{kind}" is installed')
        found = next(iter(points)).load()
    if not (isinstance(found, type) and issubclass(found, JobGateway | ClusterGateway)):
        raise BadGateway(f'"{kind}" is no gateway')
    return found
