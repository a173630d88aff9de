"""Dask clusters on this machine. Nothing but `owner` knows dask, and that is a process apart."""
