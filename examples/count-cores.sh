#!/bin/sh
# Says where a job runs and what it was given, beside what it asked for.
set -u

line() { printf '%-17s %s\n' "$1" "$2"; }

# A number from the submission, which lies in the run directory of every job.
asked() {
  number=$(sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "${BATCH_RUN_DIRECTORY:-.}/spec.json" 2>/dev/null)
  echo "${number:-unknown}"
}

seen_cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo unknown)
asked_memory=$(asked memory_bytes)
if [ "$asked_memory" != unknown ]; then
  asked_memory="$((asked_memory / 1048576)) MB"
fi

if [ -r /proc/meminfo ]; then
  seen_memory=$(awk '/^MemTotal:/ { printf "%d MB on the whole machine", $2 / 1024 }' /proc/meminfo)
else
  seen_memory=unknown
fi

if [ -n "${SLURM_JOB_ID:-}" ]; then
  where="Slurm job $SLURM_JOB_ID in ${SLURM_JOB_PARTITION:-an unnamed partition}"
elif [ -n "${BATCH_JOB_ID:-}" ]; then
  where="batch job $BATCH_JOB_ID"
else
  where='a shell, no batch job'
fi

line 'Host' "$(uname -n)"
line 'Runs as' "$where"
line 'Cores asked for' "$(asked cores)"
line 'Cores seen' "$seen_cores"
line 'Memory asked for' "$asked_memory"
line 'Memory seen' "$seen_memory"
line 'Folder' "$(pwd)"
line 'Arguments' "${*:-none}"
exit 0
