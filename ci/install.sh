#!/usr/bin/env bash
# Install the copydesk of this checkout into its own virtual environment, and put it first in the PATH of the job.
set -euo pipefail

place=${RUNNER_TEMP:-/tmp}/copydesk
python3 -m venv "$place" || python -m venv "$place"
bin=$place/bin
[[ -d $bin ]] || bin=$place/Scripts # Windows
"$bin/python" -m pip install --quiet --disable-pip-version-check "$(cd "$(dirname "$0")/.." && pwd)[spelling]"
echo "$bin" >>"${GITHUB_PATH:-/dev/null}"
