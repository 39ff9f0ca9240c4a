import { describe, expect, test } from '@jest/globals'
import { ALLOWED, type ToolKind } from '../../../src/domain/calls/tool-variables'
import { toolEnvironment } from '../../../src/tools/process/environment'
import { Secrets } from '../../../src/tools/process/secrets'

const KINDS = Object.keys(ALLOWED) as ToolKind[]
const secrets = new Secrets(() => undefined)

function kept(kind: ToolKind, names: readonly string[]): string[] {
  const job = Object.fromEntries(names.map((name) => [name, 'x']))
  return Object.keys(toolEnvironment(kind, job, secrets))
}

const PRIVATE = [
  ...['NPM_TOKEN', 'DOCKERHUB_TOKEN', 'GITHUB_TOKEN', 'GH_TOKEN', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', 'INPUT_KEY'],
  ...['COSIGN_KEY', 'COSIGN_REPOSITORY', 'SIGSTORE_ID_TOKEN', 'TUF_ROOT', 'NERDCTL_TOML', 'SESSION', 'NODE_OPTIONS'],
  ...['BASH_ENV', 'LD_PRELOAD', 'VAULT_TOKEN', 'PATHS_OF_MINE', 'MY_HOME', 'DOCKER_AUTH_CONFIG', 'REGISTRY_AUTH_FILE'],
]

describe.each(KINDS)('what the tool "%s" sees of a job', (kind) => {
  test.each(PRIVATE)('is not %s', (name) => expect(kept(kind, [name])).toEqual([]))

  test('is where it is, and how to reach the network', () => {
    const needed = ['PATH', 'HOME', 'TMPDIR', 'LC_ALL', 'XDG_RUNTIME_DIR', 'HTTPS_PROXY', 'https_proxy', 'no_proxy']
    const trust = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'RUNNER_TRACKING_ID']
    expect(kept(kind, [...needed, ...trust])).toEqual([...needed, ...trust])
  })

  test('is what Windows needs, in any case', () => {
    const names = ['Path', 'SystemRoot', 'SYSTEMROOT', 'USERPROFILE', 'LocalAppData', 'ProgramFiles(x86)', 'windir']
    expect(kept(kind, names)).toEqual(names)
  })

  test('is nothing with a secret or a private key in it, apart from what is granted', () => {
    const own = new Secrets(() => undefined)
    own.add('hunter2-hunter2')
    const job = { HTTPS_PROXY: 'http://me:hunter2-hunter2@proxy', HOME: '-----BEGIN PRIVATE KEY-----', PATH: 'p' }
    const granted = { COSIGN_PASSWORD: 'hunter2-hunter2' }
    expect(toolEnvironment(kind, job, own, granted)).toEqual({ PATH: 'p', ...granted })
  })
})

test.each<[ToolKind, boolean]>([
  ['cosign', false],
  ['finch', false],
  ['installer', false],
  ['credential helper', true],
])('the credentials of clouds and the logins of the job reach "%s": %s', (kind, doThey) => {
  const names = ['AWS_SECRET_ACCESS_KEY', 'GOOGLE_APPLICATION_CREDENTIALS', 'AZURE_CLIENT_SECRET', 'DOCKER_CONFIG']
  expect(kept(kind, names)).toEqual(doThey ? names : [])
})

test('Finch finds its containerd', () => {
  expect(kept('finch', ['CONTAINERD_ADDRESS'])).toEqual(['CONTAINERD_ADDRESS'])
  expect(kept('cosign', ['CONTAINERD_ADDRESS'])).toEqual([])
})
