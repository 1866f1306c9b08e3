#!/usr/bin/env bash
# Sees to it that each image which the tests in containers start from is here: as it is named, else pulled, else a stand-in.
# TRACKSIDE_IMAGE_PYTHON, _NATS, _S3 and _POSTGRESQL name them otherwise than docker-compose.yml does.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
docker="${DOCKER:-docker}"
python="${TRACKSIDE_IMAGE_PYTHON:-python:3.11-slim-bookworm}"

# here_or IMAGE SCRIPT [ARGUMENT]: has IMAGE pulled, or made by SCRIPT, unless it is here.
here_or() {
  "$docker" image inspect "$1" >/dev/null 2>&1 || timeout 300 "$docker" pull --quiet "$1" 2>/dev/null || "$here/$2" "$1" "${@:3}"
}

here_or "$python" python.sh
here_or "${TRACKSIDE_IMAGE_NATS:-nats:2.15.1}" nats.sh
here_or "${TRACKSIDE_IMAGE_S3:-chrislusf/seaweedfs:4.48}" s3.sh
here_or "${TRACKSIDE_IMAGE_POSTGRESQL:-postgres:15-bookworm}" postgresql.sh "$python"
