#!/bin/sh
# Opens JupyterLab on a work folder that holds a copy of the examples.
# Usage: lab.sh [ARGUMENTS OF jupyter lab]; LAB_WORKSPACE names another folder.
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
exec jupyter lab --ServerApp.root_dir="$workspace" "$@"
