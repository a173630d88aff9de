#!/bin/sh
# Builds the wheel and installs it beside JupyterLab in .venv-wheel, as a person does who has neither the
# sources nor Node.js. Others are to run it, so its Python is that of the system where that is new enough.
# Usage: wheel-environment.sh
set -eu
cd "$(dirname "$0")/.."
environment=.venv-wheel wheels=.made/wheels
rm -rf "$wheels"
python -m pip wheel --quiet --no-deps --wheel-dir "$wheels" .
if ! [ -x "$environment/bin/jupyter-lab" ]; then
  base=/usr/bin/python3
  "$base" -c 'import sys, venv; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || base=python
  "$base" -m venv --without-pip --clear "$environment"
fi
pip() { python -m pip --python "$environment/bin/python" --quiet "$@"; }
pip uninstall --yes jupyterlab_batch # it has the same version as the one before
pip install 'jupyterlab>=4.4,<5' "$wheels"/*.whl
