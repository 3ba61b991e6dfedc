#!/usr/bin/env bash
# Measures what is written while nothing changes: reads the API server's own count twice, some time apart.
#   eng/steady-state.sh [seconds, default 600]        the cluster is that of the kubeconfig
# Leases and leader election are left out: they are meant to be written.
set -euo pipefail
count() {
    kubectl get --raw /metrics | awk '/^apiserver_request_total\{/ && (/group="smime-operator.io"/ || /resource="events"/) && !/verb="(GET|LIST|WATCH)"/ { n += $NF } END { print n + 0 }'
}
before=$(count)
sleep "${1:-600}"
after=$(count)
echo "$((after - before)) writes in ${1:-600} s ($before before, $after after), $(kubectl get smime -A -o name | wc -l) resources"
