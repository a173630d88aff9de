#!/bin/sh
# Measures what bench/measures name, each beside a neighbour or the raw call, and writes the table
# bench/results.md, which the README shows. Takes about half an hour.
# Usage: bench/run.sh [NAMES OF MEASURES]
set -eu
cd "$(dirname "$0")/.."

# Each neighbour lives in an environment of its own, so that no other server loads it.
if ! [ -e .made/neighbour ]; then
  python -m venv .venv-bench
  .venv-bench/bin/pip install --quiet 'jupyterlab>=4.4,<5' ipykernel 'jupyter_scheduler==2.12.1'
  touch .made/neighbour
fi
if ! [ -e .made/neighbour-slurm ]; then
  python -m venv .venv-bench-slurm
  .venv-bench-slurm/bin/pip install --quiet 'jupyterlab>=4.4,<5' ipykernel 'jupyterlab_slurm==4.1.0'
  touch .made/neighbour-slurm
fi
exec python -m bench "$@"
