#!/usr/bin/env bash
# Installs the copydesk that this file came with into an environment of its own, and puts it first on the job's path.
set -euo pipefail

place=${RUNNER_TEMP:-/tmp}/copydesk
python3 -m venv "$place" || python -m venv "$place"
bin=$place/bin
[[ -d $bin ]] || bin=$place/Scripts # Windows
"$bin/python" -m pip install --quiet --disable-pip-version-check "$(cd "$(dirname "$0")/.." && pwd)[spelling]"
echo "$bin" >>"${GITHUB_PATH:-/dev/null}"
