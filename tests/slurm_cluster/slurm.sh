#!/usr/bin/env bash
# A real Slurm on this one machine, loopback only: munge, MariaDB, slurmdbd, slurmctld, two slurmd
# (8 pretended CPUs each) and slurmrestd with JWT. For Debian 12's packages (22.05.8), as root,
# without systemd and without cgroups.
#
#   slurm.sh up                   start what is not running yet, create users and accounts
#   slurm.sh down                 end all jobs and stop every daemon
#   slurm.sh wipe                 down, and forget all jobs (the accounting history stays)
#   slurm.sh status               one line per daemon; fails unless all are up
#   slurm.sh token USER [SECONDS] a JWT for slurmrestd
#   slurm.sh env                  shell lines: SLURM_CONF and SLURMRESTD
#   slurm.sh start|stop DAEMON    one daemon alone, for tests: slurmctld, slurmdbd, slurmrestd, ...
#
# SLURM_PROFILE=ours (the default) is a cluster that is set up for us. SLURM_PROFILE=stock is one that
# is not: its history keeps no comments, a submit plug-in puts its own in place of ours, arrays end
# at 1,000 tasks, and users see their own jobs only. SLURM_WITHOUT_DBD=1 leaves out slurmdbd, and so
# accounts and history. Both are kept in the base folder, as the ports are.
#
# Everything lies below SLURM_BASE. Only processes whose pid files lie there, and that still are
# what the file says, are ever stopped.
set -euo pipefail

BASE=${SLURM_BASE:-${TMPDIR:-/tmp}/jupyterlab-batch-slurm}
USERS=${SLURM_TEST_USERS:-"root alice bob"}
CPUS=${SLURM_FAKE_CPUS:-8}
MIN_JOB_AGE=${SLURM_MIN_JOB_AGE:-300}
SKIP_APT=${SLURM_SKIP_APT:-0}
HOST=${SLURM_HOST:-$(hostname -s)}
API=v0.0.38 # the newest that the packaged slurmrestd serves

ETC=$BASE/etc RUN=$BASE/run LOG=$BASE/log
MUNGE_SOCKET=$RUN/munge.socket MYSQL_SOCKET=$BASE/mysql/s.sock
export SLURM_CONF=$ETC/slurm.conf

# Six ports: MariaDB, slurmctld, slurmdbd, slurmrestd, slurmd n1, slurmd n2. They are kept in the
# base folder, so that only `up` must be told.
DEFAULT_PORTS="16806 16817 16819 16820 16831 16832"
[ ! -r "$ETC/ports" ] || DEFAULT_PORTS=$(cat "$ETC/ports")
PORTS=${SLURM_PORTS:-$DEFAULT_PORTS}
read -r PORT_DB PORT_CTLD PORT_DBD PORT_REST PORT_N1 PORT_N2 <<<"$PORTS"

# What was chosen at `up` stays so.
DEFAULT_PROFILE="ours 0"
[ ! -r "$ETC/profile" ] || DEFAULT_PROFILE=$(cat "$ETC/profile")
PROFILE=${SLURM_PROFILE:-${DEFAULT_PROFILE% *}}
WITHOUT_DBD=${SLURM_WITHOUT_DBD:-${DEFAULT_PROFILE#* }}
DAEMONS="munged slurmctld slurmd-n1 slurmd-n2 slurmrestd"
[ "$WITHOUT_DBD" = 1 ] || DAEMONS="munged mariadbd slurmdbd slurmctld slurmd-n1 slurmd-n2 slurmrestd"

# shellcheck source=configuration.sh
. "$(dirname "$0")/configuration.sh"

fail() { echo "slurm.sh: $*" >&2; exit 1; }

# The process of a daemon's pid file, if it is alive and still that program.
pid_of() {
  local file=$RUN/$1.pid program=${1%%-*} pid
  [ -s "$file" ] || return 1
  pid=$(cat "$file")
  grep -qa "$program" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}
is_up() { pid_of "$1" >/dev/null; }

# Poll a condition for a minute at least: other suites may keep the machine busy.
wait_for() {
  local tries=0
  until eval "$1" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -le 600 ] || fail "gave up waiting for: $1"
    sleep 0.1
  done
}

as_user() { local user=$1; shift; setpriv --reuid "$user" --regid "$user" --clear-groups "$@"; }
mysql() { mariadb --no-defaults -S "$MYSQL_SOCKET" "$@"; }
token() { scontrol token username="$1" lifespan="${2:-3600}" | cut -d= -f2; }

install_packages() {
  local packages="slurmctld slurmd slurmdbd slurmrestd slurm-client slurm-wlm-jwt-plugin
    slurm-wlm-basic-plugins slurm-wlm-mysql-plugin munge mariadb-server curl"
  # shellcheck disable=SC2086 # one word per package
  dpkg -s $packages >/dev/null 2>&1 && return
  [ "$SKIP_APT" = 0 ] || fail "Debian packages are missing: $packages"
  apt-get update -qq
  # shellcheck disable=SC2086 # one word per package
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages >/dev/null
}

make_folders() {
  mkdir -p "$BASE"/{state,mysql,mysql-tmp,munge} "$ETC" "$RUN" "$LOG"
  chmod 755 "$BASE" "$ETC" "$BASE/state" "$LOG"
  chmod 1777 "$RUN" # each daemon writes its pid file and socket as its own user
  chown slurm:slurm "$ETC" "$BASE/state" "$LOG"
  chown mysql:mysql "$BASE/mysql" "$BASE/mysql-tmp"
  chown munge:munge "$BASE/munge"
  chmod 700 "$BASE/munge"
}

make_secrets() {
  if [ ! -s "$BASE/munge/munge.key" ]; then
    head -c 128 /dev/urandom >"$BASE/munge/munge.key"
    chown munge:munge "$BASE/munge/munge.key"
    chmod 400 "$BASE/munge/munge.key"
  fi
  # slurmctld and slurmdbd verify tokens; slurmrestd never needs the key.
  [ -s "$ETC/jwt_hs256.key" ] || head -c 32 /dev/urandom >"$ETC/jwt_hs256.key"
  chown slurm:slurm "$ETC/jwt_hs256.key"
  chmod 600 "$ETC/jwt_hs256.key"
}

# Several clusters may come up at once, and all of them share the users of this machine.
make_system_users() {
  local user
  exec 9>"${TMPDIR:-/tmp}/jupyterlab-batch-users.lock"
  flock 9
  for user in $USERS; do id "$user" >/dev/null 2>&1 || useradd -m -s /bin/bash "$user"; done
  id slurmrest >/dev/null 2>&1 || useradd -r -M -s /usr/sbin/nologin slurmrest
  exec 9>&- # or every daemon would hold it
}

start_munged() {
  rm -f "$MUNGE_SOCKET"
  as_user munge munged --force --key-file="$BASE/munge/munge.key" --socket="$MUNGE_SOCKET" \
    --pid-file="$RUN/munged.pid" --log-file="$BASE/munge/munged.log" \
    --seed-file="$BASE/munge/munge.seed" --num-threads=2
  wait_for "munge -S $MUNGE_SOCKET -n"
}

start_mariadbd() {
  # Of its own: one that starts removes the temporary tables of others.
  local tmp=$BASE/mysql-tmp
  [ -d "$BASE/mysql/mysql" ] || mariadb-install-db --no-defaults --user=mysql \
    --datadir="$BASE/mysql" --tmpdir="$tmp" --auth-root-authentication-method=normal --skip-test-db \
    >"$LOG/mysql-install.log" 2>&1
  (setsid mariadbd --no-defaults --user=mysql --datadir="$BASE/mysql" --socket="$MYSQL_SOCKET" \
    --tmpdir="$tmp" --pid-file="$RUN/mariadbd.pid" --bind-address=127.0.0.1 --port="$PORT_DB" \
    --innodb-buffer-pool-size=128M --innodb-lock-wait-timeout=900 \
    --innodb-flush-log-at-trx-commit=2 >"$LOG/mariadbd.log" 2>&1 &)
  wait_for "mysql -e 'select 1'"
  local host
  for host in 127.0.0.1 localhost; do
    mysql -e "CREATE USER IF NOT EXISTS 'slurm'@'$host' IDENTIFIED BY 'slurm';
      GRANT ALL ON slurm_acct_db.* TO 'slurm'@'$host';"
  done
}

start_slurmdbd() {
  as_user slurm slurmdbd
  wait_for "sacctmgr -n show cluster"
}

start_slurmctld() {
  as_user slurm slurmctld
  wait_for "scontrol ping | grep -q UP"
}

# slurmd runs as root: it becomes the owner of each job.
start_slurmd() { mkdir -p "$BASE/spool-$1"; slurmd -N "$1"; }

# slurmrestd refuses to run as root or as SlurmUser.
start_slurmrestd() {
  local plugins=openapi/$API
  [ "$WITHOUT_DBD" = 1 ] || plugins=$plugins,openapi/db$API
  (cd / && exec setsid setpriv --reuid slurmrest --regid slurmrest --clear-groups \
    env SLURM_JWT=daemon slurmrestd -a rest_auth/jwt -s "$plugins" -t 4 \
    "127.0.0.1:$PORT_REST" >"$LOG/slurmrestd.log" 2>&1) &
  echo $! >"$RUN/slurmrestd.pid"
  local jwt
  jwt=$(token root)
  wait_for "curl -fsS -H 'X-SLURM-USER-NAME: root' -H 'X-SLURM-USER-TOKEN: $jwt' \
    http://127.0.0.1:$PORT_REST/slurm/$API/ping"
}

start() {
  is_up "$1" && return
  case $1 in
    slurmd-*) start_slurmd "${1#slurmd-}" ;;
    *) "start_$1" ;;
  esac
}

stop() {
  local pid
  pid=$(pid_of "$1") || return 0
  kill -CONT "$pid" # a test may have halted it
  kill "$pid"
  # A dead process whose parent has not noticed has no command line; kill -0 still finds it.
  wait_for "! grep -qa . /proc/$pid/cmdline"
  rm -f "$RUN/$1.pid"
}

stop_at_once() {
  local daemon pid pids=()
  for daemon in "$@"; do stop "$daemon" & pids+=($!); done
  for pid in "${pids[@]}"; do wait "$pid"; done
}

# QOS debug lets a user run four jobs at once, which shows a reason for waiting.
make_accounts() {
  local user
  sacctmgr -n show cluster format=cluster | grep -qw rsp || sacctmgr -i add cluster rsp >/dev/null
  if ! sacctmgr -n show account format=account%20 | grep -qw astro; then
    sacctmgr -i add account astro Description=demo Organization=rsp >/dev/null
    sacctmgr -i add qos debug MaxJobsPerUser=4 Priority=100 >/dev/null
  fi
  for user in $USERS; do
    sacctmgr -n show assoc user="$user" format=account%20 | grep -qw astro ||
      sacctmgr -i add user "$user" Account=astro QOS=normal,debug DefaultQOS=normal >/dev/null
  done
}

up() {
  local daemon
  install_packages
  make_folders
  make_secrets
  make_system_users
  write_slurm_conf
  [ "$WITHOUT_DBD" = 1 ] || write_slurmdbd_conf
  for daemon in $DAEMONS; do
    start "$daemon"
    [ "$daemon" != slurmdbd ] || make_accounts # before slurmctld loads them
  done
  # shellcheck disable=SC2016 # wait_for expands it, each time anew
  wait_for '[ "$(sinfo -h -N -p batch -o %t | grep -cE "^(idle|mix|alloc)")" -ge 2 ]'
  sinfo
  show_env
}

down() {
  local user
  # Steps outlive slurmd, so the jobs go first.
  if is_up slurmctld; then
    for user in $USERS; do timeout 10 scancel --full -u "$user" 2>/dev/null || true; done
    # shellcheck disable=SC2016 # likewise
    (wait_for '[ -z "$(squeue -h)" ]') || true
  fi
  stop_at_once slurmrestd slurmd-n1 slurmd-n2
  stop slurmctld
  stop slurmdbd # those that were never started are down already
  stop_at_once mariadbd munged
}

wipe() {
  down
  rm -rf "${BASE:?}"/state/* "$BASE"/spool-*
}

status() {
  local daemon result=0
  for daemon in $DAEMONS; do
    if is_up "$daemon"; then echo "$daemon up"; else echo "$daemon down"; result=1; fi
  done
  return $result
}

show_env() {
  echo "export SLURM_CONF=$SLURM_CONF"
  echo "export SLURMRESTD=http://127.0.0.1:$PORT_REST"
}

case ${1:-} in
  up | down | wipe | status) "$1" ;;
  env) show_env ;;
  token) token "${2:?whose token?}" "${3:-3600}" ;;
  start | stop) "$1" "${2:?which daemon?}" ;;
  *) sed -n '2,19s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
