#!/usr/bin/env bash
# Runs a command with a Docker engine: engine.sh COMMAND ...; where none answers it starts one, and ends it afterwards.
# That needs root, and Debian's docker.io, which it installs. Ends with 69 if no engine can be had.
set -euo pipefail

if docker info >/dev/null 2>&1; then
  exec "$@"
fi
unavailable() {
  printf 'engine: no Docker engine answers, and none could be started: %s\n' "$1" >&2
  exit 69
}
[ "$(id -u)" = 0 ] || unavailable "that needs root"
if ! command -v dockerd >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends docker.io >/dev/null || unavailable "docker.io is not to be had"
fi

folder="$(mktemp -d)"
dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" --host "unix://$folder/socket" \
  >"$folder/log" 2>&1 &
engine=$!
trap 'kill "$engine" 2>/dev/null || true; wait "$engine" || true; rm -rf --one-file-system "$folder"' EXIT
export DOCKER_HOST="unix://$folder/socket"
for _ in $(seq 120); do
  if docker info >/dev/null 2>&1; then break; fi
  kill -0 "$engine" 2>/dev/null || unavailable "$(tail -n 3 "$folder/log")"
  sleep 0.5
done
docker info >/dev/null 2>&1 || unavailable "it does not answer within a minute"

# An engine may answer where the kernel lets it run nothing: the smallest image there is tells, with a published port.
[ -x .venv/bin/python ] || make setup
server="$(.venv/bin/python -c 'from infra.local.nats import binary; print(binary())')"
tar -C "$(dirname "$server")" -c "$(basename "$server")" | docker import - trackside-probe >/dev/null
docker run --rm --publish 127.0.0.1::4222 trackside-probe "/$(basename "$server")" --version >/dev/null 2>"$folder/probe" ||
  unavailable "it runs no containers: $(head -n 1 "$folder/probe")"
docker image rm trackside-probe >/dev/null

# Debian's docker builds by BuildKit in half the time; one without buildx cannot.
if [ -x /usr/bin/docker ]; then export DOCKER=/usr/bin/docker DOCKER_BUILDKIT=1; fi
"$@"
