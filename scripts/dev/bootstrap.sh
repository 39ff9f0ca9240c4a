#!/usr/bin/env bash
# Usage: bootstrap.sh FILE.ts [ARGUMENT...]
# Runs a TypeScript file of this repository with Node, from the repository's root.
# In a fresh clone, or after package-lock.json has changed, `npm ci` runs first.
set -euo pipefail

fail() {
  printf 'bootstrap: %s\n' "$1" >&2
  exit 1
}

check_node() {
  command -v node >/dev/null || fail 'node is not on PATH; Node.js 20.6 or newer is needed.'
  local found major minor
  found=$(node -p process.versions.node) || fail 'node is on PATH, but does not start.'
  IFS=. read -r major minor _ <<<"$found"
  if ((major < 20 || (major == 20 && minor < 6))); then
    fail "Node.js 20.6 or newer is needed, this is $found ($(command -v node))."
  fi
}

# The stamp is a copy of the lock file that node_modules was made from.
is_installed() {
  [[ -d node_modules ]] || return 1
  if [[ -f $stamp ]]; then
    cmp -s package-lock.json "$stamp"
  else
    # Installed by hand: npm writes this file last.
    [[ node_modules/.package-lock.json -nt package-lock.json ]]
  fi
}

install_packages() {
  command -v npm >/dev/null || fail 'npm is not on PATH; it comes with Node.js.'
  printf 'bootstrap: installing npm packages ...\n' >&2
  local output
  if ! output=$(npm ci --no-audit --no-fund --loglevel=error 2>&1); then
    # npm's reason comes first, its whole manual after that.
    sed '/^npm error Clean install a project/,/^npm error Run/d' <<<"$output" >&2
    fail 'npm ci failed, see above.'
  fi
}

# Two starts at once: the second one waits, then finds the work done.
# Waits for flock where there is one (Linux), else for a folder to vanish (macOS).
with_lock() {
  local name
  name="${TMPDIR:-/tmp}/finch-signing-$(id -u)-$(pwd -P | cksum | cut -d' ' -f1)"
  if command -v flock >/dev/null; then
    (flock 9 && "$@") 9>"$name.lock"
    return
  fi
  local waited=0
  until mkdir "$name.lock.d" 2>/dev/null; do
    ((waited++ < 600)) || fail "another install seems to hang; remove $name.lock.d if none runs."
    sleep 1
  done
  # shellcheck disable=SC2064 # the name is wanted as it is now
  trap "rmdir '$name.lock.d'" EXIT
  "$@"
  rmdir "$name.lock.d"
  trap - EXIT
}

ensure_packages() {
  is_installed || install_packages
  cp package-lock.json "$stamp"
}

[[ $# -ge 1 ]] || fail 'usage: bootstrap.sh FILE.ts [ARGUMENT...]'
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[[ -f $1 ]] || fail "no such file in this repository: $1"
stamp=node_modules/.finch-signing-lock

check_node
if ! { [[ -f $stamp ]] && cmp -s package-lock.json "$stamp"; }; then
  with_lock ensure_packages
fi
exec node --import tsx "$@"
