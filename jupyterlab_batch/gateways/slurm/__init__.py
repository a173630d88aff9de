"""The adapter of Slurm, with slurmrestd or its command-line tools."""

from jupyterlab_batch.gateways.slurm.gateway import SlurmGateway

__all__ = ["SlurmGateway"]
