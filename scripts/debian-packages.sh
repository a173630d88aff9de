#!/bin/sh
# Installs the Debian packages that a part of the project needs, if they are missing.
# Usage: debian-packages.sh python|node|browser|slurm ...
# Only on Debian and as root; elsewhere it says what is missing. What nothing works without
# (python, node) is then an error, what only some tests need (browser, slurm) is not.
set -eu

packages_of() {
  case $1 in
    python) echo python3-venv ;;
    node) echo nodejs ;;
    browser) echo chromium fonts-dejavu-core ;;
    slurm) echo slurmctld slurmd slurmdbd slurmrestd slurm-client slurm-wlm-jwt-plugin \
      slurm-wlm-basic-plugins slurm-wlm-mysql-plugin munge mariadb-server curl ;;
    *) echo "debian-packages.sh: no such part: $1" >&2; exit 2 ;;
  esac
}

# Whether the part is here, however it came.
is_here() {
  case $1 in
    python) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    node) command -v node >/dev/null ;;
    browser) command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
      command -v google-chrome >/dev/null ;;
    slurm) for daemon in slurmctld slurmd slurmdbd slurmrestd munged mariadbd; do
        PATH=$PATH:/usr/sbin:/sbin command -v $daemon >/dev/null || return 1
      done ;;
  esac
}

can_install() { [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; }

missing=
for part in "$@"; do
  packages=$(packages_of "$part")
  is_here "$part" || missing="$missing $part"
done
[ -n "$missing" ] || exit 0

if can_install; then
  packages=$(for part in $missing; do packages_of "$part"; done)
  # shellcheck disable=SC2086,SC2116 # makes one line of several
  echo "Installing $(echo $packages)"
  export DEBIAN_FRONTEND=noninteractive
  export RUNLEVEL=1 # keeps dpkg from starting services: the tests start their own daemons
  apt-get update -qq
  # shellcheck disable=SC2086 # one word per package
  apt-get install -y -qq --no-install-recommends $packages >/dev/null
  exit 0
fi

status=0
for part in $missing; do
  case $part in
    python) echo "Python's venv module is missing (Debian: apt install python3-venv)." >&2; status=1 ;;
    node) echo "Node.js 18 or newer is missing (Debian: apt install nodejs)." >&2; status=1 ;;
    browser) echo "No Chromium: the journeys in the browser will be skipped." >&2 ;;
    slurm) echo "No Slurm daemons: what needs a real Slurm will be skipped." >&2 ;;
  esac
done
exit $status
