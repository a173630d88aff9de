#!/bin/sh
# Runs a program when LSDB is there, which examples/catalogue-crossmatch.ipynb computes with. It is
# installed in an environment of its own, .venv-lsdb, as an observatory offers it beside the server;
# that takes a minute or two, once. LSDB needs Python 3.11 or newer: on 3.10 nothing is installed, and
# the tests that need it are skipped and say so.
# Usage: with-lsdb.sh PROGRAM [ARGUMENTS]
set -eu
cd "$(dirname "$0")/.."
if ! [ -e .made/lsdb ] && python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  python -m venv --clear .venv-lsdb
  .venv-lsdb/bin/pip install --quiet 'lsdb==0.11.1' 'hats-import==0.11.1' \
    cryptography ipykernel matplotlib
  # The client needs no more than one folder on its path.
  pwd >"$(.venv-lsdb/bin/python -c 'import site; print(site.getsitepackages()[0])')/client.pth"
  touch .made/lsdb
fi
exec "$@"
