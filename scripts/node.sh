#!/usr/bin/env bash
# Runs a step of the actions: finds a Node of version 20 or later, the runner's own first, and becomes it (exec), so that
# the signals of a cancelled job reach it. Usage: node.sh STEP [WORD...]
set -euo pipefail

# The memory of these processes holds keys: none of it goes to a disk when one of them crashes.
ulimit -c 0 2>/dev/null || true

here=$(cd -- "${BASH_SOURCE[0]%/*}" && pwd)
entry="$here/../dist/index.js"

# The major version as the header beside this Node says it: starting Node to ask costs each step some 40 ms.
told_by_header() {
  local name value
  while read -r _ name value; do
    [[ $name == NODE_MAJOR_VERSION ]] || continue
    printf '%s' "${value%$'\r'}"
    return 0
  done 2>/dev/null <"${1%/bin/*}/include/node/node_version.h"
  return 1
}

# True in an image such as Alpine's, where a program for glibc does not start: what its header says proves nothing then.
is_musl() {
  compgen -G "/lib/ld-musl-*" >/dev/null
}

usable() {
  local version=
  [[ -x $1 ]] || return 1
  is_musl || version=$(told_by_header "$1") || version=
  [[ -n $version ]] || version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  [[ ${version%%.*} =~ ^[0-9]+$ && ${version%%.*} -ge 20 ]]
}

# The runner keeps its Node in externals/: beside the program that started this shell, beside RUNNER_TEMP on a
# self-hosted machine, and under /__e in a job container.
candidates() {
  local runner folder
  runner=$(readlink "/proc/$PPID/exe" 2>/dev/null || true)
  for folder in "${runner:+${runner%/*}/..}" "${RUNNER_TEMP:+$RUNNER_TEMP/../..}" /__e; do
    [[ -n $folder ]] || continue
    printf '%s\n' "$folder"/externals/node2[0-9]/bin/node "$folder"/externals/node2[0-9]/bin/node.exe "$folder"/node2[0-9]*/bin/node
  done
  type -aP node || true
}

# Removes a session where no more than its folder is left of it: on Linux, with no file of root in it. Anything else is
# for the step itself to decide.
session_removed() {
  local folder=${SESSION:-} temporary=${RUNNER_TEMP:-}
  [[ ${RUNNER_OS:-} == Linux && -n $temporary && ${folder%/*} == "${temporary%/}" ]] || return 1
  [[ ${folder##*/} == finch-signing-?* && -d $folder && ! -L $folder ]] || return 1
  rm -rf -- "$folder" 2>/dev/null && [[ ! -e $folder ]]
}

# A Node that does not start after all leaves the next one its turn.
shopt -s execfail

if [[ ${1:-} == cleanup ]] && session_removed; then exit 0; fi

while IFS= read -r node; do
  if usable "$node"; then
    # Node on Windows knows no paths such as /d/a/_actions. Whatever else looks like such a path, in an input or a key's
    # password, is left as it is: Git Bash would turn /secret into C:/Program Files/Git/secret.
    if command -v cygpath >/dev/null 2>&1; then
      entry=$(cygpath -m "$entry")
      export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*' MSYS2_ENV_CONV_EXCL='*'
    fi
    exec "$node" "$entry" "$@" || continue
  fi
done < <(candidates)

echo '::error title=No Node found::This action needs Node 20 or later, and none was found beside the runner or on PATH. Add a step with actions/setup-node before it.'
exit 1
