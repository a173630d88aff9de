"""Run directories, the wrapper that every batch system runs, and the local engine."""
