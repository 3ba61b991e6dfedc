#!/usr/bin/env bash
# Builds the solution once and runs each test project's own program, which writes a report that is read here:
# the console summary of `dotnet test` is for people and differs between versions.
#   eng/test.sh                      all test projects
#   eng/test.sh Api Runtime          only tests/SmimeOperator.Api.Tests and tests/SmimeOperator.Runtime.Tests
#   TEST_ARGS='--filter-class *Queue*' eng/test.sh Runtime
# CONFIGURATION (Release) and TEST_TIMEOUT (20m for each project) may be set, NO_BUILD=1 leaves out the build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

configuration=${CONFIGURATION:-Release}
reports=artifacts/test-results
passed=0 failed=0 skipped=0 ran=0
rm -rf "$reports"
mkdir -p "$reports"

projects=()
for folder in tests/*.Tests/; do
    name=$(basename "$folder")
    if [ $# -eq 0 ]; then
        projects+=("$name")
    else
        for wanted in "$@"; do
            case "$name" in "$wanted" | "$wanted.Tests" | "SmimeOperator.$wanted.Tests") projects+=("$name") ;; esac
        done
    fi
done
if [ ${#projects[@]} -eq 0 ]; then
    echo "No test project is named like that: $*" >&2
    echo "0 passed, 0 failed, 0 skipped"
    exit 1
fi

build() {
    if [ $# -eq 0 ]; then
        dotnet build SmimeOperator.sln --configuration "$configuration" --nologo --verbosity quiet
    else
        local name
        for name in "$@"; do
            dotnet build "tests/$name" --configuration "$configuration" --nologo --verbosity quiet || return 1
        done
    fi
}

if [ "${NO_BUILD:-}" != 1 ]; then
    if [ $# -eq 0 ]; then build; else build "${projects[@]}"; fi || {
        echo "The build failed, so no test ran." >&2
        echo "0 passed, 1 failed, 0 skipped"
        exit 1
    }
fi

# A number of the report's summary; 0 where the report does not hold it.
summary() { tr -d ' \r\n' <"$1" | grep -oE '"summary":\{[^}]*\}' | grep -oE "\"$2\":[0-9]+" | head -n 1 | grep -oE '[0-9]+$' || echo 0; }

for name in "${projects[@]}"; do
    program=tests/$name/bin/$configuration/net10.0/$name.dll
    report=$reports/$name.ctrf.json
    log=$reports/$name.log
    # shellcheck disable=SC2086 # TEST_ARGS holds several arguments.
    dotnet "$program" --no-ansi --progress off --timeout "${TEST_TIMEOUT:-20m}" --results-directory "$reports" \
        --report-xunit-ctrf --report-xunit-ctrf-filename "$name.ctrf.json" ${TEST_ARGS:-} </dev/null >"$log" 2>&1
    code=$?
    if [ ! -s "$report" ]; then
        # Killed, timed out or crashed: nobody knows how many tests there were, and that is a failure.
        cat "$log"
        printf "\n%-40s did not finish (exit code %s)\n" "$name" "$code"
        failed=$((failed + 1))
        continue
    fi
    p=$(summary "$report" passed) f=$(summary "$report" failed) s=$(summary "$report" skipped)
    # 8 says that a project has no test, 2 that tests failed, which the report counts; anything else befell the run as a whole.
    note=
    if [ "$f" -eq 0 ] && [ "$code" -ne 0 ] && [ "$code" -ne 8 ]; then
        f=1 note=" (the run itself failed, exit code $code)"
    fi
    [ "$f" -eq 0 ] || cat "$log"
    printf '%-40s %5d passed, %d failed, %d skipped%s\n' "$name" "$p" "$f" "$s" "$note"
    if [ "$s" -gt 0 ]; then
        grep -A 2 -E '^ *skipped ' "$log" | head -n 60
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s)) ran=$((ran + p + f))
done

[ "$ran" -gt 0 ] || echo "Not a single test ran." >&2
[ "$skipped" -eq 0 ] || echo "ATTENTION: $skipped tests were skipped; each says why above." >&2
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$ran" -gt 0 ]
