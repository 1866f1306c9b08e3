#!/usr/bin/env bash
# Makes .venv with everything in it, from requirements.lock: infra/deploy/setup.sh [PYTHON]
# Names what the machine lacks, with the line that installs it. A second call is instant (make looks at .venv/.installed).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

fail() {
  printf 'setup: %s\n' "$@" >&2
  exit 1
}

is_python_3_11() {
  [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = 3.11 ]
}

find_python() {
  local candidate
  for candidate in "$@" python3.11 python3 python; do
    if command -v "$candidate" >/dev/null && is_python_3_11 "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

missing=()
command -v git >/dev/null || missing+=(git)
if python="$(find_python "$@")"; then
  "$python" -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3.11-venv)
  # LightGBM and scikit-learn compute with it; the system's own loader says whether it is there.
  "$python" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null || missing+=(libgomp1)
else
  missing+=(python3.11 python3.11-venv)
fi
if [ "${#missing[@]}" -gt 0 ]; then
  fail "missing: ${missing[*]}" "on Debian or Ubuntu: sudo apt-get install -y ${missing[*]}"
fi

if ! is_python_3_11 .venv/bin/python; then
  "$python" -m venv --clear .venv
fi
if [ ! -x .venv/bin/uv ]; then
  .venv/bin/python -m ensurepip >/dev/null  # other tools make a .venv without pip
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1"
fi
export VIRTUAL_ENV="$PWD/.venv"
printf 'setup: installing what requirements.lock lists ...\n'
.venv/bin/uv pip install --quiet --require-hashes --compile-bytecode --requirements requirements.lock
.venv/bin/uv pip install --quiet --no-deps --editable .
touch .venv/.installed
printf 'setup: done; next: make demo, or make up\n'
