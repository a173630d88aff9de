#!/bin/sh
# Opens JupyterLab beside a real Slurm on this machine: starts Slurm, and stops it when Lab ends.
# Usage: slurm-lab.sh [ARGUMENTS OF jupyter lab]
#   SLURM_TRANSPORT=cli  goes by the command-line tools in place of slurmrestd with a JWT
#   SLURM_BASE           the folder of Slurm; one that runs there already is used, and left running
set -eu
cd "$(dirname "$0")/.."
cluster=tests/slurm_cluster/slurm.sh
export PATH="$PATH:/usr/sbin:/sbin"
export SLURM_BASE="${SLURM_BASE:-${TMPDIR:-/tmp}/jupyterlab-batch-slurm}"

if [ "$(id -u)" != 0 ]; then
  echo "Slurm needs root: its daemons run jobs as other users. 'make lab' does without." >&2
  exit 1
fi
case ${SLURM_TRANSPORT:-rest} in
  rest | cli) ;;
  *) echo "SLURM_TRANSPORT is rest or cli, not $SLURM_TRANSPORT." >&2; exit 2 ;;
esac

lab=
is_ours=
finish() {
  status=$?
  trap - EXIT
  [ -z "$lab" ] || wait "$lab" || true
  [ -z "$is_ours" ] || "$cluster" down
  exit "$status"
}
trap finish EXIT
trap '[ -z "$lab" ] || kill "$lab" 2>/dev/null; exit 143' INT TERM HUP

if ! "$cluster" status >/dev/null 2>&1; then
  is_ours=yes
  # The ports of an earlier start are kept in the base folder.
  if [ ! -r "$SLURM_BASE/etc/ports" ]; then
    SLURM_PORTS=$(python - <<'PYTHON'
import socket

sockets = [socket.socket() for _ in range(6)]
for one in sockets:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in sockets))
PYTHON
    )
    export SLURM_PORTS
  fi
  "$cluster" up
fi

eval "$("$cluster" env)"
if [ "${SLURM_TRANSPORT:-rest}" = cli ]; then
  gateway="'slurm_conf': '$SLURM_CONF'"
else
  gateway="'url': '$SLURMRESTD',
     'token_command': 'env SLURM_CONF=$SLURM_CONF scontrol token lifespan=3600'"
fi
export LAB_GATEWAYS="[
    {'kind': 'local'},
    {'kind': 'slurm', 'title': 'Slurm',
     $gateway},
]"

# In the background, so that the traps above run at once; it keeps the terminal.
scripts/lab.sh "$@" <&0 &
lab=$!
wait "$lab"
