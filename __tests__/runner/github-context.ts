import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import path from 'node:path'
import type { GithubContext, JobOptions, RunnerOptions, Strings } from './types'

const sha = '0123456789abcdef0123456789abcdef01234567'

/** The `github` context of a push to `octo-org/app`, with what the test gives on top. */
export function completeGithub(given: GithubContext = {}): GithubContext {
  const repository = given.repository ?? 'octo-org/app'
  const server = given.server_url ?? 'https://github.com'
  const actor = given.actor ?? 'octocat'
  return {
    ...{ action_ref: '', action_repository: '', actor, actor_id: '583231', api_url: 'https://api.github.com' },
    ...{ base_ref: '', event: {}, event_name: 'push', graphql_url: 'https://api.github.com/graphql', head_ref: '' },
    ...{ job: 'test', ref: 'refs/heads/main', ref_name: 'main', ref_protected: false, ref_type: 'branch' },
    ...{ repository, repository_id: '1', repository_owner: repository.split('/')[0], repository_owner_id: '2' },
    ...{ retention_days: '90', run_attempt: '1', run_id: '1', run_number: '1', server_url: server, sha },
    ...{ token: `ghs_${randomBytes(18).toString('hex')}`, triggering_actor: actor, workflow: 'Test' },
    ...{ workflow_ref: `${repository}/.github/workflows/test.yml@refs/heads/main`, workflow_sha: sha },
    ...given,
  }
}

const notInEnvironment = new Set(['token', 'event', 'action_status', 'secret_source'])

/** The context as `GITHUB_*` variables: scalars only, without the token and the event. */
export function githubEnv(github: GithubContext): Strings {
  const pairs = Object.entries(github).flatMap(([key, value]): [string, string][] => {
    if (notInEnvironment.has(key) || value === undefined || value === null || typeof value === 'object') return []
    return [[`GITHUB_${key.toUpperCase()}`, String(value)]]
  })
  return Object.fromEntries(pairs)
}

/** The `runner` context. */
export function completeRunner(
  given: RunnerOptions | undefined,
  folders: { temp: string; toolCache: string },
): Strings {
  const systems: Strings = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }
  return {
    os: given?.os ?? systems[process.platform] ?? process.platform,
    arch: given?.arch ?? process.arch.toUpperCase(),
    name: given?.name ?? 'test-runner',
    environment: given?.environment ?? 'github-hosted',
    temp: folders.temp,
    tool_cache: given?.tool_cache ?? folders.toolCache,
    ...(given?.debug ? { debug: '1' } : {}),
  }
}

/** The context as `RUNNER_*` variables. */
export function runnerEnv(runner: Strings, workspace: string): Strings {
  const pairs = Object.entries(runner).map(([key, value]) => [`RUNNER_${key.toUpperCase()}`, value])
  return { ...Object.fromEntries(pairs), RUNNER_WORKSPACE: path.dirname(workspace) }
}

/** The machine's part of a job's environment: nothing of the test process but PATH, the locale and who it is. */
export function machineEnv(options: JobOptions): Strings {
  const me = userInfo()
  const name = options.user?.name ?? me.username
  const folders = (process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(path.delimiter)
  return {
    PATH: folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter),
    HOME: options.user?.home ?? process.env.HOME ?? me.homedir,
    USER: name,
    LOGNAME: name,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
  }
}
