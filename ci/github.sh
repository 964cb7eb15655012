#!/usr/bin/env bash
# Check the articles in a GitHub Actions job: write annotations, a summary on the page of the run, and a SARIF file.
# COPYDESK_PATHS and COPYDESK_OPTIONS have one argument per line; COPYDESK_CHANGED and COPYDESK_SUMMARY are “true” or
# “false”. In a pull request, GITHUB_BASE_REF is its base branch.
set -uo pipefail

options=() paths=()
if [[ ${COPYDESK_CHANGED:-false} == true ]]; then
  if [[ ${GITHUB_BASE_REF:-} ]]; then
    options+=("--changed=refs/remotes/origin/$GITHUB_BASE_REF")
  else
    echo "::notice title=copydesk::All lines are checked: the event “${GITHUB_EVENT_NAME:-}” is not a pull request."
  fi
fi
while IFS= read -r line; do
  [[ $line =~ [^[:space:]] ]] && options+=("${line%$'\r'}")
done <<<"${COPYDESK_OPTIONS:-}"
while IFS= read -r line; do
  [[ $line =~ [^[:space:]] ]] && paths+=("${line%$'\r'}")
done <<<"${COPYDESK_PATHS:-}"

reports=${RUNNER_TEMP:-/tmp}
sarif=$reports/copydesk.sarif
summary=$reports/copydesk-summary.md
# Without this form, the bash of macOS fails on an empty array.
copydesk check ${options[@]+"${options[@]}"} --report github --report "sarif=$sarif" --report "markdown=$summary" \
  -- ${paths[@]+"${paths[@]}"}
status=$?

if [[ ${COPYDESK_SUMMARY:-true} == true && -f $summary ]]; then
  cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
echo "status=$status" >>"${GITHUB_OUTPUT:-/dev/null}"
if [[ -f $sarif ]]; then
  echo "sarif-file=$sarif" >>"${GITHUB_OUTPUT:-/dev/null}"
fi
exit "$status"
