"""Dask Gateway: clusters on a service of the platform, by its REST interface."""

from jupyterlab_batch.gateways.daskgateway.gateway import DaskGateway

__all__ = ["DaskGateway"]
