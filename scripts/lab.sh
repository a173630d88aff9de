#!/bin/sh
# Opens JupyterLab on a work folder that holds a copy of the examples.
# Usage: lab.sh [ARGUMENTS OF jupyter lab]
#   LAB_WORKSPACE  another folder
#   LAB_GATEWAYS   Python's list of gateways; by default the engine of this machine alone
set -eu
cd "$(dirname "$0")/.."
workspace=${LAB_WORKSPACE:-lab-workspace}
mkdir -p "$workspace"
# What the user changed in an earlier copy stays as it is.
if [ -d examples ]; then
  mkdir -p "$workspace/examples"
  for file in examples/*; do
    [ -e "$workspace/$file" ] || cp -R "$file" "$workspace/$file"
  done
fi
if [ "$(id -u)" = 0 ]; then
  set -- --allow-root "$@"
fi
embedded="[{'kind': 'local'}]"
config=$PWD/.made/lab
mkdir -p "$config"
echo "c.BatchExtension.gateways = ${LAB_GATEWAYS:-$embedded}" >"$config/jupyter_server_config.py"
export JUPYTER_CONFIG_PATH="$config${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"
exec jupyter lab --ServerApp.root_dir="$workspace" "$@"
