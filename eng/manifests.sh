#!/usr/bin/env bash
# Renders the chart with its defaults into plain manifests, a kustomize base:
#   eng/manifests.sh deploy/kustomize
# Helm comes from eng/tools.sh, or from the PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=$1
helm=artifacts/tools/helm
[ -x "$helm" ] || helm=helm
rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT

"$helm" template smime-operator charts/smime-operator --namespace smime-system --skip-tests --set crds.keep=false --output-dir "$rendered" >/dev/null
mkdir -p "$target"
rm -f "$target"/*.yaml
for file in "$rendered"/smime-operator/templates/*.yaml; do
    # What belongs to Helm alone: it does not manage these objects.
    {
        echo "# Generated from the chart by \`make manifests\`."
        grep -vE '^(# Source: .*| +helm\.sh/chart: .*| +app\.kubernetes\.io/managed-by: Helm)$' "$file"
    } >"$target/$(basename "$file")"
done
cat >"$target/namespace.yaml" <<'YAML'
# Generated from the chart by `make manifests`.
apiVersion: v1
kind: Namespace
metadata:
  name: smime-system
  labels:
    pod-security.kubernetes.io/enforce: restricted
YAML
{
    echo "# Generated from the chart by \`make manifests\`. Build on it: choose namespace and image in a kustomization of your own (docs/install.md)."
    echo "apiVersion: kustomize.config.k8s.io/v1beta1"
    echo "kind: Kustomization"
    echo "namespace: smime-system"
    echo "resources:"
    for file in "$target"/*.yaml; do
        name=$(basename "$file")
        [ "$name" = kustomization.yaml ] || echo "  - $name"
    done
} >"$target/kustomization.tmp"
mv "$target/kustomization.tmp" "$target/kustomization.yaml"
