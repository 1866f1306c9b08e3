#!/usr/bin/env bash
# Makes the platform's images and prints their sizes: infra/deploy/images.sh [TARGET ...]; all of them if none is named.
# TRACKSIDE_IMAGE_PREFIX (trackside/) and TRACKSIDE_IMAGE_TAG (the version) name them, PYTHON_IMAGE is the base;
# PIP_INDEX_URL and UV_DEFAULT_INDEX, if set, say where packages come from, and stay out of the images.
# With BuildKit (DOCKER_BUILDKIT=1, or a Docker that has buildx) it takes half as long; DOCKER names another docker.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

targets=("$@")
if [ "${#targets[@]}" = 0 ]; then
  targets=(provisioner issuer mlflow scheduler training ingest evaluation training-recorder ui training-worker serving)
fi
version="$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)"
revision="$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)"
prefix="${TRACKSIDE_IMAGE_PREFIX-trackside/}"
tag="${TRACKSIDE_IMAGE_TAG:-$version}"
arguments=(--build-arg "VERSION=$version" --build-arg "REVISION=$revision")
for name in PYTHON_IMAGE PIP_INDEX_URL UV_DEFAULT_INDEX; do
  if [ -n "${!name:-}" ]; then arguments+=(--build-arg "$name=${!name}"); fi
done

docker="${DOCKER:-docker}"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
for target in "${targets[@]}"; do
  image="$prefix$target:$tag"
  "$docker" build --file infra/deploy/Dockerfile --target "$target" --tag "$image" "${arguments[@]}" . >"$log" 2>&1 ||
    { tail -40 "$log" >&2; exit 1; }
  "$docker" image inspect --format '{{.Size}}' "$image" | awk -v image="$image" '{ printf "%-36s %6.0f MB\n", image, $1 / 1e6 }'
done
