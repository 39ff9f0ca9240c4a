import { join } from 'node:path'

/** What Finch on macOS hands on to its virtual machine, all of it as arguments. */
export const HANDED_ON = [
  ...['COSIGN_PASSWORD', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'COMPOSE_FILE'],
  ...['SOURCE_DATE_EPOCH', 'AWS_ECR_DISABLE_CACHE', 'AWS_ECR_CACHE_DIR', 'AWS_ECR_IGNORE_CREDS_STORAGE', 'AWS_PROFILE'],
]

export interface Machine {
  /** The machine's own folder of logins. */
  readonly home: string
  readonly loginConfig: string
  finch(version: string): string
  readonly limactl: string
  readonly credentialHelper: string
}

/**
 * Stand-ins for Finch on macOS and its virtual machine, NOT Finch: there is no machine, but what it would withhold is
 * withheld. `limactl shell finch sudo -E NAME=VALUE… nerdctl …` starts the real nerdctl with nothing but those variables,
 * in another folder; logins come from the file that HOST_DOCKER_CONFIG names, by the exact name of the host.
 */
export function machineScripts(
  dir: string,
  { libexec, nerdctlToml }: { libexec: string; nerdctlToml: string },
): Machine {
  const home = join(dir, 'machine')
  return {
    home,
    loginConfig: '{"credsStore":"finchhost"}\n',
    finch: (version) => `#!/usr/bin/env bash
# A stand-in for Finch ${version} on macOS, NOT Finch: see __tests__/bed/machine/vm.ts.
handed=()
for name in ${HANDED_ON.join(' ')}; do
  [[ -v $name ]] && handed+=("$name=\${!name}")
done
[[ -v DOCKER_CONFIG ]] && handed+=("HOST_DOCKER_CONFIG=$DOCKER_CONFIG")
if [[ $* == version ]]; then
  printf 'Client:\\n Version:\\tv${version}\\nServer:\\n' && exit
fi
if [[ $1 == login ]]; then echo 'this stand-in has no login: the action does not call it' >&2; exit 1; fi
exec '${join(libexec, 'limactl')}' shell finch sudo -E "\${handed[@]}" nerdctl "$@"
`,
    limactl: `#!/usr/bin/env bash
# A stand-in for limactl: what comes after "shell finch sudo -E" runs with nothing of the runner's environment.
[[ "$1 $2 $3 $4" == 'shell finch sudo -E' ]] || { echo "unexpected: $*" >&2; exit 1; }
shift 4
variables=()
while [[ $1 == *=* ]]; do variables+=("$1"); shift; done
[[ $1 == nerdctl ]] || { echo "unexpected: $*" >&2; exit 1; }
shift
cd /
exec env -i PATH='${libexec}':/usr/sbin:/usr/bin:/sbin:/bin HOME='${home}' DOCKER_CONFIG='${home}' NERDCTL_TOML='${nerdctlToml}' \\
  "\${variables[@]}" '${join(libexec, 'nerdctl')}' "$@"
`,
    credentialHelper: `#!/usr/bin/env python3
# A stand-in for the way of a login into the machine: the host's own file, by the exact name, plain entries only.
import base64, json, os, sys
server = sys.stdin.read().strip()
folder = os.environ.get('HOST_DOCKER_CONFIG', os.path.expanduser('~/.finch'))
if not os.path.isabs(folder): sys.exit('HOST_DOCKER_CONFIG must be an absolute path')
try:
    auths = json.load(open(os.path.join(folder, 'config.json'))).get('auths', {})
except FileNotFoundError:
    auths = {}
user, _, secret = base64.b64decode(auths.get(server, {}).get('auth', '')).decode().partition(':')
print(json.dumps({'ServerURL': server, 'Username': user, 'Secret': secret}))
`,
  }
}
