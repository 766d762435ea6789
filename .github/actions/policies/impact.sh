#!/usr/bin/env bash
# Puts what a change of policies would do into the step's summary. Reads POLICIES, AGAINST, BASE, FAIL_ON_IMPACT and
# MUSTER. Fails as `muster impact` does; that results are newly NonCompliant (10) or newly Unknown (11) is a failure only
# where it was asked to be one.
set -euo pipefail

most=1000000 # bytes: a summary of more than 1 MiB is not shown at all

if ! git cat-file -e "$BASE^{commit}" 2>/dev/null; then
    echo "::error::The commit that the change is compared with is not in the checkout. Check out with fetch-depth: 0."
    exit 2
fi

if ! git rev-parse --verify --quiet "$BASE:./$POLICIES" >/dev/null; then
    echo "The policies are new, so that there is nothing to compare them with." >>"$GITHUB_STEP_SUMMARY"
    exit 0
fi

now=$(mktemp -d "$RUNNER_TEMP/policies-now.XXXXXX")
git archive "$BASE" -- "./$POLICIES" | tar -x -C "$now"

code=0
"$MUSTER" impact --policies "./$POLICIES" --current "$now/$POLICIES" --against "./$AGAINST" --format markdown \
    >"$RUNNER_TEMP/impact.md" || code=$?
head -c "$most" "$RUNNER_TEMP/impact.md" >>"$GITHUB_STEP_SUMMARY"

if { [ "$code" -eq 10 ] || [ "$code" -eq 11 ]; } && [ "$FAIL_ON_IMPACT" != true ]; then
    echo "::notice::Results would newly be NonCompliant or Unknown. The step's summary names them."
    exit 0
fi
exit "$code"
