#!/usr/bin/env bash
# Fuzzes what reads certificates, keys and PKCS#12 files: SharpFuzz tells afl-fuzz which code an input reached. One target after the
# other, each for FUZZ_SECONDS (60) and never half a minute longer; FUZZ_TARGETS names them, FUZZ_OUTPUT (artifacts/fuzz) takes what is found.
# Ends with a line for each target; fails when an input crashed or hung a reader, or when it took more than FUZZ_MEMORY_MB (256).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

name=SmimeOperator.Certificates.Fuzzing
seconds=${FUZZ_SECONDS:-60}
memory=${FUZZ_MEMORY_MB:-256}
output=${FUZZ_OUTPUT:-artifacts/fuzz}
corpus=tests/$name/Corpus
targets=${FUZZ_TARGETS:-$(ls "$corpus")}

if ! command -v afl-fuzz >/dev/null; then
    echo "There is no afl-fuzz here. Debian and Ubuntu: apt-get install afl++" >&2
    exit 1
fi

mkdir -p "$output"
output=$(cd "$output" && pwd)
if [ "${NO_BUILD:-}" != 1 ]; then
    rm -rf "$output/bin"
    dotnet publish "tests/$name" --configuration Release --nologo --verbosity quiet --output "$output/bin"
    dotnet tool restore >/dev/null
    dotnet sharpfuzz "$output/bin/SmimeOperator.Certificates.dll"
fi

# A heap limit of its own: an input that needs more ends in OutOfMemoryException, which the fuzzer takes for a crash.
export DOTNET_GCHeapHardLimit=$(printf '0x%x' $((memory * 1024 * 1024 / 2))) DOTNET_gcServer=0 DOTNET_TieredPGO=0
# Without OpenSSL's legacy provider, RC2 and RC4 are decrypted by code that the fuzzer sees.
export OPENSSL_MODULES=/nonexistent
export AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1

# Waits for afl-fuzz and prints the most memory, in MB, that one of the processes below it held.
watch_memory() {
    local most=0 now
    while kill -0 "$1" 2>/dev/null; do
        now=$(ps -eo rss=,args= | awk -v program="$output/bin/$name.dll" '$0 ~ program && !/afl-fuzz/ && $1 > most { most = $1 } END { print int(most / 1024) }')
        [ "$now" -gt "$most" ] && most=$now
        sleep 5
    done
    echo "$most"
}

failed=0
summary=""
for target in $targets; do
    findings=$output/$target
    resume=$corpus/$target
    [ -d "$findings/default" ] && resume=-
    # -V counts fuzzing only: starting up and the first look at the corpus come on top, and take long on a busy machine.
    nice -n 19 timeout --kill-after 15 "$((seconds + 30))" afl-fuzz -i "$resume" -o "$findings" -t 10000 -m none -V "$seconds" -- \
        dotnet "$output/bin/$name.dll" "$target" >"$output/$target.log" 2>&1 &
    fuzzer=$!
    most=$(watch_memory "$fuzzer")
    result=0
    wait "$fuzzer" || result=$?
    if [ "$result" != 0 ] && [ "$result" != 124 ]; then
        tail -n 20 "$output/$target.log" >&2
        echo "$target: the fuzzer itself failed, see $output/$target.log" >&2
        exit 1
    fi
    stat() { awk -v key="$1" '$1 == key { print $3 }' "$findings/default/fuzzer_stats"; }
    crashes=$(stat saved_crashes) hangs=$(stat saved_hangs)
    summary+="$target: $(stat execs_done) runs, $(stat corpus_count) inputs kept, $crashes crashes, $hangs hangs, $most MB"$'\n'
    [ "$crashes" = 0 ] && [ "$hangs" = 0 ] && [ "$most" -lt "$memory" ] || failed=1
done
printf '%s' "$summary" | tee "$output/summary.txt"
exit $failed
