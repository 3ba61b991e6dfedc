#!/usr/bin/env bash
# Takes the handling of each fault of docs/reliability.md out of the code, one patch of tests/mutants at a time, and runs the tests that the page names
# for it: at least one must fail. A handling that can go unnoticed is told as SURVIVED, and so is a patch that cannot be tried.
#   eng/mutants.sh                              all patches
#   eng/mutants.sh batch-asked-whole etcd-*     only these
# Works on a worktree of its own in artifacts/mutants that holds the last commit: what is not committed is not tried, but for the patches themselves.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tree=$PWD/artifacts/mutants
reports=$PWD/artifacts/mutants.results
quick=(--configuration Release --nologo --verbosity quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:MSBuildTreatWarningsAsErrors=false -clp:ErrorsOnly)
[ -n "${KUBEBUILDER_ASSETS:-}" ] || [ ! -x ../shared/envtest/setup ] || export KUBEBUILDER_ASSETS=$(../shared/envtest/setup | tail -n 1)
unset SMIME_SHIPPED

header() { sed -n "/^diff /q; s/^$2: //p" "$1"; }

patches=()
for wanted in "${@:-*}"; do
    # shellcheck disable=SC2206 # A name may hold a wildcard.
    found=(tests/mutants/${wanted%.patch}.patch)
    [ -e "${found[0]}" ] || { echo "No patch is named like that: $wanted" >&2 && exit 1; }
    patches+=("${found[@]}")
done

git worktree prune
[ -e "$tree/.git" ] || git worktree add --quiet --force --detach "$tree" HEAD || exit 1
git -C "$tree" checkout --quiet --force --detach "$(git rev-parse HEAD)" || exit 1
rm -rf "$reports"
mkdir -p "$reports"

# Runs tests of a project as it was built last, after the first failure no others; a line for each that ran: passed, failed or skipped, and Class.Method.
run() {
    local project=$1 report=$2 filters=() test
    shift 2
    for test in "$@"; do filters+=(--filter-method "*.$test"); done
    dotnet "$tree/tests/$project/bin/Release/net10.0/$project.dll" --no-ansi --progress off --stop-on-fail on --timeout 20m --results-directory "$reports" \
        --report-xunit-ctrf --report-xunit-ctrf-filename "$report.json" "${filters[@]}" </dev/null >"$reports/$report.log" 2>&1
    grep -oE '"name":"[^"(]+(\(([^"\\]|\\.)*)?","status":"[a-z]+"' "$reports/$report.json" 2>/dev/null |
        sed -E 's/"name":"[^"(]*\.([^".(]+\.[^".(]+)(\(.*)?","status":"([a-z]+)"/\3 \1/' | sort -u
}

echo "Building, and running the tests without any mutant."
for project in $(for patch in "${patches[@]}"; do header "$patch" Tests | cut -d ' ' -f 1; done | sort -u); do
    dotnet build "$tree/tests/$project" "${quick[@]}" >"$reports/build.log" 2>&1 || { cat "$reports/build.log" && exit 1; }
    tests=$(for patch in "${patches[@]}"; do header "$patch" Tests | grep "^$project " | cut -d ' ' -f 2- | tr ' ' '\n'; done | sort -u)
    # shellcheck disable=SC2086 # One test a word.
    ran=$(run "$project" "$project" $tests)
    for test in $tests; do
        if ! grep -qx "passed $test" <<<"$ran" || grep -qxE "(failed|skipped) $test" <<<"$ran"; then
            echo "$project: $test does not pass without a mutant (or did not run), see $reports/$project.log" >&2
            exit 1
        fi
    done
done

caught=0 survived=0
survives() {
    printf 'SURVIVED  %-45s %s\n' "$1" "$2"
    survived=$((survived + 1))
}
for patch in "${patches[@]}"; do
    name=$(basename "$patch" .patch)
    read -r project tests <<<"$(header "$patch" Tests)"
    if ! git -C "$tree" apply "$PWD/$patch" 2>"$reports/$name.log"; then
        survives "$name" "(does not apply: refresh it)"
        continue
    fi
    if ! dotnet build "$tree/tests/$project" --no-restore "${quick[@]}" >"$reports/$name.log" 2>&1; then
        survives "$name" "(does not build, see $reports/$name.log)"
    else
        # shellcheck disable=SC2086 # One test a word.
        ran=$(run "$project" "$name" $tests)
        if failed=$(grep -m 1 '^failed ' <<<"$ran"); then
            printf 'caught    %-45s %s\n' "$name" "${failed#failed }"
            caught=$((caught + 1))
        else
            survives "$name" "$([ -n "$ran" ] || echo "(no test came to an end, see $reports/$name.log)")"
        fi
    fi
    git -C "$tree" checkout --quiet --force HEAD -- .
done
git -C "$tree" clean --quiet --force -d
echo "$caught caught, $survived survived"
[ "$survived" -eq 0 ]
