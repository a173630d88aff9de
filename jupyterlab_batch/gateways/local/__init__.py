"""The embedded engine as a gateway."""

from jupyterlab_batch.gateways.local.gateway import LocalGateway

__all__ = ["LocalGateway"]
