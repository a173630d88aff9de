#!/bin/sh
# Writes the types of contract/openapi.yaml in TypeScript, msgspec and dataclasses.
# Usage: contract/generate.sh [TARGET FOLDER, by default the project]
set -eu
cd "$(dirname "$0")/.."
target=${1:-.}
contract=contract/openapi.yaml
mkdir -p "$target/src/model/generated" "$target/jupyterlab_batch/domain" "$target/jupyterlab_batch/client"

# The formatter takes the length of lines from the project file above what it writes.
[ "$target" = . ] || cp pyproject.toml "$target/"

node_modules/.bin/openapi-typescript "$contract" -o "$target/src/model/generated/contract.ts" >/dev/null

python() {
  datamodel-codegen --input "$contract" --input-file-type openapi \
    --use-standard-collections --use-union-operator --target-python-version 3.10 \
    --enum-field-as-literal all --disable-timestamp --use-schema-description \
    --output-datetime-class datetime --formatters ruff-format "$@"
}
python --output-model-type msgspec.Struct --keyword-only \
  --base-class jupyterlab_batch.domain.structs.Answer \
  --base-class-map "$(cat contract/inputs.json)" \
  --output "$target/jupyterlab_batch/domain/generated.py"
python --output-model-type dataclasses.dataclass --keyword-only \
  --base-class jupyterlab_batch.client.value.Value \
  --output "$target/jupyterlab_batch/client/generated.py"
# The base class has these methods; dataclasses would write them for each class at each start.
sed -i 's/@dataclass(kw_only=True)/@dataclass(kw_only=True, eq=False, repr=False)/' \
  "$target/jupyterlab_batch/client/generated.py"
