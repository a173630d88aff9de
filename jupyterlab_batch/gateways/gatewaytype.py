"""What makes the classes of gateways."""

from __future__ import annotations

from abc import ABCMeta

from traitlets import MetaHasTraits


class GatewayType(MetaHasTraits, ABCMeta):
    """Traits and abstract methods each have a metaclass of their own."""
